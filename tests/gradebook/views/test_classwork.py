"""The pages beside the sheet: phrases and columns."""

import pytest
from django.urls import reverse

from gradebook.selectors.phrases import own
from gradebook.services import phrases
from tests import cast
from tests.gradebook.services.test_entering import decide
from tests.gradebook.services.test_marks import maths

pytestmark = pytest.mark.django_db


def test_phrases_are_kept_and_put_away_by_form(as_person):
    client, chi = as_person(cast.CHI), cast.user(cast.CHI)
    client.post(reverse("gradebook:add_phrase"), {"text": "Chăm học."})
    [kept] = own(chi)
    assert "Chăm học." in client.get(reverse("gradebook:phrases")).content.decode()
    client.post(reverse("gradebook:put_away_phrase", args=[kept.pk]))
    assert own(chi) == []


@pytest.mark.parametrize("text", ["", "\x00", "a" * 301])
def test_a_phrase_that_is_none_comes_back_with_its_sentence(as_person, text):
    response = as_person(cast.CHI).post(reverse("gradebook:add_phrase"), {"text": text})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def test_the_script_of_the_sheet_gets_the_buttons_alone(as_person):
    phrases.add(text='Chăm "học" <b>', actor=cast.user(cast.CHI))
    response = as_person(cast.CHI).get(reverse("gradebook:phrases"), headers={"HX-Request": "true"})
    text = response.content.decode()
    assert 'data-phrase="Chăm &#34;học&#34; &lt;b&gt;"' in text
    assert "<html" not in text


def test_a_sheet_is_widened_where_the_school_allows_it(as_person):
    address = reverse("gradebook:set_regular", args=[maths().pk, 1])
    client = as_person(cast.CHI)
    told = client.post(address, {"columns": "5"}, follow=True).content.decode()
    assert "ĐĐGtx" in told
    assert maths().sheets.filter(regular=5).count() == 0
    decide(extra_regular=2)
    client.post(address, {"columns": "5"})
    assert maths().sheets.get(term=1).regular == 5
    for nonsense in ("", "x", "99999999999999999999", "-1"):
        assert client.post(address, {"columns": nonsense}).status_code == 302
    assert maths().sheets.get(term=1).regular == 5
