"""The word of a teacher covers exactly the figures that were shown (R-053, R-054)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from gradebook import access
from gradebook.models import ResultCheck
from gradebook.selectors import checks as read
from gradebook.selectors.ledger import Seen, ledger
from gradebook.selectors.sheet import sheet
from gradebook.services import checks
from schoolbook.errors import Invalid
from tests import cast
from tests.gradebook import book

pytestmark = pytest.mark.django_db


def fill(typed="8", pupil=None):
    cells = dict.fromkeys(book.TERM_OF_MARKS, typed)
    book.fill(book.place(), cast.user(cast.CHI), {pupil or cast.pupil(): cells})


def shown():
    return sheet(access.book(cast.user(cast.CHI), book.place()))


def check(digest=None, actor=cast.CHI, term=1):
    return checks.check_subject(
        class_subject_id=book.taught().pk,
        term=term,
        digest=digest or shown().digest,
        actor=cast.user(actor),
    )


def of_class(term=1):
    held = ledger(access.seen(cast.user(cast.LAN), cast.class_group().pk))
    return read.of_class(held, term, read.of_class_group(cast.class_group()))


def check_class(digest=None, actor=cast.LAN, term=1):
    return checks.check_class(
        class_group_id=cast.class_group().pk,
        term=term,
        digest=digest or of_class(term).digest,
        actor=cast.user(actor),
    )


def test_a_check_is_recorded_with_who_when_and_how_many_figures():
    fill()
    row = check()
    assert (row.user, row.figures, row.digest) == (cast.user(cast.CHI), 1, shown().digest)
    assert row.history.get().actor_name == cast.CHI.full_name
    assert shown().check_holds


def test_the_digest_of_the_class_pages_is_that_of_the_sheet():
    fill()
    seen = Seen(cast.class_group(), whole=False, only=frozenset({book.taught().pk}))
    held = ledger(seen, components=())
    assert read.of_subject(held, held.subjects[0], 1, {}).digest == shown().digest


def test_figures_that_changed_since_are_refused_and_nothing_is_recorded():
    fill()
    before = shown().digest
    fill("9")
    with pytest.raises(Invalid) as refusal:
        check(before)
    assert "digest" in refusal.value.errors
    assert not ResultCheck.objects.exists()


def test_a_check_does_not_hold_once_a_figure_changes():
    fill()
    check()
    fill("9")
    assert not shown().check_holds
    assert shown().check


def test_there_must_be_something_to_look_through():
    with pytest.raises(Invalid):
        check()


def test_the_same_word_again_is_the_same_word():
    fill()
    assert check() == check()
    assert ResultCheck.objects.count() == 1


@pytest.mark.parametrize("actor", [cast.VAN, cast.TAN, cast.LAN, cast.BINH, cast.SON])
def test_entry_that_was_lent_or_a_look_does_not_let_anybody_check(actor):
    fill()
    with pytest.raises(PermissionDenied):
        check(actor=actor)


def test_a_stranger_finds_nothing():
    fill()
    digest = shown().digest
    with pytest.raises(Http404):
        check(digest, actor=cast.KHANH)


def test_the_homeroom_teacher_checks_levels_conduct_and_titles():
    fill()
    book.fill(book.class_place(), cast.user(cast.LAN), {cast.pupil(): {("conduct", 1): "Tốt"}})
    row = check_class()
    assert row.sheet.class_subject is None
    assert of_class().holds
    book.fill(book.class_place(), cast.user(cast.LAN), {cast.pupil(): {("conduct", 1): "Khá"}})
    assert of_class().changed


def test_a_subject_result_that_changes_undoes_the_check_of_the_class():
    book.fill(book.class_place(), cast.user(cast.LAN), {cast.pupil(): {("conduct", 1): "Tốt"}})
    check_class()
    fill()
    assert of_class().changed


@pytest.mark.parametrize("actor", [cast.CHI, cast.VAN, cast.BINH, cast.AN])
def test_nobody_else_checks_the_class(actor):
    book.fill(book.class_place(), cast.user(cast.LAN), {cast.pupil(): {("conduct", 1): "Tốt"}})
    with pytest.raises(PermissionDenied):
        check_class(actor=actor)
