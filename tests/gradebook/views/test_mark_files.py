"""Files of marks over HTTP: chosen for a sheet or a term, and exported in the same layout."""

from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from gradebook.models import EntryAct
from schoolbook.excel import read
from schoolbook.models import ClassSubject
from tests import cast
from tests.gradebook.services.acts.files import (
    ANH,
    BAO,
    CHAU,
    counts,
    enter,
    exported,
    maths,
    row,
    table,
)

pytestmark = pytest.mark.django_db
IMPORT = "/sheets/import/"


@pytest.fixture
def chi(as_person):
    client = as_person(cast.CHI)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def sent(data, **more):
    year = cast.class_group().year.pk
    file = SimpleUploadedFile("bang-diem.xlsx", data)
    return {"file": file, "year": year, "term": 1, "kind": "import", **more}


def test_a_file_is_chosen_and_its_preview_shown(chi):
    answer = chi.post(IMPORT, sent(table(row(BAO, 8))), follow=True)
    assert "bang-diem.xlsx" in answer.content.decode()
    assert counts(EntryAct.objects.get())["new"] == 1


def test_from_a_sheet_neither_year_nor_term_is_asked(chi):
    address = f"{IMPORT}?class_subject={maths().pk}&term=1"
    page = chi.get(address).content.decode()
    assert "Toán · 6A · HKI" in page
    assert 'name="year"' not in page
    data = sent(table(row(BAO, 8), title=["x"]))
    assert chi.post(address, {"file": data["file"], "kind": "import"}).status_code == 302


def test_a_sheet_of_another_teacher_is_no_target(chi, as_person):
    other = maths("6A", "ngu_van").pk
    assert chi.get(f"{IMPORT}?class_subject={other}&term=1").status_code == 403
    assert chi.get(f"{IMPORT}?class_subject={2**63}&term=1").status_code == 200
    theirs = ClassSubject.objects.filter(school=cast.doi_thong())[0].pk
    assert chi.get(f"{IMPORT}?class_subject={theirs}&term=1").status_code == 404
    assert as_person(cast.LAN).get(IMPORT).status_code == 403


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"file": SimpleUploadedFile("a.xlsx", b"no")}, "not an Excel workbook"),
        ({"file": ""}, "Choose a file."),
        ({"kind": "take_over"}, "Write which system"),
        ({"kind": "take_over", "source": "x" * 61}, "60"),
        ({"term": "3"}, "3"),
        ({"year": "\x00"}, ""),
        ({"kind": "undo"}, "undo"),
        ({"term": "2"}, "term 1"),
    ],
)
def test_what_cannot_be_imported_is_said_in_place(chi, change, word):
    answer = chi.post(IMPORT, sent(table(row(BAO, 8)), **change))
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not EntryAct.objects.exists()


def test_taking_over_names_the_other_system(chi):
    data = sent(table(row(BAO, 8)), kind="take_over", source=" SMAS ")
    answer = chi.post(IMPORT, data, follow=True)
    assert "SMAS" in answer.content.decode()


def cells_of(content):
    [sheet, *more] = read(BytesIO(content)).sheets
    return sheet, more, {cell.address: cell.text for line in sheet.rows for cell in line}


def test_a_sheet_is_exported_in_the_layout_of_the_sectors_database(chi):
    enter((ANH, "regular", 2, "8,5", 0), (BAO, "comment", 1, "=1+1", 0))
    answer = chi.get(f"/sheets/subjects/{maths().pk}/1/export/")
    sheet, _more, found = cells_of(answer.content)
    assert sheet.name == "6A"
    assert (found["F1"], found["F2"], found["F3"]) == (
        "BẢNG ĐIỂM HỌC KỲ", "2026-2027 – Học kỳ: 1", "Môn học: Toán",
    )  # fmt: skip
    heads = [found.get(f"{letter}5", "") for letter in "ABCDEFGHIJKLMN"]
    assert heads == [
        "STT", "Tên lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "ĐĐGtx", "", "", "", "ĐĐGgk", "ĐĐGck",
        "ĐTBmhkI", "Nhận xét", "",
    ]  # fmt: skip
    assert [found[f"{letter}6"] for letter in "FGHI"] == ["1", "2", "3", "4"]
    assert [found[f"{letter}7"] for letter in "ABM"] == ["1", "2", "13"]
    assert [found[f"{letter}8"] for letter in "ABCDEG"] == ["1", "6A", "HS002", ANH, "02-02-2015", "8,5"]  # fmt: skip
    assert {cell.kind.value for line in sheet.rows for cell in line} == {"text"}
    assert not any(cell.formula for line in sheet.rows for cell in line)


def test_a_class_is_exported_with_a_sheet_for_each_subject_that_one_may_look_at(chi, as_person):
    address = f"/sheets/classes/{cast.class_group().pk}/1/export/"
    first, more, _found = cells_of(chi.get(address).content)
    assert ([first.name], more) == (["Toán"], [])
    first, more, _found = cells_of(as_person(cast.LAN).get(address).content)
    assert len([first, *more]) == cast.class_group().class_subjects.count()
    assert as_person(cast.QUYEN).get(address).status_code == 403
    assert as_person(cast.KHANH).get(address).status_code == 404
    assert chi.get(address.replace("/1/", "/3/")).status_code == 404


def test_a_workbook_of_a_whole_class_comes_back(chi, as_person):
    enter((CHAU, "regular", 1, "9", 0))
    whole = as_person(cast.LAN).get(f"/sheets/classes/{cast.class_group().pk}/1/export/").content
    chi.post(IMPORT, sent(whole))
    act = EntryAct.objects.get()
    others = cast.class_group().class_subjects.count() - 1
    assert counts(act) == {"new": 0, "changed": 0, "same": 1, "refused": others}
    assert exported() != whole
