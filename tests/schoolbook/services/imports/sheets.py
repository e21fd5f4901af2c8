"""Spreadsheets as schools send them, and what the tests of imports do with them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from django.utils import timezone

from schoolbook.models import ImportAct, SchoolYear
from schoolbook.rules.imports import ImportKind
from schoolbook.services import imports
from tests import cast
from tests.schoolbook.excel import files

STUDENTS = ["Mã học sinh", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp"]
STAFF = ["Mã giáo viên", "Họ và tên", "Tổ chuyên môn"]
ASSIGNMENTS = ["Lớp", "Môn học", "Mã giáo viên"]
DAY = date(2026, 10, 5)
NEW = ["HS100", "Phan Thị Đào", "05/05/2015", "Nữ", "6A"]
BAO = ["HS001", "Nguyễn Gia Bảo", "01/02/2015", "Nam", "6A"]


def table(headings, *rows, first=0, title=()):
    """An .xlsx file: titles from the top, the headings in row `first` + 1, the rows below."""

    def fill(_book, page):
        for place, text in enumerate(title):
            page.write_string(place, 0, text)
        for place, row in enumerate([headings, *rows]):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(first + place, column, value)

    return files.xlsx(fill)


def year(school=None):
    return SchoolYear.objects.get(school=school or cast.song_lam())


def start(data, kind=ImportKind.STUDENTS, *, day=DAY, person=cast.AN, name="danh-sach.xlsx"):
    actor = cast.user(person)
    return imports.start(
        file=BytesIO(data),
        file_name=name,
        kind=kind,
        year=None if kind is ImportKind.STAFF else year(actor.school),
        day=day,
        actor=actor,
    )


def preview(act):
    return imports.plan_of(ImportAct.objects.get(pk=act.pk)).preview


def entries(data, kind=ImportKind.STUDENTS, **options):
    return preview(start(data, kind, **options)).entries


def apply(act, *, person=cast.AN, leave_out=False, digest=None):
    return imports.apply(
        import_id=act.pk,
        digest=digest or preview(act).digest,
        leave_out=leave_out,
        actor=cast.user(person),
        verified_at=timezone.now(),
    )


def done(data, kind=ImportKind.STUDENTS, *, person=cast.AN, **options):
    """The act of a file that was chosen and applied."""
    return apply(start(data, kind, person=person, **options), person=person)


def undo(act, *, person=cast.AN):
    return imports.undo(import_id=act.pk, actor=cast.user(person), verified_at=timezone.now())


def refused(data, kind=ImportKind.STUDENTS, **options):
    """What is said of each refused row: the cell and the id of the sentence."""
    return [
        (refusal.address, refusal.sentence)
        for entry in entries(data, kind, **options)
        for refusal in entry.refusals
    ]
