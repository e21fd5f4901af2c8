"""Phrases are their author's alone: added, offered, put away."""

import pytest
from django.http import Http404

from gradebook.selectors.phrases import own
from gradebook.services import phrases
from schoolbook.errors import Invalid
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_phrase_is_kept_for_its_author_alone():
    chi, minh = cast.user(cast.CHI), cast.user(cast.MINH)
    kept = phrases.add(text="  Chăm  học. ", actor=chi)
    assert [phrase.text for phrase in own(chi)] == ["Chăm học."]
    assert own(minh) == []
    with pytest.raises(Http404):
        phrases.put_away(phrase_id=kept.pk, actor=minh)


def test_the_same_phrase_is_kept_once_and_again_after_it_was_put_away():
    chi = cast.user(cast.CHI)
    kept = phrases.add(text="Chăm học.", actor=chi)
    with pytest.raises(Invalid):
        phrases.add(text="Chăm học.", actor=chi)
    phrases.put_away(phrase_id=kept.pk, actor=chi)
    phrases.put_away(phrase_id=kept.pk, actor=chi)
    assert own(chi) == []
    assert kept.history.count() == 2
    phrases.add(text="Chăm học.", actor=chi)
    assert len(own(chi)) == 1


@pytest.mark.parametrize("text", ["", " \u200b", "a" * 301])
def test_nothing_and_too_much_are_no_phrases(text):
    with pytest.raises(Invalid):
        phrases.add(text=text, actor=cast.user(cast.CHI))


def test_there_is_an_end_to_it(monkeypatch):
    monkeypatch.setattr(phrases, "MOST", 1)
    chi = cast.user(cast.CHI)
    phrases.add(text="Chăm học.", actor=chi)
    with pytest.raises(Invalid):
        phrases.add(text="Ngoan.", actor=chi)
