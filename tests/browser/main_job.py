"""The main job of a school, from an empty class to signed paper, as its people do it in the browser.

`test_main_job` tells it and looks at the outcome; `scripts/walkthrough.py` tells it again to take the pictures of
docs/vi/mot-vong-dieu-chinh.md. Each step gives the page on which it ended.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from gradebook import access
from gradebook.selectors.books import Place
from schoolbook.models import ClassSubject
from tests import cast
from tests.browser.conftest import Visit
from tests.browser.stage import in_database
from tests.browser.words import say
from tests.gradebook import book
from tests.schoolbook.excel.files import xlsx
from tests.schoolbook.services.imports.sheets import STUDENTS, table

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW_PUPILS = (
    ("HS101", "Phan Thị Đào", "05/05/2015", "Nữ"),
    ("HS102", "Ngô Quang Huy", "19/08/2015", "Nam"),
    ("HS103", "Lý Thảo My", "02/11/2015", "Nữ"),
    ("HS104", "Dương Nhật Nam", "27/01/2015", "Nam"),
)
# Whose mark was taken down wrongly, and what is right.
WRONG, RIGHT = "6,5", "8,5"
PUPIL, CODE, COLUMN = "Phan Thị Đào", "HS101", "ĐĐGck"
MARKS = ("8", "7,5", "9", "8", "7", "8")
LEVELS = ("Đ", "Đ", "Đ", "Đ")


def roster() -> bytes:
    """The list of new pupils as a school keeps it."""
    return table(STUDENTS, *[[*pupil, "6A"] for pupil in NEW_PUPILS])


def mark_books(subjects: list[ClassSubject] | None = None) -> bytes:
    """The marks of the class in the layout of vnEdu: a sheet for each subject, headings in rows 5 and 6."""
    rows = subjects or list(
        ClassSubject.objects.filter(class_group=cast.class_group()).select_related("subject")
    )
    pupils = [(one.code, one.full_name) for one in book.pupils()]

    def fill(workbook, first) -> None:
        for number, row in enumerate(rows):
            page = workbook.add_worksheet(row.subject.name[:28]) if number else first
            _fill_page(page, row, pupils)

    return xlsx(fill)


def _fill_page(page, row: ClassSubject, pupils: list[tuple[str, str]]) -> None:
    scored = row.assessed_by == "score"
    teacher = cast.user(cast.CHI)
    shown = access.book(teacher, Place(1, class_subject_id=row.pk))
    regular = [column for column in shown.columns if column.component == "regular"]
    page.write_row(0, 0, ["SỞ GIÁO DỤC VÀ ĐÀO TẠO", None, None, "BẢNG ĐIỂM HỌC KỲ"])
    page.write_row(1, 0, ["Trường THCS Sông Lam", None, None, "2026-2027 – Học kỳ: 1"])
    page.write_row(2, 0, ["Lớp: 6A", None, None, f"Môn học: {row.subject.name}"])
    heads = ["STT", "Mã học sinh", "Họ và tên", "ĐĐGtx", *[None] * (len(regular) - 1)]
    page.write_row(4, 0, [*heads, "ĐĐGgk", "ĐĐGck"])
    page.write_row(5, 0, [None, None, None, *[str(one + 1) for one in range(len(regular))]])
    for place, (code, name) in enumerate(pupils):
        figures = list((MARKS if scored else LEVELS)[: len(regular) + 2])
        if code == CODE and row.subject.code == "toan":
            figures[-1] = WRONG
        page.write_row(6 + place, 0, [place + 1, code, name, *figures])


def photograph() -> bytes:
    """A test with its mark, as a teacher photographs it."""
    picture = Image.new("RGB", (640, 420), "#fdfcf7")
    drawn = ImageDraw.Draw(picture)
    for line in range(60, 400, 28):
        drawn.line((40, line, 600, line), fill="#d9e2ec")
    drawn.text((500, 24), RIGHT, fill="#b42318")
    file = BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def import_pupils(visit: Visit) -> Page:
    """The administrator brings the list of pupils."""
    page = visit(cast.AN)
    page.goto("/imports/new/students/")
    page.locator("input[type=file]").set_input_files(
        {"name": "danh-sach-6a.xlsx", "mimeType": SHEET, "buffer": in_database(roster)}
    )
    page.get_by_role("button", name=say("Show what it would do")).click()
    write = say("Write %(new)s new and %(changed)s changed", new=len(NEW_PUPILS), changed=0)
    page.get_by_role("button", name=write).click()
    expect(page.get_by_role("main")).to_contain_text(say("The import is applied."))
    return page


def import_marks(visit: Visit) -> Page:
    """Whoever teaches the class brings the marks of every subject in one workbook."""
    in_database(lambda: book.teach_everything(cast.CHI))
    page = visit(cast.CHI)
    page.goto("/acts/")
    page.get_by_role("link", name=say("Import marks")).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "diem-hk1-6a.xlsx", "mimeType": SHEET, "buffer": in_database(mark_books)}
    )
    page.get_by_role("button", name=say("Show what it would do")).click()
    page.get_by_role("button", name=say("Write")).first.click()
    expect(page.get_by_role("main")).to_contain_text(say("The marks are written."))
    return page
