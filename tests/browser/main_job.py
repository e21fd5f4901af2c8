"""The main job of a school, from an empty class to signed paper, as its people do it in the browser.

`test_main_job` tells it and looks at the outcome; `scripts/walkthrough.py` tells it again to take the pictures of
docs/vi/mot-vong-dieu-chinh.md. Each step gives the page on which it ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.urls import reverse
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from gradebook import access
from gradebook.selectors.books import Place
from schoolbook.models import ClassSubject, Job
from schoolbook.services import jobs
from tests import cast
from tests.browser.conftest import Visit
from tests.browser.stage import in_database
from tests.browser.test_sheet import go, open_sheet
from tests.browser.words import say
from tests.gradebook import book
from tests.gradebook.closing import lock
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
REASON = "Chấm sót câu 3 của bài kiểm tra cuối kì"
PUPIL, CODE, COLUMN = "Nguyễn Gia Bảo", "HS001", "ĐĐGck"
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


def summary() -> str:
    """The address of the summary of the class."""
    return reverse("gradebook:class_summary", args=[cast.class_group().pk])


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


def closed_cell(page: Page) -> Locator:
    """The wrong mark on the sheet, which is closed as a whole: the sixth of its pupil."""
    return page.locator("#sheet tbody tr", has_text=PUPIL).locator("td.mark").nth(5)


def nothing(_page: Page, _name: str) -> None:
    """Take no picture."""


@dataclass(frozen=True)
class Story:
    """One telling: how browsers are opened, and what is done with each page that shows something."""

    visit: Visit
    take: Callable[[Page, str], None] = nothing

    def tell(self) -> tuple[bytes, bytes]:
        """All of it; the form and the sheet as they were printed."""
        self.import_pupils()
        self.import_marks()
        self.look_at_results()
        address = self.file(self.meet_the_lock())
        self.decide()
        self.witness(address)
        self.apply(address)
        page = self.look_at_the_sheet()
        return self.print_form(page, address), self.print_sheet(page)

    def import_pupils(self) -> None:
        """The administrator brings the list of pupils."""
        page = self.visit(cast.AN)
        page.goto("/imports/new/students/")
        page.locator("input[type=file]").set_input_files(
            {"name": "danh-sach-6a.xlsx", "mimeType": SHEET, "buffer": in_database(roster)}
        )
        page.get_by_role("button", name=say("Show what it would do")).click()
        write = say("Write %(new)s new and %(changed)s changed", new=len(NEW_PUPILS), changed=0)
        self.take(page, "1-danh-sach")
        page.get_by_role("button", name=write).click()
        expect(page.get_by_role("main")).to_contain_text(say("The import is applied."))

    def import_marks(self) -> None:
        """Whoever teaches the class brings the marks of every subject in one workbook."""
        in_database(lambda: book.teach_everything(cast.CHI))
        page = self.visit(cast.CHI)
        page.goto("/acts/")
        page.get_by_role("link", name=say("Import marks")).click()
        page.locator("input[type=file]").set_input_files(
            {"name": "diem-hk1-6a.xlsx", "mimeType": SHEET, "buffer": in_database(mark_books)}
        )
        page.get_by_role("button", name=say("Show what it would do")).click()
        write = page.locator("form[action$='/apply/'] button[type=submit]").first
        self.take(page, "2-nhap-diem")
        write.click()
        expect(page.get_by_role("main")).to_contain_text(say("The marks are written."))

    def look_at_results(self) -> None:
        """The homeroom teacher sees what came out."""
        page = self.visit(cast.LAN)
        page.goto(in_database(summary))
        expect(page.get_by_role("main")).to_contain_text(PUPIL)
        self.take(page, "3-ket-qua")

    def meet_the_lock(self) -> Page:
        """Term 1 is locked; the teacher finds the cell closed, and asks for its correction."""
        in_database(lambda: lock(term=1))
        page = open_sheet(self.visit)
        closed_cell(page).click()
        self.take(page, "4-o-bi-khoa")
        page.get_by_role("link", name=say("Ask for a correction of this cell")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(
            say("Request for a correction")
        )
        return page

    def file(self, page: Page) -> str:
        """The teacher writes the right mark, why, and shows the test; the address of the request once it is sent."""
        page.get_by_role("textbox", name=COLUMN).fill(RIGHT)
        page.get_by_label(say("Reason")).fill(REASON)
        page.locator("input[type=file]").set_input_files(
            {"name": "bài làm.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
        )
        self.take(page, "5-giay-de-nghi")
        page.get_by_role("button", name=say("Save and go on")).click()
        expect(page.get_by_role("main")).to_contain_text("ĐTBmhkI")
        self.take(page, "6-anh-huong")
        page.get_by_role("button", name=say("Send the request")).click()
        expect(page.get_by_role("main")).to_contain_text(
            say("The request is sent. You hear on your home page what becomes of it.")
        )
        return page.url

    def decide(self) -> None:
        """The vice-principal finds it in the inbox, looks at everything, and agrees."""
        page = self.visit(cast.THU)
        page.goto("/corrections/")
        self.take(page, "7-cho-phe-duyet")
        page.get_by_role("main").get_by_role("link", name=PUPIL).first.click()
        self.take(page, "8-phe-duyet")
        page.get_by_role("radio", name=say("Approve")).check()
        page.get_by_role("button", name=say("Record the decision")).click()
        expect(page.get_by_text(cast.THU.full_name).first).to_be_visible()

    def witness(self, address: str) -> None:
        """The homeroom teacher of the class confirms it."""
        page = self.visit(cast.LAN)
        page.goto(address)
        page.locator("#witness-title").wait_for()
        self.take(page, "9-chung-kien")
        page.locator("section", has=page.locator("#witness-title")).get_by_role(
            "button"
        ).first.click()
        expect(page.locator("#witness-title")).to_have_count(0)

    def apply(self, address: str) -> None:
        """The administrator carries it out."""
        page = self.visit(cast.AN)
        page.goto(address)
        page.get_by_role("button", name=say("Apply the correction")).click()
        expect(page.get_by_role("main")).to_contain_text(say("applied"))
        self.take(page, "10-da-dieu-chinh")

    def look_at_the_sheet(self) -> Page:
        """The cell shows the old value struck and the new one above it."""
        page = open_sheet(self.visit)
        expect(page.locator("#sheet del").first).to_have_text(WRONG)
        closed_cell(page).click()
        self.take(page, "11-so-diem")
        return page

    def print_form(self, page: Page, address: str) -> bytes:
        """Whoever asked prints the form: the page shows how far it is, a worker makes it, the file is fetched."""
        page.goto(address)
        page.locator("form[action$='/print/'] button[type=submit]").first.click()
        return self._printed(page, "12-ban-in")

    def print_sheet(self, page: Page) -> bytes:
        """The same with the sheet."""
        go(page)
        page.locator("form[action$='/print/'] button[type=submit]").first.click()
        return self._printed(page, "13-ban-in-so")

    def _printed(self, page: Page, name: str) -> bytes:
        page.wait_for_url("**/jobs/**")
        in_database(lambda: jobs.run(Job.objects.latest("created_at").pk))
        page.reload()
        self.take(page, name)
        with page.expect_download() as download:
            page.get_by_role("link", name=say("Download")).click()
        return download.value.path().read_bytes()
