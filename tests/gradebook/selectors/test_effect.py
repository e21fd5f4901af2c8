"""What a correction would do, before it is sent: by every circular, with what cannot be said yet."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from gradebook import access, words_effect
from gradebook.models import Mark
from gradebook.rules.effect import NONE, Effect, Line
from gradebook.rules.typed import Entry, State
from gradebook.selectors.books import Place
from gradebook.selectors.effect import effect
from schoolbook import audit
from schoolbook.models import ClassSubject, User
from tests import cast
from tests.gradebook import book

pytestmark = pytest.mark.django_db
ALL_LOW = {key: Entry(State.VALUE, score=Decimal(1)) for key in book.TERM_OF_MARKS}
SECONDARY = ["tt22", "tt58", "tt26", "tt43"]


def mark(text):
    return Entry(State.VALUE, score=Decimal(text))


def level(text):
    return Entry(State.VALUE, level=text)


def lines(found):
    return {line.key: (line.before, line.after) for line in found.lines}


def corrected(cells, where=None, actor=cast.CHI, **more):
    """What these cells of the first pupil would do on a sheet, that of Toán in term 1 unless another is named."""
    student = cast.pupil().pk
    there = access.book(cast.user(actor), where or book.place())
    changed = {(student, *cell): entry for cell, entry in cells.items()}
    return effect(there, student, changed, **more)


def fill_all_columns(teacher):
    """Every column of the circular of the class, of the first pupil, in both terms."""
    for term in (1, 2):
        for row in ClassSubject.objects.filter(class_group=cast.class_group()):
            where = Place(term, class_subject_id=row.pk)
            text = "8" if row.assessed_by == "score" else "Đ"
            cells = {
                column.key: text
                for column in access.book(teacher, where).columns
                if column.kind != "text" and column.component != "retest"
            }
            book.fill(where, teacher, {cast.pupil(): cells})


def conduct(term, text, component="conduct"):
    book.fill(book.class_place(term), cast.user(cast.LAN), {cast.pupil(): {(component, 1): text}})


@pytest.fixture
def teacher():
    return book.teach_everything(cast.CHI)


@pytest.fixture
def whole_year(teacher):
    for term in (1, 2):
        book.whole_term(term, teacher, [cast.pupil()])


@pytest.fixture
def by_circular():
    """Lets the class follow a circular, before anything is entered."""

    def follow(scheme):
        group = cast.class_group()
        group.scheme = scheme
        group.save()
        audit.record([group], actor=User.objects.system())

    return follow


def test_average_and_level_before_and_after_with_a_changed_level(whole_year):
    found = corrected({("final", 1): mark("4")})
    assert lines(found) == {
        "average:term1": ("8", "6,7"),
        "average:year": ("8", "7,6"),
        "level:term1": ("Tốt", "Tốt"),
        "level:year": ("Tốt", "Tốt"),
    }
    changed = lines(corrected(ALL_LOW))
    assert changed["average:term1"] == ("8", "1")
    assert changed["level:term1"][0] == "Tốt"
    assert changed["level:term1"][1] != "Tốt"


def test_nothing_is_written_and_nobody_is_asked_twice(whole_year, exactly_queries):
    before = list(Mark.objects.values_list("pk", "version"))
    there = access.book(cast.user(cast.CHI), book.place())
    pupil = cast.pupil().pk
    with exactly_queries(6):
        effect(there, pupil, {(pupil, "final", 1): mark("4")})
    assert list(Mark.objects.values_list("pk", "version")) == before


def test_more_pupils_and_cells_take_no_more_queries(teacher, exactly_queries):
    book.more_pupils(20)
    book.fill(book.place(), teacher, dict.fromkeys(book.pupils(), book.TERM_OF_MARKS))
    there = access.book(cast.user(cast.CHI), book.place())
    pupil = cast.pupil().pk
    changed = {(pupil, "regular", number): mark("4") for number in (1, 2, 3, 4)}
    with exactly_queries(6):
        effect(there, pupil, changed)


def test_it_says_what_a_save_of_the_same_would_make(whole_year):
    found = lines(corrected({("final", 1): mark("5.5"), ("regular", 2): mark("3")}))
    outcome = book.fill(
        book.place(),
        cast.user(cast.CHI),
        {cast.pupil(): {("final", 1): "5,5", ("regular", 2): "3"}},
    )
    results = outcome.results[cast.pupil().pk].by_period
    for period in ("term1", "year"):
        shown = str(results[period].average).replace(".", ",")
        assert found[f"average:{period}"][1] == shown


def test_without_conduct_the_title_waits_and_the_page_says_for_what(whole_year):
    found = corrected({("final", 1): mark("4")})
    assert found.missing == ("conduct:term1", "conduct:term2", "absences:year")
    said = words_effect.missing(found)
    assert len(said) == 3
    assert all(said)
    conduct(1, "Tốt")
    assert corrected({("final", 1): mark("4")}).missing == ("conduct:term2", "absences:year")


def test_with_conduct_and_absences_title_and_promotion_are_said(whole_year):
    conduct(1, "Tốt")
    conduct(2, "Tốt")
    found = corrected({("final", 1): mark("4")})
    assert lines(found)["title:year"] == ("Học sinh Giỏi", "Học sinh Giỏi")
    assert found.missing == ("absences:year",)
    found = corrected(ALL_LOW, absences=3)
    assert lines(found)["promotion:year"] == ("promoted", "promoted")
    assert lines(found)["title:year"] == ("Học sinh Giỏi", NONE)
    assert found.missing == ()
    assert lines(corrected(ALL_LOW, absences=99))["promotion:year"] == ("retained", "retained")


def test_while_other_subjects_have_no_result_the_level_waits(teacher):
    book.fill(book.place(), teacher, {cast.pupil(): book.TERM_OF_MARKS})
    found = corrected({("final", 1): mark("4")})
    assert lines(found)["level:term1"] == ("", "")
    assert {"subjects:term1", "subjects:year", "result:year"} <= set(found.missing)


@pytest.mark.parametrize("scheme", SECONDARY)
def test_every_circular_of_secondary_schools_tells_average_and_level(scheme, by_circular, teacher):
    by_circular(scheme)
    fill_all_columns(teacher)
    found = corrected({("final", 1): mark("1")})
    told = lines(found)
    assert told["average:term1"][0] == "8"
    assert Decimal(told["average:term1"][1].replace(",", ".")) < 8
    assert told["level:term1"][0] in {"Tốt", "Giỏi"}
    assert told["level:term1"][1] not in {"", "Tốt", "Giỏi"}
    assert any(one.startswith("conduct:") for one in found.missing)
    assert "absences:year" in found.missing


def test_where_titles_are_given_by_term_that_of_the_term_is_said(by_circular, teacher):
    by_circular("tt58")
    fill_all_columns(teacher)
    conduct(1, "Tốt")
    found = corrected({("final", 1): mark("4")})
    assert "title:term1" in lines(found)
    assert "conduct:year" in found.missing
    assert "conduct:term1" not in found.missing


def test_a_subject_without_marks_has_a_level(whole_year):
    found = corrected({("final", 1): level("CĐ")}, book.place("gdtc"))
    assert lines(found)["reached:term1"] == ("Đ", "CĐ")


def test_conduct_on_the_homeroom_teachers_sheet(whole_year):
    conduct(1, "Tốt")
    conduct(2, "Tốt")
    found = corrected({("conduct", 1): level("Đạt")}, book.class_place(2), cast.LAN, absences=0)
    told = lines(found)
    assert told["conduct:term2"] == ("Tốt", "Đạt")
    assert told["conduct:year"] == ("Tốt", "Khá")
    assert told["title:year"] == ("Học sinh Giỏi", NONE)
    assert told["promotion:year"] == ("promoted", "promoted")
    assert "level:year" not in told


def test_the_level_after_the_summer_stands_beside_the_first(whole_year, teacher):
    low = dict.fromkeys(book.TERM_OF_MARKS, "3")
    for code in ("toan", "ngu_van"):
        for term in (1, 2):
            book.fill(book.place(code, term), teacher, {cast.pupil(): low})
        book.fill(book.place(code, 2), teacher, {cast.pupil(): {("retest", 1): "4"}})
    conduct(1, "Tốt")
    conduct(2, "Tốt")
    found = lines(corrected({("retest", 1): mark("8")}, book.place(term=2)))
    assert set(found) >= {"level:summer", "average:year"}
    assert "average:term2" not in found
    assert found["level:year"] == ("Chưa đạt", "Chưa đạt")
    assert found["level:summer"] == ("Đạt", "Khá")


@pytest.mark.parametrize("where", [book.place, book.class_place])
def test_from_remarks_nothing_follows_and_nothing_is_asked(where, exactly_queries):
    actor = cast.LAN if where is book.class_place else cast.CHI
    there = access.book(cast.user(actor), where())
    pupil = cast.pupil().pk
    changed = {(pupil, "comment", 1): Entry(State.VALUE, text="Chăm học")}
    with exactly_queries(0):
        assert effect(there, pupil, changed) == Effect()


def test_of_somebody_who_is_not_in_the_class_nothing_is_said():
    there = access.book(cast.user(cast.CHI), book.place())
    assert effect(there, 10**9, {(10**9, "final", 1): mark("4")}) == Effect()


class TestPrimary:
    @pytest.fixture
    def pupil(self):
        """A pupil of grade 4 with everything but one entered at the end of the year."""
        group, self.teacher = book.primary_class()
        [pupil] = book.pupils(group)
        self.group = group
        for row in group.class_subjects.all():
            self.fill(Place(2, class_subject_id=row.pk), pupil, ("level", 2))
        self.fill(Place(2, class_group_id=group.pk), pupil, ("quality_end", 0))
        return pupil

    def fill(self, where, pupil, last):
        there = access.book(self.teacher, where)
        at_end = {
            column.key: "9" if column.kind == "whole" else "T"
            for column in there.columns
            if column.component in {"level", "test", "quality_end", "competence_end"}
            and (column.component in {"quality_end", "competence_end"} or column.number == 2)
        }
        edits = {pupil: at_end}
        seen = book.fill(where, self.teacher, edits)
        assert seen.is_whole, last

    def corrected(self, pupil, cells, where):
        there = access.book(self.teacher, where)
        changed = {(pupil.pk, *cell): entry for cell, entry in cells.items()}
        return effect(there, pupil.pk, changed)

    def maths(self):
        return Place(2, class_subject_id=self.group.class_subjects.get(subject__code="toan").pk)

    def test_the_level_of_the_year_title_and_promotion_follow(self, pupil):
        found = self.corrected(pupil, {("test", 2): mark("3")}, self.maths())
        told = lines(found)
        assert told["moment:year"] == ("T 9", "T 3")
        assert told["completion:year"] == ("Hoàn thành xuất sắc", "Chưa hoàn thành")
        assert told["promotion:year"] == ("promoted", "head_decides")
        assert told["title:year"][1] == NONE
        assert found.missing == ()

    def test_where_the_class_has_its_say_the_title_waits(self, pupil):
        found = self.corrected(pupil, {("test", 2): mark("7")}, self.maths())
        assert lines(found)["completion:year"][1] == "Hoàn thành tốt"
        assert found.missing == ("recognition:year",)

    def test_qualities_count_too(self, pupil):
        where = Place(2, class_group_id=self.group.pk)
        found = self.corrected(pupil, {("quality_end", 1): level("C")}, where)
        assert lines(found)["completion:year"] == ("Hoàn thành xuất sắc", "Chưa hoàn thành")

    def test_in_the_middle_of_a_term_only_the_moment_changes(self, pupil):
        found = self.corrected(pupil, {("level", 1): level("H")}, self.maths())
        assert lines(found) == {"moment:midterm2": ("", "H")}
        assert found.missing == ()


def test_it_is_kept_as_plain_json_and_read_again():
    found = Effect((Line("average:term1", "8", "6,5"),), ("conduct:year",))
    assert found.as_json() == {
        "lines": [{"key": "average:term1", "before": "8", "after": "6,5"}],
        "missing": ["conduct:year"],
    }
    assert Effect.from_json(found.as_json()) == found
    assert Effect.from_json({}) == Effect()


def test_every_line_has_words():
    found = Effect(
        (
            Line("average:term1", "8", "6,5"),
            Line("reached:year", "", "Đ"),
            Line("moment:midterm2", "T", "H"),
            Line("conduct:summer", "", "Đạt"),
            Line("level:summer", "", "Khá"),
            Line("completion:year", "", "Hoàn thành"),
            Line("title:year", "Học sinh Giỏi", NONE),
            Line("promotion:year", "promoted", "retained"),
        ),
        tuple(f"{code}:year" for code in words_effect.MISSING),
    )
    with override("en"):
        told = words_effect.lines(found)
    assert [one.is_changed for one in told] == [True] * 8
    assert told[0].label == "ĐTBmhkI"
    assert told[1].before == "not yet known"
    assert all(one.label and one.after for one in told)
    assert NONE not in {one.after for one in told}
    assert len(words_effect.missing(found)) == len(words_effect.MISSING)


def test_what_was_kept_by_another_version_is_shown_as_it_is():
    found = Effect((Line("sonstiges:x", "a", "b"),), ("other:y",))
    [told] = words_effect.lines(found)
    assert (told.before, told.after) == ("a", "b")
    assert words_effect.missing(found) == ["other:y"]
