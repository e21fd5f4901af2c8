"""Saving marks: each edit is answered by itself, and leaves its trace."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from gradebook.models import Mark, SubjectResult
from gradebook.selectors.books import Place
from gradebook.services import marks
from gradebook.services.marks import Edit, Status
from schoolbook.models import ClassSubject
from tests import cast

pytestmark = pytest.mark.django_db


def maths(name="6A"):
    return ClassSubject.objects.get(class_group=cast.class_group(name), subject__code="toan")


def place(term=1, name="6A"):
    return Place(term, class_subject_id=maths(name).pk)


def edit(typed, *, seen=0, component="regular", number=1, pupil=cast.PUPILS[0], key=None, **more):
    return Edit(key or uuid4(), cast.pupil(pupil).pk, component, number, typed, seen, **more)


def save(*edits, actor=cast.CHI, term=1):
    return marks.save(place=place(term), edits=edits, actor=cast.user(actor))


def test_a_mark_is_saved_with_its_history():
    one = edit("85")
    [answer] = save(one).answers
    assert (answer.status, answer.shown, answer.version) == (Status.SAVED, "8,5", 1)
    mark = Mark.objects.get()
    [row] = mark.history.all()
    assert (row.score, row.actor_name, row.client_key) == (
        Decimal("8.5"),
        cast.CHI.full_name,
        one.key,
    )


def test_the_same_edit_again_writes_nothing_and_gets_the_same_answer():
    one = edit("7")
    save(one)
    [again] = save(one).answers
    assert (again.status, again.shown, again.version) == (Status.REPEATED, "7", 1)
    assert Mark.objects.get().history.count() == 1


def test_an_older_version_is_a_conflict_that_names_the_other():
    save(edit("7"))
    [answer] = save(edit("8"), actor=cast.VAN).answers
    assert (answer.status, answer.shown, answer.version) == (Status.CONFLICT, "7", 1)
    assert answer.author == cast.CHI.full_name
    assert answer.at is not None


def test_the_same_value_is_no_change_whoever_saw_what():
    save(edit("7"))
    assert [one.status for one in save(edit("7,0")).answers] == [Status.UNCHANGED]


def test_a_refused_edit_keeps_none_from_being_saved():
    answers = save(edit("101"), edit("9", pupil=cast.PUPILS[1])).answers
    assert [one.status for one in answers] == [Status.REFUSED, Status.SAVED]
    assert "101" in answers[0].sentence


def test_two_edits_of_one_cell_in_one_batch_are_taken_in_turn():
    answers = save(edit("5"), edit("6", seen=1)).answers
    assert [one.version for one in answers] == [1, 2]


def test_results_are_stored_with_the_last_mark():
    cells = [("regular", n) for n in (1, 2, 3, 4)] + [("midterm", 1), ("final", 1)]
    save(*[edit("8", component=c, number=n) for c, n in cells[:-1]])
    assert not SubjectResult.objects.exists()
    outcome = save(edit("6", component="final"))
    result = SubjectResult.objects.get(period="term1")
    assert (result.average, result.status, result.scheme) == (Decimal("7.3"), "complete", "tt22")
    assert outcome.results[cast.pupil().pk].by_period["term1"].average == Decimal("7.3")


def test_who_may_not_enter_is_refused_and_a_stranger_finds_nothing():
    with pytest.raises(PermissionDenied):
        save(edit("7"), actor=cast.THU)
    with pytest.raises(Http404):
        save(edit("7"), actor=cast.KHANH)
