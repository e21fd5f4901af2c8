"""Which files an import reads: any layout that schools send, and a sentence for each that it cannot."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from schoolbook.errors import Invalid
from schoolbook.excel import Heading, read, write_table
from schoolbook.models import Enrolment, ImportAct, Student, TeachingAssignment, User
from schoolbook.rules.imports import COLUMNS, ImportKind, read_table
from schoolbook.rules.preview import Outcome
from schoolbook.services.imports.sentences import SENTENCES
from tests import cast
from tests.schoolbook.excel import files
from tests.schoolbook.services.imports import sheets
from tests.schoolbook.services.imports.sheets import BAO, NEW, STUDENTS, table

pytestmark = pytest.mark.django_db
OTHER_XLS = Path(files.__file__).parent / "other.xls"
FILLED: dict[ImportKind, dict[str, Any]] = {
    ImportKind.STAFF: {"Mã giáo viên": "GV01", "Họ và tên": "Lý Văn Xuân", "Tổ chuyên môn": "Tổ Toán"},
    ImportKind.STUDENTS: {
        "Mã học sinh": "HS100",
        "Họ và tên": "Phan Thị Đào",
        "Ngày sinh": date(2015, 5, 5),
        "Giới tính": "Nữ",
        "Lớp": "6A",
        "Số định danh cá nhân": "036215000123",
    },
    ImportKind.ASSIGNMENTS: {"Lớp": "6A", "Môn học": "Toán", "Tên đăng nhập": "minhtq.songlam"},
}  # fmt: skip


def said(data, **options):
    """The sentence about a file that cannot be read."""
    with translation.override("en"), pytest.raises(Invalid) as caught:
        sheets.start(data, **options)
    (sentence,) = caught.value.errors.values()
    return str(sentence)


# Layouts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ImportKind)
def test_a_template_filled_in_can_be_imported(kind):
    columns = COLUMNS[kind]
    row = [FILLED[kind].get(column.heading) for column in columns]
    headings = [Heading(column.heading, column.kind) for column in columns]
    sheets.done(write_table(headings, [row], sheet="Danh sách", title="Danh sách"), kind)
    found: Any = {
        ImportKind.STAFF: User.objects.filter(code="GV01"),
        ImportKind.STUDENTS: Enrolment.objects.filter(student__code="HS100"),
        ImportKind.ASSIGNMENTS: TeachingAssignment.objects.filter(user=cast.user(cast.MINH)),
    }[kind]
    assert found.exists()


def test_headings_stand_at_row_7_in_other_words_and_order_as_national_systems_write_them():
    title = ["PHÒNG GIÁO DỤC", "TRƯỜNG THCS", "", "DANH SÁCH HỌC SINH", "NĂM HỌC 2026 - 2027"]
    headings = [
        "STT",
        "Lớp học",
        "Mã định danh",
        "Họ  và\ntên",
        "NGÀY SINH",
        "GIOI TINH",
        "Ghi chú",
    ]
    numbers = ["1", "2", "3", "4", "5", "6", "7"]
    row = ["1", "6A", "HS100", "Phan Thị Đào", "05/05/2015", "Nữ", "x"]
    (entry,) = sheets.entries(table(headings, numbers, row, first=6, title=title))
    assert (entry.number, entry.outcome) == (9, Outcome.NEW)
    act = ImportAct.objects.get()
    assert act.content["unread"] == ["Ghi chú (G7)"]


@pytest.mark.parametrize(
    "heading", ["Mã HS", "MÃ HỌC SINH", "ma hoc sinh", "Mã định danh", "Mã học viên"]
)
def test_the_code_is_known_under_each_of_its_names(heading):
    (entry,) = sheets.entries(table([heading, *STUDENTS[1:]], BAO))
    assert entry.outcome is Outcome.SAME


def test_an_old_xls_is_read():
    cells = [
        files.label(row, column, text)
        for row, line in enumerate([STUDENTS, NEW])
        for column, text in enumerate(line)
    ]
    (entry,) = sheets.entries(files.xls(*cells))
    assert entry.outcome is Outcome.NEW


def test_rows_that_a_filter_hides_are_read_and_said():
    def fill(_book, page):
        page.write_row(0, 0, STUDENTS)
        page.write_row(1, 0, NEW)
        page.set_row(1, options={"hidden": True})

    assert sheets.start(files.xlsx(fill)).content["hidden_rows"] == 1


# What cannot be read ---------------------------------------------------------------------------------


def two_sheets():
    def fill(book, page):
        for sheet in (page, book.add_worksheet("Lớp 6B")):
            sheet.write_row(0, 0, STUDENTS)
            sheet.write_row(1, 0, NEW)

    return files.xlsx(fill)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "nothing in this file"),
        (b"%PDF-1.7", "not an Excel workbook"),
        (b"PK\x03\x04 and more", "damaged"),
        (files.compound({"EncryptedPackage": b"x" * 5000}), "protected with a password"),
        (b"x" * (10 * 2**20 + 1), "bigger than 10 MB"),
        (OTHER_XLS.read_bytes(), "6a!A3: These columns are missing: Giới tính, Lớp"),
        (table(["Mã HS", "Họ tên"], ["HS1", "Lý Thu"]), "Lớp 6A!A1: These columns are missing: Ngày sinh, "),
        (table([*STUDENTS, "Họ tên"], [*NEW, "x"]), "Lớp 6A!F1: Two columns mean the same"),
        (table(STUDENTS), "no row below the headings"),
        (two_sheets(), "Several sheets hold such a table: Lớp 6A, Lớp 6B"),
        (table(STUDENTS, NEW, first=2, title=["Năm học 2025-2026"]), "says school year 2025-2026"),
    ],
    ids=["empty", "wrong", "damaged", "password", "too big", "other table", "columns missing", "column twice",
         "no rows", "two tables", "another year"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_gets_a_sentence_and_leaves_nothing(data, words):
    assert words in said(data)
    assert not ImportAct.objects.exists()


def test_a_long_or_odd_name_of_a_file_does_no_harm():
    act = sheets.start(table(STUDENTS, NEW), name="a\x00b" + "x" * 300 + ".xlsx")
    assert act.file_name.startswith("abx")
    assert len(act.file_name) == 200


def test_the_file_is_not_kept_but_known_again_by_its_digest():
    data = table(STUDENTS, NEW)
    first, second = sheets.start(data), sheets.start(data)
    assert first.file_digest == second.file_digest
    assert len(first.file_digest) == 64


# Words ----------------------------------------------------------------------------------------------


def test_every_reason_that_the_code_gives_has_a_sentence_and_none_is_left_over():
    root = Path(__file__).parents[4] / "schoolbook"
    sources = [root / "rules" / "imports.py", *(root / "services" / "imports").glob("*.py")]
    code = "\n".join(path.read_text() for path in sources if path.name != "sentences.py")
    assert {name for name in SENTENCES if f'"{name}"' not in code} == set()
    given = re.findall(r'refuse\(row, [a-zA-Z_"]+, "(\w+)"|Unreadable\("(\w+)"', code)
    assert len(given) > 20
    assert {one or other for one, other in given} <= set(SENTENCES)


@pytest.mark.parametrize("kind", ImportKind)
def test_no_column_takes_more_than_its_field_holds(kind):
    model = {ImportKind.STAFF: User, ImportKind.STUDENTS: Student}.get(kind)
    if model is None:
        return
    for column in COLUMNS[kind]:
        field = {f.name: f for f in model._meta.concrete_fields}.get(column.name)
        if field is None or not field.max_length or column.name in {"sex", "national_id"}:
            continue
        heading = [c.heading for c in COLUMNS[kind]]
        row = ["x" if c is not column else "y" * (field.max_length + 1) for c in COLUMNS[kind]]
        sheet = read(table(heading, row)).sheets[0]
        content = read_table([sheet], kind, year=None)
        assert "too_long" in {refusal.sentence for refusal in content.rows[0].refusals}, column.name
