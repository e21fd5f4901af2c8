"""Stored results are what the marks give, whatever changes below them; the command that proves it."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from gradebook.models import SubjectResult
from gradebook.services import recomputing, results
from schoolbook import audit, signals
from schoolbook.models import User
from schoolbook.rules.subjects import AssessedBy
from schoolbook.services import classes, student_file
from schoolbook.services.classes import Taught
from tests import cast
from tests.gradebook import book

pytestmark = pytest.mark.django_db


def check(*options):
    out = StringIO()
    call_command("recompute", "--check", "--school", "songlam", *options, stdout=out)
    return out.getvalue()


def fill_maths(term=1, actor=cast.CHI):
    book.fill(
        book.place(term=term),
        cast.user(actor),
        dict.fromkeys(book.pupils(), book.TERM_OF_MARKS),
    )


def overwrite(**values):
    """What no service does, with history so that it could commit: another result of Bảo's first term."""
    row = SubjectResult.objects.get(student=cast.pupil(), period="term1")
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    audit.record([row], actor=User.objects.system())
    return row


def exempt(pupil=None, terms=(True, True)):
    return student_file.exempt(
        student_id=(pupil or cast.pupil()).pk,
        subject=cast.song_lam().subjects.get(code="toan"),
        year=cast.class_group().year,
        terms=terms,
        kind="exempt",
        paper="Giấy ra viện",
        actor=cast.user(cast.QUYEN),
    )


def teach(**values):
    taught = book.taught()
    wanted = {
        "periods": taught.periods,
        "assessed_by": AssessedBy(taught.assessed_by),
        "in_term1": taught.in_term1,
        "in_term2": taught.in_term2,
    }
    return classes.edit_subjects(
        class_group_id=taught.class_group_id,
        wanted={taught.pk: Taught(**{**wanted, **values})},
        actor=cast.user(cast.AN),
    )


def result(period="term1", name=cast.PUPILS[0]):
    return SubjectResult.objects.filter(student=cast.pupil(name), period=period).first()


def test_a_clean_school_is_clean_and_says_how_much_was_compared():
    fill_maths()
    said = check()
    assert "none differs" in said
    # three pupils, three periods, each subject of 6A
    assert int(said.split()[0]) == 9 * cast.class_group().class_subjects.count()


def test_every_difference_is_named_and_the_command_ends_with_one():
    fill_maths()
    overwrite(average=Decimal("9.9"))
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("recompute", "--check", stdout=out)
    [line] = out.getvalue().splitlines()
    assert line.startswith("songlam, 6A, Toán, HS001, term1: stored complete 9.9")
    assert "computed complete 8.0" in line
    assert "1 differ" in str(error.value)
    assert error.value.returncode == 1


def test_a_result_that_is_not_stored_is_a_difference(monkeypatch):
    monkeypatch.setattr(results, "store", lambda *_args, **_more: results.Stored({}, 0))
    fill_maths()
    assert result() is None
    with pytest.raises(CommandError, match="3 differ"):
        check()


def test_another_version_of_the_rules_is_a_difference():
    fill_maths()
    overwrite(rules_version="0")
    with pytest.raises(CommandError):
        check()


def test_without_check_what_differs_is_stored_with_history_as_the_system():
    fill_maths()
    overwrite(average=Decimal("9.9"))
    call_command("recompute", "--school", "songlam", stdout=StringIO())
    row = result()
    assert row.average == Decimal("8.0")
    newest = row.history.latest("history_id")
    assert newest.history_user == User.objects.system()
    assert newest.request_id.startswith("command-")
    assert "none differs" in check()


def test_an_unknown_school_is_told():
    with pytest.raises(CommandError, match="no school"):
        call_command("recompute", "--check", "--school", "khongco")


@pytest.mark.parametrize("more", [0, 20])
def test_a_check_takes_as_many_queries_for_one_pupil_as_for_many(more, exactly_queries):
    book.more_pupils(more)
    fill_maths()
    school = cast.song_lam()
    subjects = sum(group.class_subjects.count() for group in school.class_groups.all())
    # the classes; for each of two its subjects and sheets; for each subject pupils, results and, of one, marks
    with exactly_queries(1 + 2 * 2 + 2 * subjects + 1):
        list(recomputing.check(school))


class TestFactsBelow:
    def test_an_exemption_changes_the_results_that_are_stored(self):
        fill_maths()
        exempt()
        assert (result().status, result().average) != ("complete", Decimal("8.0"))
        assert result().average is None
        assert result(name=cast.PUPILS[1]).average == Decimal("8.0")
        assert "none differs" in check()
        newest = result().history.latest("history_id")
        assert newest.actor_name == cast.QUYEN.full_name
        assert newest.history_change_reason

    def test_withdrawing_it_gives_the_average_back(self):
        fill_maths()
        held = exempt()
        student_file.withdraw_exemption(
            exemption_id=held.pk, reason="Ghi nhầm", actor=cast.user(cast.QUYEN)
        )
        assert result().average == Decimal("8.0")
        assert "none differs" in check()

    @pytest.mark.parametrize(
        "values",
        [
            {"assessed_by": AssessedBy.COMMENT},
            {"periods": 35},
            {"in_term2": False},
            {"in_term1": False},
        ],
    )
    def test_so_does_what_is_changed_about_the_subject(self, values):
        fill_maths()
        fill_maths(term=2)
        assert teach(**values) == 1
        assert "none differs" in check()

    def test_a_term_in_which_it_is_not_taught_any_more_has_no_result(self):
        fill_maths()
        fill_maths(term=2)
        teach(in_term2=False)
        assert (result("term2").status, result("term2").average) == ("incomplete", None)
        assert result("year").average == Decimal("8.0")

    def test_without_the_receiver_the_check_would_tell(self):
        fill_maths()
        signals.exemption_changed.disconnect(dispatch_uid="results")
        try:
            exempt()
        finally:
            from gradebook import receivers  # noqa: PLC0415

            signals.exemption_changed.connect(receivers.exemption_changed, dispatch_uid="results")
        with pytest.raises(CommandError):
            check()

    def test_without_the_other_receiver_too(self):
        fill_maths()
        signals.class_subjects_changed.disconnect(dispatch_uid="results")
        try:
            teach(assessed_by=AssessedBy.COMMENT)
        finally:
            from gradebook import receivers  # noqa: PLC0415

            signals.class_subjects_changed.connect(
                receivers.class_subjects_changed, dispatch_uid="results"
            )
        with pytest.raises(CommandError):
            check()

    def test_sheets_are_locked_in_the_order_of_their_ids_before_anything_is_read(self):
        fill_maths()
        noted = Noted()
        with connection.execute_wrapper(noted):
            exempt()
        lock = noted.first('FROM "gradebook_marksheet"', "FOR NO KEY UPDATE")
        assert 'ORDER BY "gradebook_marksheet"."id"' in noted.seen[lock]
        assert lock < noted.first('FROM "gradebook_mark" WHERE')


class Noted:
    """Notes every statement."""

    def __init__(self):
        self.seen = []

    def first(self, *parts):
        """The place of the first statement with all of these."""
        return next(n for n, sql in enumerate(self.seen) if all(part in sql for part in parts))

    def __call__(self, execute, sql, params, many, context):
        self.seen.append(sql)
        return execute(sql, params, many, context)


def test_somebody_who_left_the_class_is_compared_too():
    fill_maths()
    place = cast.pupil().enrolments.get()
    from schoolbook.services import students  # noqa: PLC0415

    students.leave(
        enrolment_id=place.pk,
        last_day=date(2026, 10, 1),
        reason="Chuyển trường",
        actor=cast.user(cast.QUYEN),
    )
    overwrite(average=Decimal("1.0"))
    with pytest.raises(CommandError):
        check()
