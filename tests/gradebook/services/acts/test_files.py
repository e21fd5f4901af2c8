"""Files of marks: which sheet is about which book, who a row is about, and what is taken of a cell."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied

from gradebook.models import EntryAct, Mark, SubjectResult
from gradebook.services import acts
from schoolbook.errors import Invalid
from schoolbook.services import students
from tests import cast
from tests.gradebook.services.acts.files import (
    ANH,
    BAO,
    CHAU,
    HEADS,
    SUB_HEADS,
    TITLE,
    apply,
    cells,
    counts,
    enter,
    everything,
    exported,
    parts,
    place,
    refused,
    row,
    start,
    table,
    undo,
    verdicts,
)
from tests.schoolbook.excel import files

pytestmark = pytest.mark.django_db


def test_a_file_is_looked_at_applied_and_taken_back():
    enter((BAO, "regular", 1, "7", 0))
    before = cells()
    act = start(table(row(BAO, 8, "8,5", None, None, "7.0", "V ốm"), row(ANH, "75")))
    assert verdicts(act) == [
        ("D7", "changed", "7", "8"),
        ("E7", "new", "", "8,5"),
        ("H7", "new", "", "7"),
        ("I7", "new", "", "V ốm"),
        ("D8", "new", "", "7,5"),
    ]
    assert cells() == before
    apply(act)
    assert len(cells()) == 5
    undo(act)
    assert cells() == before


def test_what_cannot_be_taken_is_refused_with_its_cell_and_the_rest_is_shown():
    rows = [
        row(BAO, "05", "7,25", "Đạt", 8),
        row(ANH, 7.75, None, None, None, "=1+7"),
        row("Người Lạ", 5, code="HS999"),
        row("Tên Khác Hẳn", 5, code="HS003"),
    ]
    act = start(table(*rows))
    places = {address for address, _sentence in refused(act)}
    assert places == {"B10", "B9", "D7", "D8", "E7", "F7", "H8"}
    assert [one for one in verdicts(act) if one[1] == "new"] == [("G7", "new", "", "8")]
    said = dict(refused(act))
    assert "HS999" in said["B9"]
    assert CHAU in said["B10"]


def test_a_pupil_who_is_there_twice_is_refused_with_both_places():
    act = start(table(row(BAO, 8), row(ANH, 7), row(BAO, 9)))
    assert [address for address, _ in refused(act)] == ["B7", "B9"]
    assert "B7, B9" in refused(act)[0][1]
    assert [one[0] for one in verdicts(act)] == ["D8"]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        (["2025-2026 – Học kỳ: 1 – Lớp: 6A", "Môn học: Toán"], "2025-2026"),
        (["2026-2027 – Học kỳ II – Lớp: 6A", "Môn học: Toán"], "2"),
        (["2026-2027 – Học kỳ: 1 – Lớp: 9Z", "Môn học: Toán"], "9Z"),
        (["2026-2027 – Học kỳ: 1 – Lớp: 6A", "Môn học: Thiên văn"], "Thiên văn"),
        (["2026-2027 – Học kỳ: 1 – Lớp: 6A", "Môn học: Ngữ văn"], "Ngữ văn"),
        (["2026-2027 – Học kỳ: 1 – Lớp: 6B", "Môn học: Toán"], "6B"),
    ],
)
def test_a_sheet_about_something_else_is_refused_with_the_reason(title, word):
    with pytest.raises(Invalid) as error:
        start(table(row(BAO, 8), title=title))
    assert word in str(error.value.errors["file"])
    assert not EntryAct.objects.exists()


def test_a_sheet_that_says_nothing_is_about_the_one_it_is_imported_into():
    data = table(row(BAO, 8), title=["BẢNG ĐIỂM"])  # the sheet itself is called "Lớp 6A"
    with pytest.raises(Invalid):
        start(data)
    assert counts(start(data, target=place()))["new"] == 1


def test_a_file_of_another_class_is_not_taken_for_the_one_it_is_imported_into():
    title = ["2026-2027 – Học kỳ: 1 – Lớp: 6B", "Môn học: Toán"]
    with pytest.raises(Invalid) as error:
        start(table(row(BAO, 8), title=title), target=place())
    assert "Toán · 6A · HKI" in str(error.value.errors["file"])


def test_headings_that_lost_their_merging_are_still_found():
    heads = ["TT", "Mã định danh", "Họ tên", "KTTX", None, "ĐĐG\ngk", "Điểm CK", "TBM"]
    data = table(row(BAO, 8, 7, 6, 5, 6.2), heads=heads, sub_heads=[None, None, None, 1, 2])
    act = start(data)
    taken = {one[0]: one[3] for one in verdicts(act)}
    assert taken == {"D7": "8", "E7": "7", "F7": "6", "G7": "5"}


def test_a_column_that_the_sheet_does_not_have_is_refused_once():
    heads = [*HEADS[:7], None, *HEADS[7:]]
    data = table(
        row(BAO, 8, None, None, None, 9), row(ANH, 8, None, None, None, 9),
        heads=heads, sub_heads=[*SUB_HEADS, "5"],
    )  # fmt: skip
    act = start(data)
    assert len(refused(act)) == 1
    assert counts(act) == {"new": 2, "changed": 0, "same": 0, "refused": 1}


def test_averages_are_not_taken_but_a_difference_is_said():
    full = (8, 8, 8, 8, 8, 6)
    act = start(table(row(BAO, *full, 7.3), row(ANH, *full, "7,9")))
    [note] = parts(act)[0].notes
    assert ("7,9" in note.sentence, "7,3" in note.sentence, note.who) == (True, True, ANH)
    apply(act)
    assert not Mark.objects.filter(component="term_result").exists()


def test_taking_over_brings_marks_and_results_and_says_from_where():
    act = start(table(row(BAO, 8, None, None, None, None, None, "7,9")), source="vnEdu")
    assert act.kind == "take_over"
    apply(act)
    assert {(m.component, m.source) for m in Mark.objects.all()} == {
        ("regular", "vnEdu"),
        ("term_result", "vnEdu"),
    }
    result = SubjectResult.objects.get(period="term1")
    assert (str(result.average), result.origin) == ("7.9", "taken_over")
    undo(act)
    assert cells() == {}
    assert {(m.state, m.source) for m in Mark.objects.all()} == {("blank", "")}
    assert SubjectResult.objects.get(period="term1").status == "incomplete"


def test_in_the_second_term_the_result_of_the_year_is_taken_over_too():
    heads = [*HEADS[:9], "ĐTBmhkII", "ĐTBmcn"]
    title = ["2026-2027 – Học kỳ II – Lớp: 6A", "Môn học: Toán"]
    data = table(row(BAO, *[None] * 6, "8,1", 7.9), heads=heads, title=title)
    apply(start(data, term=2, source="SMAS"))
    found = {(one.period, str(one.average)) for one in SubjectResult.objects.exclude(average=None)}
    assert found == {("term2", "8.1"), ("year", "7.9")}


def test_the_figures_of_a_pupil_who_has_left_are_taken_over_but_not_entered():
    students.leave(
        enrolment_id=cast.pupil(BAO).enrolments.get().pk,
        last_day=cast.TODAY - cast.DAY,
        reason="Chuyển trường",
        actor=cast.user(cast.AN),
    )
    data = table(row(BAO, 8), row(ANH, 8))
    assert counts(start(data)) == {"new": 1, "changed": 0, "same": 0, "refused": 1}
    act = start(data, source="vnEdu")
    assert counts(act)["new"] == 2
    apply(act)
    undo(act)
    assert cells() == {}


SEVERAL = ["STT", "Tên lớp", "Mã học sinh", "Họ và tên", "TX1"]


def test_several_classes_in_one_sheet_and_those_of_others_are_refused():
    title = ["2026-2027 – Học kỳ: 1", "Môn học: Toán"]
    rows = [
        [1, "6A", "HS001", BAO, 8],
        [2, "6B", "HS901", "Mai Thị Sen", 9],
        [3, "9Z", "HS1", "Ai", 5],
    ]
    act = start(table(*rows, title=title, heads=SEVERAL, sub_heads=None))
    assert verdicts(act) == [("E7", "new", "", "8")]
    said = [sentence for _address, sentence in refused(act)]
    assert len(said) == 2
    assert any("6B" in one for one in said)
    assert any("9Z" in one for one in said)


def test_a_row_of_another_class_than_the_title_says_is_refused():
    rows = [[1, "6B", "HS001", BAO, 8], [2, "6A", "HS002", ANH, 9]]
    act = start(table(*rows, heads=SEVERAL, sub_heads=None))
    assert [address for address, _sentence in refused(act)] == ["C7"]
    assert [one[0] for one in verdicts(act)] == ["E8"]


def test_a_workbook_with_a_sheet_for_each_class_or_subject():
    def more(_book, page):
        for name in ("6B", "Toán 6A", "Hướng dẫn"):
            sheet = _book.add_worksheet(name)
            sheet.write_row(0, 0, ["Học kỳ 1"])
            if name != "Hướng dẫn":
                sheet.write_row(1, 0, ["Mã HS", "Họ tên", "GK"])
                sheet.write_row(2, 0, ["HS003", CHAU, 6])

    act = start(table(row(BAO, 8), more=more))
    assert [(part.name, len(part.cells), len(part.refused)) for part in parts(act)] == [
        ("6B", 0, 1),  # no subject
        ("Toán 6A", 0, 1),  # the first sheet is about it already
        ("Lớp 6A", 1, 0),
    ]


def test_below_the_table_and_the_row_of_numbers_nothing_is_read():
    numbers = [f"{n}" for n in range(1, 11)]
    below = [None, None, "GIÁO VIÊN BỘ MÔN", None, None, "Hạ Lưu, ngày 5 tháng 1 năm 2027"]
    act = start(table(numbers, row(BAO, 8), below))
    assert (len(verdicts(act)), refused(act)) == (1, [])


def test_who_enters_no_marks_imports_none():
    with pytest.raises(PermissionDenied):
        start(table(row(BAO, 8)), person=cast.LAN)


def test_a_file_that_is_no_table_of_marks_is_refused_with_a_sentence():
    for data in (b"", b"%PDF", table(heads=["a"], sub_heads=None), table()):
        with pytest.raises(Invalid) as error:
            start(data)
        assert str(error.value.errors["file"])


def test_an_old_workbook_is_read_as_well():
    lines = [TITLE, [], [], [], HEADS, SUB_HEADS, row(BAO, "8,5")]
    records = [
        files.label(at, column, str(value))
        for at, line in enumerate(lines)
        for column, value in enumerate(line)
        if value is not None
    ]
    more = [
        files.number(7, 1, 0),
        files.label(7, 1, "HS002"),
        files.number(7, 3, 7.5),
        files.formula(7, 4, 9),
    ]
    act = start(files.xls(*records, *more, name="6A"))
    assert [(one[0], one[3]) for one in verdicts(act)] == [("D7", "8,5"), ("D8", "7,5")]
    assert [address for address, _sentence in refused(act)] == ["E8"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_rows(exactly_queries, count):
    enter((BAO, "comment", 1, "x", 0))
    data = table(*[row(name, 8, 7, 6, 5, 4, 3, 9) for name in cast.PUPILS[:count]])
    actor, year = cast.user(cast.CHI), cast.class_group().year
    with exactly_queries(35):
        acts.start(file=BytesIO(data), file_name="a.xlsx", chosen=acts.Chosen(year, 1), actor=actor)


FULL = [
    (BAO, "regular", 1, "8,5", 0),
    (BAO, "regular", 2, "10", 0),
    (BAO, "midterm", 1, "V ốm", 0),
    (BAO, "final", 1, "0V 12/QĐ", 0),
    (BAO, "comment", 1, "=1+1\nTiến bộ", 0),
    (ANH, "comment", 1, "'-1 điểm", 0),
    (CHAU, "regular", 4, "0", 0),
]


def test_what_is_exported_comes_back_as_the_same_and_after_changes_as_exactly_these():
    enter(*FULL)
    data = exported()
    assert counts(start(data)) == {"new": 0, "changed": 0, "same": len(FULL), "refused": 0}
    enter((BAO, "regular", 1, "9", 1), (CHAU, "comment", 1, "x", 0))
    assert [one for one in verdicts(start(data)) if one[1] != "same"] == [("F9", "changed", "9", "8,5")]  # fmt: skip


def test_a_preview_of_a_file_writes_no_mark():
    enter(*FULL)
    before = everything()
    start(table(row(BAO, 1, 2, 3, 4, 5, 6)))
    assert everything() == before
