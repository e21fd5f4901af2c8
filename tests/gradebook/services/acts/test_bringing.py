"""A pupil changes class in mid-term and brings the marks along."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from gradebook.models import Mark
from gradebook.selectors.books import Place
from gradebook.services import acts, marks
from schoolbook import clock
from schoolbook.errors import Invalid
from schoolbook.services import students
from tests import cast
from tests.gradebook.services.test_marks import edit, maths, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(monkeypatch):
    """Bảo has two marks in 6A and is in 6B, where Minh teaches, since November."""
    save(edit("7"), edit("V ốm", number=2), edit("Chăm.", component="comment"))
    monkeypatch.setattr(clock, "today", lambda: date(2026, 12, 1))
    students.move(
        student_id=cast.pupil().pk,
        to=cast.class_group("6B"),
        day=date(2026, 11, 2),
        reason="Theo đơn",
        actor=cast.user(cast.QUYEN),
    )
    return Place(1, class_subject_id=maths("6B").pk)


def bring(place, actor=cast.MINH):
    return acts.bring(place=place, student_id=cast.pupil().pk, actor=cast.user(actor))


def held(place):
    rows = Mark.objects.filter(sheet__class_subject=place.class_subject_id).exclude(state="blank")
    return {(row.component, row.number): (row.state, row.source) for row in rows}


def test_what_is_blank_here_is_filled_and_says_whence_it_came(moved):
    own = edit("9", number=2)
    marks.save(place=moved, edits=[own], actor=cast.user(cast.MINH))
    act = bring(moved)
    assert (act.kind, act.new, act.changed) == ("bring", 2, 0)
    assert held(moved) == {("regular", 2): ("value", "")}
    acts.apply(act_id=act.pk, leave_out=False, actor=cast.user(cast.MINH))
    assert held(moved) == {
        ("regular", 1): ("value", act.source),
        ("regular", 2): ("value", ""),
        ("comment", 1): ("value", act.source),
    }
    assert "6A" in act.source
    acts.undo(act_id=act.pk, actor=cast.user(cast.MINH))
    assert held(moved) == {("regular", 2): ("value", "")}


def test_there_is_nothing_to_bring_where_nothing_was_or_everything_is_here(moved):
    act = bring(moved)
    acts.apply(act_id=act.pk, leave_out=False, actor=cast.user(cast.MINH))
    with pytest.raises(Invalid):
        bring(moved)
    with pytest.raises(Invalid):
        acts.bring(
            place=Place(1, class_subject_id=maths().pk),
            student_id=cast.pupil(cast.PUPILS[1]).pk,
            actor=cast.user(cast.CHI),
        )


def test_only_who_enters_the_marks_brings_them(moved):
    with pytest.raises(PermissionDenied):
        bring(moved, actor=cast.BINH)
