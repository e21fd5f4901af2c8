"""Two clicks and an edit at the same moment: the import is applied once or not at all, and nothing is lost silently."""

from datetime import date

from django.utils import timezone

from schoolbook.errors import Conflict
from schoolbook.models import ImportAct, Student
from schoolbook.services import imports, students
from tests import cast, races
from tests.schoolbook.services.imports import sheets
from tests.schoolbook.services.imports.sheets import STUDENTS, table


def apply(act, digest):
    actor = cast.user(cast.AN)
    return lambda: imports.apply(
        import_id=act.pk,
        digest=digest,
        leave_out=False,
        actor=actor,
        verified_at=timezone.now(),
    )


def edit(pupil, note, questions):
    actor = cast.user(cast.QUYEN)
    born = date(2015, 2, 1)
    particulars = students.Particulars("HS001", pupil.full_name, "male", born, note=note)

    def act():
        # The import asks some questions before it locks a pupil; so does, on most turns, the edit.
        for _question in range(questions):
            Student.objects.filter(pk=pupil.pk).exists()
        return students.edit(
            student_id=pupil.pk,
            version=pupil.version,
            particulars=particulars,
            reason="",
            actor=actor,
        )

    return act


def test_two_clicks_and_an_edit_have_one_outcome(committed):
    wins = {"import": 0, "edit": 0}
    with races.Racers(3) as racers:
        for turn in range(races.REPETITIONS):
            name = f"Nguyễn Gia Bảo {chr(97 + turn % 26)}"
            new = [f"HS{1000 + turn}", "Phan Thị Đào", "05/05/2015", "Nữ", "6A"]
            row = ["HS001", name, "01/02/2015", "Nam", "6A"]
            act = sheets.start(table(STUDENTS, row, new))
            click = apply(act, act.digest)
            pupil = Student.objects.get(school=act.school, code="HS001")
            *clicks, edited = racers.start(
                [click, click, edit(pupil, f"ghi chú {turn}", turn % 20)]
            )
            now = Student.objects.get(pk=pupil.pk)
            entered = Student.objects.filter(code=new[0]).count()
            if isinstance(edited, Student):
                wins["edit"] += 1
                assert [type(click) for click in clicks] == [imports.Outdated] * 2, clicks
                assert (now.note, now.full_name, entered) == (f"ghi chú {turn}", pupil.full_name, 0)
            else:
                wins["import"] += 1
                assert isinstance(edited, Conflict), edited
                assert [type(click) for click in clicks] == [ImportAct] * 2, clicks
                assert (now.note, now.full_name, entered) == (pupil.note, name, 1)
            assert now.version == pupil.version + 1
    assert all(wins.values()), wins
