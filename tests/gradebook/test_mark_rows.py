"""What the database itself refuses of marks and results, whoever asks."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from gradebook.models import Mark, MarkSheet, SubjectResult
from schoolbook import audit
from schoolbook.models.triggers import REFUSED
from tests import cast
from tests.gradebook.book import taught
from tests.gradebook.services.test_marks import edit, save

BAD_MARKS = [
    ({"score": "10.1"}, "mark_within_scale"),
    ({"score": "-0.1"}, "mark_within_scale"),
    ({"state": "blank"}, "mark_holds_what_its_state_says"),
    ({"score": None}, "mark_holds_what_its_state_says"),
    ({"level": "Đ"}, "mark_holds_what_its_state_says"),
    ({"score": None, "state": "zero"}, "mark_holds_what_its_state_says"),
    ({"score": None, "state": "exempt", "note": "vì"}, "mark_holds_what_its_state_says"),
    ({"component": "essay"}, "mark_component_known"),
    ({"number": 0}, "mark_number_plausible"),
    ({"number": 51}, "mark_number_plausible"),
    ({"origin": "taken_over"}, "mark_taken_over_from_somewhere"),
    ({"source": "vnEdu"}, "mark_taken_over_from_somewhere"),
    ({"component": "term_result"}, "mark_result_only_taken_over"),
    ({"version": 0}, "mark_version_from_one"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "constraint"), BAD_MARKS)
def test_a_mark_that_cannot_be_is_refused(wrong, constraint):
    save(edit("7"))
    mark = Mark.objects.get()
    mark.pk, mark.student = None, cast.pupil(cast.PUPILS[1])
    for name, value in wrong.items():
        setattr(mark, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        mark.save(force_insert=True)


@pytest.mark.django_db
def test_a_cell_has_one_row():
    save(edit("7"))
    mark = Mark.objects.get()
    mark.pk = None
    with pytest.raises(IntegrityError, match="mark_once"), transaction.atomic():
        mark.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"average": "10.5"},
        {"average": None},
        {"level": "Đ"},
        {"status": "incomplete"},
        {"period": "term3"},
        {"status": "done"},
    ],
)
def test_a_result_that_cannot_be_is_refused(wrong):
    fill_a_term()
    with pytest.raises(IntegrityError, match="subject_result"), transaction.atomic():
        SubjectResult.objects.filter(period="term1").update(**wrong)


def fill_a_term():
    """Everything the term asks for, of one pupil."""
    cells = [("regular", number) for number in (1, 2, 3, 4)] + [("midterm", 1), ("final", 1)]
    save(*[edit("8", component=name, number=number) for name, number in cells])


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"term": 3}, {"regular": 0}, {"regular": 13}])
def test_a_sheet_that_cannot_be_is_refused(wrong):
    save(edit("7"))
    sheet = MarkSheet.objects.get(term=1)
    sheet.pk, sheet.class_subject = None, taught("ngu_van")
    for name, value in wrong.items():
        setattr(sheet, name, value)
    with pytest.raises(IntegrityError, match="mark_sheet"), transaction.atomic():
        sheet.save(force_insert=True)


@pytest.mark.django_db
def test_a_mark_of_another_school_has_no_place_on_a_sheet():
    save(edit("7"))
    mark = Mark.objects.get()
    stranger = cast.doi_thong().students.first()
    with pytest.raises(DatabaseError, match="another school"), transaction.atomic():
        Mark.objects.filter(pk=mark.pk).update(student=stranger)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gradebook_mark SET score = 9.5",
        "UPDATE gradebook_mark SET score = 9.5, version = version + 1",
        "UPDATE gradebook_subjectresult SET average = 9.9",
        "UPDATE gradebook_historicalmark SET score = 9.5",
        "DELETE FROM gradebook_mark",
    ],
)
@pytest.mark.parametrize("role", ["app", "superuser"])
def test_no_mark_changes_without_its_history(committed, role, statement):
    fill_a_term()
    url = committed.superuser_url() if role == "superuser" else committed.url(role)
    with (
        psycopg.connect(url) as session,
        pytest.raises(psycopg.Error) as refused,
        session.transaction(),
    ):
        session.execute(statement)
    assert refused.value.sqlstate in {REFUSED, "42501"}
    assert {str(mark.score) for mark in Mark.objects.all()} == {"8.0"}


def test_a_history_that_says_something_else_than_the_mark_cannot_commit(committed):
    save(edit("7"))

    @transaction.atomic
    def lie():
        mark = Mark.objects.select_for_update().get()
        Mark.objects.filter(pk=mark.pk).update(score="9.0", version=2)
        mark.version = 2  # the score that history would keep is the old one
        audit.record([mark], actor=cast.user(cast.CHI))

    with pytest.raises(DatabaseError, match="differs from its newest history row"):
        lie()
    assert str(Mark.objects.get().score) == "7.0"


@pytest.mark.django_db
def test_one_edit_is_in_history_once():
    one = edit("7")
    save(one)
    row = Mark.history.get()
    row.history_id = None
    with pytest.raises(IntegrityError, match="mark_trace_edit_once"), transaction.atomic():
        row.save(force_insert=True)
