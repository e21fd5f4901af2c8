"""Importing pupils with their classes: by code, all or nothing, and back again."""

from datetime import date, datetime

import pytest

from schoolbook.errors import Invalid
from schoolbook.models import Enrolment, Student
from schoolbook.rules.preview import Outcome
from schoolbook.services import imports, students
from tests import cast
from tests.schoolbook.excel import files
from tests.schoolbook.services.imports import sheets
from tests.schoolbook.services.imports.sheets import BAO, NEW, STUDENTS, table

pytestmark = pytest.mark.django_db


def student(code):
    return Student.objects.get(school=cast.song_lam(), code=code)


def place(code, day=sheets.DAY):
    return student(code).enrolments.on(day).get().class_group.name


def test_a_row_is_new_changed_the_same_or_refused():
    found = sheets.entries(
        table(
            STUDENTS,
            NEW,
            ["HS001", "Nguyễn Gia Bảo", "01/02/2015", "Nam", "6B"],
            ["HS002", "Lê Thị Ánh", "02/02/2015", "Nữ", "6A"],
            ["HS101", "Võ Văn Em", "05/05/2015", "Nam", "9Z"],
        )
    )
    assert [entry.outcome for entry in found] == [
        Outcome.NEW,
        Outcome.CHANGED,
        Outcome.SAME,
        Outcome.REFUSED,
    ]
    assert [(c.field, c.old, c.new) for c in found[1].changes] == [("class_name", "6A", "6B")]
    assert [(r.address, r.sentence) for r in found[3].refusals] == [("E5", "class_unknown")]


def test_nothing_is_written_before_it_is_confirmed():
    before = Student.every.count(), Enrolment.every.count()
    sheets.start(table(STUDENTS, NEW))
    assert (Student.every.count(), Enrolment.every.count()) == before


def test_applying_enters_pupils_and_their_places_with_history():
    act = sheets.done(table([*STUDENTS, "CCCD", "Dân tộc"], [*NEW, "036215000123", "Kinh"]))
    made = student("HS100")
    assert (made.full_name, made.sex, made.born_on) == ("Phan Thị Đào", "female", date(2015, 5, 5))
    assert (made.national_id, made.ethnicity, made.version) == ("036215000123", "Kinh", 1)
    assert made.sort_key
    assert made.enrolments.get().begins_on == sheets.DAY
    trace = Student.history.get(id=made.pk)
    assert trace.actor_name == cast.AN.full_name
    assert str(act.pk) in trace.history_change_reason
    assert (act.new, act.changed, act.same, act.refused) == (1, 0, 0, 0)
    assert act.applied_by == cast.user(cast.AN)


def test_particulars_change_and_a_blank_cell_leaves_what_is_there():
    sheets.done(table([*STUDENTS, "Nơi sinh", "Dân tộc"], [*BAO, "Hà Giang", "Tày"]))
    sheets.done(table([*STUDENTS, "Nơi sinh", "Dân tộc"], [*BAO, None, "Kinh"]))
    found = student("HS001")
    assert (found.birth_place, found.ethnicity, found.version) == ("Hà Giang", "Kinh", 3)


def test_a_changed_class_is_a_move_from_the_chosen_day():
    sheets.done(table(STUDENTS, [*BAO[:4], "6B"]))
    old, new = student("HS001").enrolments.order_by("pk")
    assert (old.ends_on, new.begins_on) == (date(2026, 10, 4), sheets.DAY)
    assert (place("HS001", date(2026, 10, 4)), place("HS001")) == ("6A", "6B")
    assert student("HS001").version == 1


def test_a_place_that_began_on_that_very_day_is_withdrawn_by_a_correction():
    sheets.done(table(STUDENTS, NEW))
    sheets.done(table(STUDENTS, [*NEW[:4], "6B"]))
    assert student("HS100").enrolments.get().class_group.name == "6B"
    assert Enrolment.every.filter(student=student("HS100")).count() == 2


def test_a_planned_change_of_class_is_not_written_over():
    students.leave(
        enrolment_id=student("HS001").enrolments.get().pk,
        last_day=date(2026, 12, 1),
        reason="chuyển trường",
        actor=cast.user(cast.AN),
    )
    assert sheets.refused(table(STUDENTS, [*BAO[:4], "6B"])) == [("E2", "place_planned")]
    assert sheets.refused(table(STUDENTS, BAO)) == []


def test_somebody_who_left_comes_back():
    students.leave(
        enrolment_id=student("HS001").enrolments.get().pk,
        last_day=date(2026, 9, 1),
        reason="chuyển trường",
        actor=cast.user(cast.AN),
    )
    (entry,) = sheets.entries(table(STUDENTS, BAO))
    assert [(c.field, c.old, c.new) for c in entry.changes] == [("class_name", "", "6A")]
    sheets.done(table(STUDENTS, BAO))
    assert student("HS001").enrolments.count() == 2


@pytest.mark.parametrize("text", ["6A", "6a", " 6 a", "Lớp 6A", "lớp 6a", "LỚP 6 A"])
def test_a_class_is_known_however_it_is_written(text):
    assert sheets.entries(table(STUDENTS, [*BAO[:4], text]))[0].outcome is Outcome.SAME


@pytest.mark.parametrize("code", ["HS001", "hs001", " HS001 "])
def test_a_code_is_known_in_capital_and_small_letters(code):
    (entry,) = sheets.entries(table(STUDENTS, [code, *BAO[1:]]))
    assert (entry.outcome, entry.code) == (Outcome.SAME, "HS001")


def test_a_pupil_is_never_known_by_the_name():
    (entry,) = sheets.entries(table(STUDENTS, ["HS777", *BAO[1:]]))
    assert entry.outcome is Outcome.NEW


def test_another_schools_pupil_of_the_same_code_is_another_pupil():
    elsewhere = Student.objects.get(school=cast.doi_thong(), code="HS001")
    sheets.done(table(STUDENTS, ["HS001", "Nguyễn Gia Bảo Anh", "01/02/2015", "Nam", "6A"]))
    elsewhere.refresh_from_db()
    assert elsewhere.full_name == "Nguyễn Gia Bảo"
    assert student("HS001").full_name == "Nguyễn Gia Bảo Anh"


def test_another_schools_class_and_identity_codes_do_not_count():
    assert sheets.refused(table(STUDENTS, [*NEW[:4], "10A"])) == [("E2", "class_unknown")]
    elsewhere = Student.objects.get(school=cast.doi_thong(), code="HS002")
    students.edit(
        student_id=elsewhere.pk,
        version=1,
        particulars=students.Particulars(
            code="HS002",
            full_name="Lê Thị Ánh",
            sex="female",
            born_on=date(2015, 2, 2),
            national_id="036215000123",
        ),
        reason="",
        actor=cast.user(cast.KHANH),
    )
    assert sheets.refused(table([*STUDENTS, "CCCD"], [*NEW, "036215000123"])) == []


def test_identity_codes_are_one_pupils_in_the_file_and_at_the_school():
    sheets.done(table([*STUDENTS, "CCCD"], [*BAO, "036215000123"]))
    with_id = [*STUDENTS, "CCCD"]
    assert sheets.refused(table(with_id, [*NEW, "036215000123"])) == [("F2", "national_id_taken")]
    assert sheets.refused(table(with_id, [*BAO, "036215000123"])) == []
    assert sheets.refused(
        table(with_id, [*NEW, "036215000999"], ["HS101", *NEW[1:], "036215000999"])
    ) == [("F2", "national_id_twice"), ("F3", "national_id_twice")]


def test_codes_that_stand_twice_are_refused_wherever_they_stand():
    assert sheets.refused(table(STUDENTS, NEW, BAO, [*NEW[:4], "6B"])) == [
        ("A2", "code_twice"),
        ("A4", "code_twice"),
    ]


def test_days_may_be_text_or_dates_of_excel():
    def fill(book, page):
        for column, text in enumerate(STUDENTS):
            page.write(0, column, text)
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for row, born in enumerate(["5/5/2015", "05-05-2015", "2015-05-05"], start=1):
            page.write_row(row, 0, [f"HS20{row}", "Phan Thị Đào", born, "Nữ", "6A"])
        page.write_row(4, 0, ["HS204", "Phan Thị Đào", None, "Nữ", "6A"])
        page.write_datetime(4, 2, datetime(2015, 5, 5), day)
        page.write_row(5, 0, ["HS205", "Phan Thị Đào", 42129, "Nữ", "6A"])

    found = sheets.entries(files.xlsx(fill))
    assert {entry.values.get("born_on") for entry in found[:4]} == {date(2015, 5, 5)}
    assert [(r.address, r.sentence) for r in found[4].refusals] == [("C6", "not_a_date")]


def test_cells_that_cannot_be_taken_say_why_and_where():
    tomorrow = date(2099, 1, 1).strftime("%d/%m/%Y")
    assert sheets.refused(
        table(
            STUDENTS,
            ["HS201", "12345", "05/05/2015", "Nữ", "6A"],
            ["HS202", "Phan Thị Đào", tomorrow, "Nữ", "6A"],
            ["HS203", "Phan Thị Đào", "05/05/2015", "không", "6A"],
            ["HS204", None, "05/05/2015", "Nữ", "6A"],
            ["H" * 31, "Phan Thị Đào", "05/05/2015", "Nữ", "6A"],
            ["HS206", "漢" * 100, "05/05/2015", "Nữ", "6A"],
            ["HS207", '="Phan Thị Đào"', "05/05/2015", "Nữ", "6A"],
        )
    ) == [
        ("B2", "not_a_name"),
        ("C3", "born_in_future"),
        ("D4", "not_a_choice"),
        ("B5", "cell_missing"),
        ("A6", "too_long"),
        ("B7", "not_a_name"),
        ("B8", "cell_formula"),
    ]


def test_a_class_that_excel_made_a_date_of_is_told():
    def fill(book, page):
        page.write_row(0, 0, STUDENTS)
        page.write_row(1, 0, NEW[:4])
        page.write_datetime(1, 4, datetime(2026, 1, 6), book.add_format({"num_format": "d/m"}))

    assert sheets.refused(files.xlsx(fill)) == [("E2", "class_became_date")]


def test_a_merged_cell_is_refused_and_blank_rows_are_not_there():
    def fill(_book, page):
        page.write_row(0, 0, STUDENTS)
        page.write_row(1, 0, ["HS301", *NEW[1:]])
        page.write_row(4, 0, ["HS302", *NEW[1:]])
        page.merge_range(1, 4, 2, 4, "6A")
        page.write_row(2, 0, ["HS303", *NEW[1:4]])

    assert sheets.refused(files.xlsx(fill)) == [("E3", "cell_merged")]
    assert [entry.number for entry in sheets.entries(files.xlsx(fill))] == [2, 3, 5]


def test_the_day_has_to_be_one_of_the_year():
    for day in (date(2026, 6, 30), date(2027, 5, 30)):
        with pytest.raises(Invalid) as caught:
            sheets.start(table(STUDENTS, NEW), day=day)
        assert "day" in caught.value.errors


def test_without_a_day_it_is_today_or_the_first_day_of_the_year(monkeypatch):
    for today, expected in [
        (date(2026, 8, 10), date(2026, 9, 5)),
        (date(2026, 11, 3), date(2026, 11, 3)),
        (date(2027, 8, 3), date(2027, 5, 29)),
    ]:
        monkeypatch.setattr("schoolbook.clock.today", lambda today=today: today)
        assert sheets.start(table(STUDENTS, NEW), day=None).day == expected


def test_refused_rows_hold_back_all_unless_they_are_left_out():
    data = table(STUDENTS, NEW, ["HS101", "Võ Văn Em", "05/05/2015", "Nam", "9Z"])
    act = sheets.start(data)
    with pytest.raises(Invalid) as caught:
        sheets.apply(act)
    assert "leave_out" in caught.value.errors
    assert not Student.objects.filter(code="HS100").exists()
    act = sheets.apply(act, leave_out=True)
    assert (act.new, act.refused) == (1, 1)
    assert student("HS100")
    assert not Student.objects.filter(code="HS101").exists()


def test_a_change_since_the_preview_is_told_and_nothing_is_written():
    act = sheets.start(table(STUDENTS, NEW, [*BAO[:4], "6B"]))
    seen = sheets.preview(act).digest
    pupil = student("HS001")
    students.edit(
        student_id=pupil.pk,
        version=1,
        particulars=students.Particulars(
            code="HS001", full_name="Nguyễn Gia Bảo", sex="male", born_on=date(2015, 2, 1), note="x"
        ),
        reason="",
        actor=cast.user(cast.QUYEN),
    )
    with pytest.raises(imports.Outdated):
        sheets.apply(act, digest=seen)
    assert not Student.objects.filter(code="HS100").exists()
    sheets.apply(act)
    assert student("HS100")
