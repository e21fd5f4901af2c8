"""Printed sheets say what the database holds: every pupil, every cell, every correction, in Vietnamese letters."""

import io

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from gradebook import access, pdf
from gradebook.models import Mark
from gradebook.pdf.page import html_of
from gradebook.selectors.books import Place
from gradebook.selectors.sheet import sheet
from gradebook.selectors.sign_offs import signing
from gradebook.services import corrections, sign_offs
from schoolbook.registry import documents
from schoolbook.services import students
from tests import cast
from tests.gradebook.book import (
    class_place,
    fill,
    more_pupils,
    place,
    primary_class,
    teach_everything,
)
from tests.gradebook.people import fill_class
from tests.paper import dense, pages_of, printed, words_of

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=file:///etc/passwd> <b>đậm</b> http://x.invalid/a.png {{ 7 * 7 }} &amp;"


def asked(where):
    """The arguments for a sheet."""
    name, pk = ("class_subject", where.class_subject_id)
    if pk is None:
        name, pk = ("class_group", where.class_group_id)
    return {name: pk, "term": where.term}


def line_of(row):
    """A pupil's line as it is read back, without spaces; what is struck is told apart by the tests themselves."""
    shown = {cell.column.key: cell.shown for cell in row.cells}
    return [str(row.order), row.pupil.code, row.pupil.name, f"{row.pupil.born_on:%d/%m/%Y}", shown]


def assert_says_everything(text, shown):
    """Every pupil's line stands in the text, whole and in the order of the book."""
    inner, behind = shown.split
    begin = 0
    for row in shown.rows:
        held = {cell.column.key: cell for cell in row.cells}
        line = [
            str(row.order),
            row.pupil.code,
            row.pupil.name,
            f"{row.pupil.born_on:%d/%m/%Y}",
            *(held[column.key].shown for column in inner),
            *(figure.shown for figure in row.results),
            *(held[column.key].shown for column in behind),
        ]
        found = text.find(dense("".join(line)), begin)
        assert found >= 0, line
        begin = found


def typed(number, final="8,5"):
    """A term of one pupil, no two alike."""
    return {
        **{("regular", n): f"{(number + n) % 10},{5 * (n % 2)}" for n in (1, 2, 3, 4)},
        ("midterm", 1): "10" if number % 3 else "V ốm",
        ("final", 1): final,
        ("comment", 1): f"Em thứ {number} học tập nghiêm túc, biết giúp đỡ bạn; cần đọc kĩ đề.",
    }


@pytest.mark.parametrize("term", [1, 2])
def test_the_text_of_a_sheet_is_what_the_database_holds(term):
    pupils, chi = fill_class(), cast.user(cast.CHI)
    fill(place(), chi, {one: typed(number) for number, one in enumerate(pupils)})
    if term == 2:
        fill(place(term=2), chi, {one: typed(number, "9") for number, one in enumerate(pupils)})
    where = place(term=term)
    [document] = printed(pdf.SHEET, chi, asked(where))
    shown = sheet(access.book(chi, where))
    assert len(shown.rows) == len(pupils) == 45
    pages = pages_of(document)
    # The head of each page and its number lie between two lines of the table.
    assert_says_everything(dense("".join(pages)), shown)
    text = words_of(document)
    for words in (
        "TRƯỜNG THCS SÔNG LAM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH",
        "Môn học: Toán · Lớp: 6A",
        f"Học kì {'I' * term} · Năm học 2026-2027",
        "GIÁO VIÊN BỘ MÔN",
        "GIÁO VIÊN CHỦ NHIỆM",
        "HIỆU TRƯỞNG",
        "Nguyễn Mai Chi",
        "Hoàng Thị Lan",
        "Trong bảng (trang) này có 0 điểm được sửa chữa",
    ):
        assert words in text
    for number, page in enumerate(pages, start=1):
        assert f"Trang {number}/{len(pages)}" in page
        assert "bản in phục vụ kiểm tra, quản lý; không thay thế sổ in định kì" in page
        assert "ĐĐGtx" in page or number == len(pages)


def test_a_corrected_cell_shows_the_old_value_and_the_new_and_the_foot_counts_it():
    chi, child = cast.user(cast.CHI), cast.pupil()
    fill(place(), chi, {child: typed(1)})
    approval = corrections.Approval(17, cast.user(cast.THU), "Nhập nhầm")
    for version, (text, number) in enumerate([("6,5", 1), ("9", 1)], start=1):
        corrections.apply_correction(
            place=place(),
            student_id=child.pk,
            wanted=[corrections.Corrected("regular", number, version, text)],
            approval=approval,
            actor=cast.user(cast.AN),
        )
    book = access.book(chi, place())
    html = html_of(book, ())
    before = typed(1)["regular", 1]
    assert (
        f'<span class="struck">{before}</span> <span class="struck">6,5</span> '
        '<span class="instead">9</span>' in html
    )
    [document] = printed(pdf.SHEET, chi, asked(place()))
    text = words_of(document)
    assert f"Nguyễn Gia Bảo 01/02/2015 {before} 6,5 9" in text
    assert "Trong bảng (trang) này có 1 điểm được sửa chữa" in text
    assert f"{child.full_name}, ĐĐGtx 1: “{before}” → “6,5”, hệ thống ghi nhận lúc" in text
    assert text.count("giấy đề nghị số 17, người phê duyệt: Võ Thị Thu") == 2


def test_who_left_is_greyed_with_the_day_and_who_is_exempt_is_named_so():
    chi, child = cast.user(cast.CHI), cast.pupil()
    fill(place(), chi, {child: typed(1)})
    enrolment = child.enrolments.get()
    students.leave(
        enrolment_id=enrolment.pk,
        last_day=enrolment.begins_on.replace(month=9, day=30),
        reason="Chuyển trường",
        actor=cast.user(cast.QUYEN),
    )
    html = html_of(access.book(chi, place()), ())
    [row] = [one for one in html.split("<tr") if child.full_name in one and "<th" in one]
    assert row.startswith(' class=" left"')
    assert "(rời lớp sau ngày 30/09/2026)" in row


def test_the_homeroom_teachers_sheet_holds_conduct_and_remarks_and_months_only_where_written():
    lan, pupils = cast.user(cast.LAN), fill_class(pupils=12)
    cells = {("conduct", 1): "Khá", ("training", 1): "Lễ phép", ("comment", 1): "Tự giác"}
    fill(class_place(), lan, dict.fromkeys(pupils, cells))
    [document] = printed(pdf.SHEET, lan, asked(class_place()))
    text = words_of(document)
    assert "Kết quả rèn luyện và nhận xét của giáo viên chủ nhiệm" in text
    assert "Nhận xét từng tháng" not in text
    for order, one in enumerate(sheet(access.book(lan, class_place())).rows, start=1):
        assert f"{order} {one.pupil.code} {one.pupil.name}" in text
    assert text.count("Khá Lễ phép Tự giác") == len(pupils)
    fill(class_place(), lan, {pupils[0]: {("month", 9): "Đi học đều"}})
    [document] = printed(pdf.SHEET, lan, asked(class_place()))
    assert "Nhận xét từng tháng" in words_of(document)
    assert "Đi học đều" in words_of(document)


def test_sheets_of_primary_school_have_levels_tests_and_both_moments():
    group, teacher = primary_class()
    pupils = more_pupils(20, group)
    maths = Place(1, class_subject_id=group.class_subjects.get(subject__code="toan").pk)
    cells = {("level", 1): "T", ("level", 2): "H", ("test", 2): "9", ("comment", 2): "Tính nhanh"}
    fill(maths, teacher, dict.fromkeys(pupils, cells))
    [document] = printed(pdf.SHEET, teacher, asked(maths))
    assert_says_everything(dense(words_of(document)), sheet(access.book(teacher, maths)))
    assert "BẢNG THEO DÕI KẾT QUẢ ĐÁNH GIÁ GIÁO DỤC" in words_of(document)
    of_class = Place(1, class_group_id=group.pk)
    sides = {("quality_middle", 1): "T", ("competence_end", 10): "C", ("comment", 2): "Siêng năng"}
    fill(of_class, teacher, dict.fromkeys(pupils, sides))
    [document] = printed(pdf.SHEET, teacher, asked(of_class))
    text = words_of(document)
    assert text.count("Siêng năng") == len(pupils)
    for words in ("Giữa HKI: phẩm chất", "Giữa HKI: năng lực", "Cuối HKI: phẩm chất"):
        assert words in text


def test_all_sheets_of_a_class_are_its_subjects_in_the_order_of_the_book_and_then_its_own():
    binh = cast.user(cast.BINH)
    group = cast.class_group()
    composed = documents.get(pdf.CLASS_SHEETS).compose(binh, {"class_group": group.pk, "term": 1})
    assert composed.file_name == "6A · HKI"
    taught = group.class_subjects.filter(in_term1=True).order_by("subject__place", "pk")
    names = [f"Môn học: {one.subject.name}" for one in taught]
    assert len(composed.parts) == 13
    for name, part in zip([*names, "Kết quả rèn luyện và"], composed.parts, strict=True):
        assert name in part
    # A subject teacher gets what is theirs.
    mine = documents.get(pdf.CLASS_SHEETS).compose(
        cast.user(cast.CHI), {"class_group": group.pk, "term": 1}
    )
    assert len(mine.parts) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"term": 1},
        {"class_subject": "1", "term": 1},
        {"class_subject": True, "term": 1},
        {"class_subject": 10**30, "term": 1},
        {"class_subject": 1, "term": 3},
        {"class_group": None, "term": 1},
    ],
)
@pytest.mark.parametrize("kind", [pdf.SHEET, pdf.CLASS_SHEETS])
def test_arguments_that_name_no_sheet_are_not_found(kind, arguments):
    with pytest.raises(Http404):
        documents.get(kind).compose(cast.user(cast.BINH), arguments)


def test_a_document_is_composed_for_whom_it_is_printed():
    where, group = asked(place()), {"class_group": cast.class_group().pk, "term": 1}
    for kind, arguments in ((pdf.SHEET, where), (pdf.SHEET, group), (pdf.CLASS_SHEETS, group)):
        document = documents.get(kind)
        for stranger in (cast.KHANH, cast.MINH):
            with pytest.raises(Http404):
                document.compose(cast.user(stranger), arguments)
        assert document.compose(cast.user(cast.BINH), arguments).parts
    with pytest.raises(PermissionDenied):
        documents.get(pdf.SHEET).compose(cast.user(cast.CHI), group)
    with pytest.raises(PermissionDenied):
        documents.get(pdf.CLASS_SHEETS).compose(cast.user(cast.QUYEN), group)


def test_what_looks_like_html_or_an_address_stays_text_and_fetches_nothing():
    chi, child = cast.user(cast.CHI), cast.pupil()
    fill(place(), chi, {child: {("comment", 1): HOSTILE}})
    [document] = printed(pdf.SHEET, chi, asked(place()))
    assert dense(HOSTILE) in dense(words_of(document))
    with pikepdf.open(io.BytesIO(document)) as read:
        for page in read.pages:
            assert not list(page.get_images())
            assert "/Annots" not in page
        assert not read.attachments


def test_every_letter_comes_from_the_packaged_faces():
    [document] = printed(pdf.SHEET, cast.user(cast.CHI), asked(place()))
    with pikepdf.open(io.BytesIO(document)) as read:
        fonts = {
            str(font.BaseFont)
            for page in read.pages
            for font in page.resources.get("/Font", {}).values()
        }
    assert fonts
    assert all("+Tinos" in name for name in fonts), fonts


def test_the_digest_is_of_what_the_sheet_says_and_the_head_is_the_newest_link():
    chi, child = cast.user(cast.CHI), cast.pupil()
    fill(place(), chi, {child: typed(1)})

    def proof():
        html = html_of(access.book(chi, place()), ())
        newest = Mark.history.latest("link_number")
        assert f"mắt xích số {newest.link_number}" in html
        assert newest.link in html
        return html.split('<span class="hex">')[1][:64]

    first = proof()
    assert proof() == first
    fill(place(), chi, {child: {("regular", 1): "3"}})
    assert proof() != first


def test_a_confirmed_sheet_says_by_whom_and_when():
    chi, pupils = cast.user(cast.CHI), [cast.pupil(name) for name in cast.PUPILS]
    whole = {key: text for key, text in typed(1).items() if key != ("comment", 1)}
    fill(place(), chi, {one: {**whole, ("midterm", 1): "7"} for one in pupils})
    now = signing(sheet(access.book(chi, place())))
    sign_offs.sign(place=place(), digest=now.digest, actor=chi, incomplete=now.incomplete)
    html = html_of(access.book(chi, place()), ())
    assert "Nguyễn Mai Chi đã xác nhận trên hệ thống lúc" in html


@pytest.mark.parametrize("pupils", [3, 12])
def test_a_sheet_takes_as_many_queries_for_few_pupils_as_for_many(pupils, exactly_queries):
    chi = cast.user(cast.CHI)
    fill(place(), chi, dict.fromkeys(fill_class(pupils=pupils), typed(1)))
    document = documents.get(pdf.SHEET)
    arguments = asked(place())
    with exactly_queries(9):
        document.compose(chi, arguments)


@pytest.mark.parametrize("pupils", [3, 12])
def test_a_class_takes_as_many_queries_for_few_pupils_as_for_many(pupils, exactly_queries):
    fill_class(pupils=pupils)
    teach_everything(cast.CHI)
    arguments = {"class_group": cast.class_group().pk, "term": 1}
    with exactly_queries(72):
        documents.get(pdf.CLASS_SHEETS).compose(cast.user(cast.BINH), arguments)
