"""Levels, conduct and titles of a class, worked out on read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gradebook import access
from gradebook.selectors import levels
from gradebook.selectors.books import Place
from gradebook.selectors.ledger import Seen, ledger
from gradebook.selectors.sheet import sheet
from schoolbook.services import student_file
from tests import cast
from tests.gradebook import book

pytestmark = pytest.mark.django_db


def found(period="year", actor=cast.LAN):
    held = ledger(access.seen(cast.user(actor), cast.class_group().pk))
    return levels.levels(held, period)


def waiting(one):
    """The subjects without which there is no level."""
    return one.academic.missing


def bao(period="year", **more):
    return found(period, **more)[cast.pupil().pk]


def conduct(term, text, component="conduct"):
    book.fill(
        book.class_place(term),
        cast.user(cast.LAN),
        {cast.pupil(): {(component, 1): text}},
    )


@pytest.fixture
def teacher():
    return book.teach_everything(cast.CHI)


@pytest.fixture
def whole_year(teacher):
    book.whole_term(1, teacher)
    book.whole_term(2, teacher)
    conduct(1, "Khá")
    conduct(2, "Tốt")


def test_without_marks_a_level_waits_and_names_what_is_missing():
    one = bao("term1")
    assert (one.level, one.conduct, one.title) == (None, None, None)
    assert "Toán" in one.academic.missing
    assert one.problems == ()


def test_a_term_has_its_level_and_conduct(teacher):
    book.whole_term(1, teacher)
    conduct(1, "Khá")
    one = bao("term1")
    assert (one.level, one.conduct) == ("Tốt", "Khá")
    assert one.title is None
    assert bao("year").level is None


def test_the_year_follows_from_both_terms_with_conduct_by_the_table(whole_year):
    one = bao()
    assert (one.level, one.conduct, one.title) == ("Tốt", "Tốt", "Học sinh Giỏi")
    assert one.conduct_result.steps
    assert one.promotion is None


def test_being_assessed_again_stands_beside_the_first_level_and_changes_no_average(
    whole_year, teacher
):
    low = dict.fromkeys(book.TERM_OF_MARKS, "3")
    for code, actor in (("ngu_van", teacher), ("toan", teacher)):
        for term in (1, 2):
            book.fill(book.place(code, term), actor, {cast.pupil(): low})
    before = bao()
    for code in ("ngu_van", "toan"):
        book.fill(book.place(code, 2), teacher, {cast.pupil(): {("retest", 1): "8"}})
    after = bao()
    assert before.level == after.level == "Chưa đạt"
    assert after.level_again == "Tốt"
    assert before.level_again is None


def test_conduct_after_the_summer_stands_beside_the_first(whole_year):
    conduct(1, "Chưa đạt")
    conduct(2, "Chưa đạt")
    conduct(2, "Đạt", "conduct_summer")
    one = bao()
    assert (one.conduct, one.conduct_again) == ("Chưa đạt", "Đạt")


def test_what_the_engine_refuses_is_its_sentence(whole_year):
    conduct(2, "Đạt", "conduct_summer")
    [problem] = bao().problems
    assert problem.vi
    assert bao().level == "Tốt"


def test_an_exempt_pupil_without_a_row_has_what_no_cells_give():
    group = cast.class_group()
    group.scheme = "tt58"  # there exemption drops the subject
    taught = book.taught("gdtc")
    student_file.exempt(
        student_id=cast.pupil().pk,
        subject=taught.subject,
        year=group.year,
        terms=(True, True),
        kind="exempt",
        paper="Giấy ra viện",
        actor=cast.user(cast.QUYEN),
    )
    held = ledger(Seen(group, whole=True))
    subject = next(one for one in held.subjects if one.class_subject == taught)
    assert held.figure(subject, cast.pupil().pk, "term1").shown == "M"
    other = cast.pupil(cast.PUPILS[1]).pk
    assert held.figure(subject, other, "term1").shown == ""
    found = levels.levels(held, "term1")
    assert taught.subject.name in waiting(found[other])
    assert taught.subject.name not in waiting(found[cast.pupil().pk])


@pytest.mark.parametrize("more", [0, 20])
def test_a_class_takes_as_many_queries_for_three_pupils_as_for_many(more, exactly_queries):
    book.more_pupils(more)
    seen = access.seen(cast.user(cast.LAN), cast.class_group().pk)
    conduct(1, "Khá")
    book.fill(book.place(), cast.user(cast.CHI), dict.fromkeys(book.pupils(), book.TERM_OF_MARKS))
    with exactly_queries(6):  # sheets, subjects, pupils, results, cells, exemptions
        held = ledger(seen)
        for period in levels.SECONDARY_PERIODS:
            levels.summary(held, period)


def test_who_sees_one_subject_only_sees_that_and_no_level():
    held = ledger(access.seen(cast.user(cast.CHI), cast.class_group().pk))
    shown = levels.summary(held, "term1")
    assert [one.code for one in shown.subjects] == ["toan"]
    assert {row.levels for row in shown.rows} == {None}


def test_the_head_of_a_department_sees_its_subjects_and_no_level():
    seen = access.seen(cast.user(cast.PHUC), cast.class_group().pk)
    assert (seen.whole, len(seen.only)) == (False, 1)


def test_the_sheet_and_the_summary_show_the_same_result(teacher):
    book.whole_term(1, teacher)
    one = sheet(access.book(cast.user(cast.CHI), book.place()))
    held = ledger(access.seen(cast.user(cast.LAN), cast.class_group().pk))
    maths = next(each for each in held.subjects if each.code == "toan")
    for row in one.rows:
        assert row.results[0].shown == held.figure(maths, row.pupil.id, "term1").shown


class TestPrimary:
    @pytest.fixture
    def group(self):
        made, self.teacher = book.primary_class()
        return made

    def fill(self, group, *, level="T", test="9"):
        pupil = book.pupils(group)[0]
        for taught in group.class_subjects.all():
            for term in (1, 2):
                where = Place(term, class_subject_id=taught.pk)
                known = access.book(self.teacher, where).columns
                cells = {
                    column.key: level if column.component == "level" else test
                    for column in known
                    if column.required
                }
                book.fill(where, self.teacher, {pupil: cells})
        for term in (1, 2):
            where = Place(term, class_group_id=group.pk)
            known = access.book(self.teacher, where).columns
            book.fill(where, self.teacher, {pupil: {one.key: "T" for one in known if one.required}})
        return pupil

    def levels(self, group, period):
        held = ledger(access.seen(self.teacher, group.pk))
        return levels.levels(held, period)[book.pupils(group)[0].pk], held

    def test_the_year_of_a_primary_pupil_has_a_level_and_asks_the_class_for_the_title(self, group):
        self.fill(group)
        one, _held = self.levels(group, "year")
        assert one.level == "Hoàn thành xuất sắc"
        assert one.title == "Học sinh Xuất sắc"
        assert one.promotion.outcome == "promoted"
        assert one.problems == ()

    def test_a_moment_says_what_is_missing(self, group):
        one, _held = self.levels(group, "term1")
        assert one.level is None
        assert "toan" in one.primary.missing

    def test_a_second_test_stands_for_the_first(self, group):
        pupil = self.fill(group, test="4")
        assert self.levels(group, "year")[0].level == "Chưa hoàn thành"
        maths = group.class_subjects.get(subject__code="toan")
        tested = [
            taught
            for taught in group.class_subjects.all()
            if ("test_again", 2) in book.columns(Place(2, class_subject_id=taught.pk), self.teacher)
        ]
        assert maths in tested
        for taught in tested:
            book.fill(
                Place(2, class_subject_id=taught.pk),
                self.teacher,
                {pupil: {("test_again", 2): "9"}},
            )
        assert self.levels(group, "year")[0].level == "Hoàn thành xuất sắc"

    def test_the_summary_shows_the_level_with_its_test(self, group):
        self.fill(group)
        _one, held = self.levels(group, "year")
        shown = levels.summary(held, "year")
        maths = next(cell for cell in shown.rows[0].cells if cell.book.code == "toan")
        assert maths.shown == "T 9"

    def test_it_takes_six_queries(self, group):
        self.fill(group)
        seen = access.seen(self.teacher, group.pk)
        with CaptureQueriesContext(connection) as captured:
            held = ledger(seen)
            for moment in levels.PRIMARY_PERIODS:
                levels.summary(held, moment)
        assert len(captured) == 6
