"""Marks as others look at them: pages of classes, pupils and summaries, and how every number explains itself."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext, override

from gradebook import access
from gradebook.models import ResultCheck
from gradebook.selectors import missing
from gradebook.selectors.sheet import sheet
from schoolbook.excel import read
from schoolbook.services import students
from tests import cast
from tests.gradebook import book

pytestmark = pytest.mark.django_db


def fill(typed="8", term=1, who=None):
    cells = dict.fromkeys(book.TERM_OF_MARKS, typed)
    book.fill(
        book.place(term=term), cast.user(cast.CHI), dict.fromkeys(who or book.pupils(), cells)
    )


def of_class(name):
    return reverse(f"gradebook:{name}", args=[cast.class_group().pk])


def of_maths(name, *more):
    return reverse(f"gradebook:{name}", args=[book.taught().pk, *more])


def of_pupil(name, *more, pupil=cast.PUPILS[0]):
    return reverse(f"gradebook:{name}", args=[cast.class_group().pk, cast.pupil(pupil).pk, *more])


def label(msgid):
    with override("vi"):
        return escape(gettext(msgid))


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


class TestSheets:
    def test_a_teacher_sees_the_own_sheets_with_what_is_missing(self, as_person):
        page = text(as_person(cast.CHI).get(reverse("gradebook:my_sheets")))
        assert "6A · Toán" in page
        assert "18 trên 18" in page or "18 of 18" in page
        assert "6B" not in page

    @pytest.mark.parametrize(
        ("person", "names"),
        [
            (cast.CHI, {"6A"}),
            (cast.VAN, {"6A"}),
            (cast.PHUC, {"6A"}),
            (cast.LAN, {"6A"}),
            (cast.MINH, {"6B"}),
            (cast.SON, {"6A", "6B"}),
        ],
    )
    def test_the_classes_are_those_of_whose_marks_one_may_see_some(self, person, names, as_person):
        page = text(as_person(person).get(reverse("gradebook:my_sheets")))
        seen = {
            name
            for name in ("6A", "6B")
            if reverse("gradebook:class_marks", args=[cast.class_group(name).pk]) in page
        }
        assert seen == names

    def test_so_does_somebody_to_whom_entry_was_lent(self, as_person):
        assert "6A · Toán" in text(as_person(cast.VAN).get(reverse("gradebook:my_sheets")))

    def test_a_homeroom_teacher_sees_the_sheet_of_the_class(self, as_person):
        page = text(as_person(cast.LAN).get(reverse("gradebook:my_sheets")))
        assert reverse("gradebook:class_summary", args=[cast.class_group().pk]) in page

    def test_somebody_without_marks_is_refused(self, as_person):
        assert as_person(cast.QUYEN).get(reverse("gradebook:my_sheets")).status_code == 403

    def test_home_leads_to_the_sheets_while_marks_are_missing(self, as_person):
        client, card = as_person(cast.CHI), label("Open your sheets")
        assert card in text(client.get("/"))
        for term in (1, 2):
            fill(term=term)
        assert card not in text(client.get("/"))
        assert label("complete") in text(client.get(reverse("gradebook:my_sheets")))

    def test_what_is_missing_is_what_the_sheet_says(self, as_person):
        fill(who=book.pupils()[:1])
        page = text(as_person(cast.CHI).get(f"{reverse('gradebook:my_sheets')}?term=1"))
        assert "12 trên 18" in page or "12 of 18" in page

    def test_somebody_who_left_counts_neither_as_missing_nor_as_filled(self, as_person):
        fill(who=book.pupils()[:1])
        students.leave(
            enrolment_id=cast.pupil().enrolments.get().pk,
            last_day=date(2026, 10, 1),
            reason="Chuyển trường",
            actor=cast.user(cast.QUYEN),
        )
        books = access.own_books(cast.user(cast.CHI), 1)
        [line] = missing.lines(books)
        assert (line.missing, line.expected) == (12, 12)
        assert sheet(access.book(cast.user(cast.CHI), book.place())).missing == 12
        assert "6A" in text(as_person(cast.CHI).get(reverse("gradebook:my_sheets")))

    @pytest.mark.parametrize("more", [0, 30])
    def test_queries_do_not_grow(self, more, as_person, exactly_queries):
        book.more_pupils(more)
        book.teach_everything(cast.CHI)
        client = as_person(cast.CHI)
        with exactly_queries(12):
            client.get(reverse("gradebook:my_sheets"))


class TestClass:
    def test_the_homeroom_teacher_sees_every_subject_with_its_teacher(self, as_person):
        page = text(as_person(cast.LAN).get(of_class("class_marks")))
        assert "Ngữ văn" in page
        assert cast.CHI.full_name in page

    @pytest.mark.parametrize("person", [cast.CHI, cast.VAN, cast.PHUC])
    def test_who_has_one_subject_there_sees_that_one(self, person, as_person):
        page = text(as_person(person).get(of_class("class_marks")))
        assert "Toán" in page
        assert "Ngữ văn" not in page

    def test_who_may_look_at_the_class_but_not_at_marks_is_refused(self, as_person):
        assert as_person(cast.QUYEN).get(of_class("class_marks")).status_code == 403

    @pytest.mark.parametrize(
        "query", ["?term=2", "?term=3", "?term=x", "?term=%00", "?term=" + "9" * 50]
    )
    def test_a_term_that_makes_no_sense_is_the_present_one(self, query, as_person):
        text(as_person(cast.LAN).get(of_class("class_marks") + query))

    @pytest.mark.parametrize("more", [0, 30])
    @pytest.mark.parametrize(
        ("name", "queries"),
        [
            ("class_marks", 17),
            ("class_summary", 16),
            ("class_slips", 14),
            ("export_class_summary", 12),
        ],
    )
    def test_queries_do_not_grow(self, name, queries, more, as_person, exactly_queries):
        book.more_pupils(more)
        fill()
        client = as_person(cast.LAN)
        with exactly_queries(queries):
            client.get(of_class(name))

    def test_the_sheet_of_a_subject_shows_both_terms_and_the_year(self, as_person):
        fill("8")
        fill("6,5", term=2)
        page = text(as_person(cast.BINH).get(of_maths("class_by_subject")))
        for head in ("ĐĐGck", "ĐTBmhkI", "ĐTBmhkII", "ĐTBmcn"):
            assert head in page
        assert of_maths("explain_result", cast.pupil().pk, "year") in page
        assert ">7<" in page  # (8 + 2 × 6,5) ÷ 3

    @pytest.mark.parametrize("more", [0, 30])
    def test_it_takes_no_more_queries_for_more_pupils(self, more, as_person, exactly_queries):
        book.more_pupils(more)
        fill()
        client = as_person(cast.CHI)
        with exactly_queries(19):
            client.get(of_maths("class_by_subject"))


class TestSummary:
    def test_a_leader_sees_results_levels_and_conduct(self, as_person):
        fill()
        page = text(as_person(cast.BINH).get(of_class("class_summary") + "?period=term1"))
        assert "Kết quả học tập" in page
        assert of_pupil("explain_level", "term1") in page

    def test_a_subject_teacher_sees_the_own_subject_and_no_level(self, as_person):
        fill()
        page = text(as_person(cast.CHI).get(of_class("class_summary")))
        assert "Toán" in page
        assert "Kết quả học tập</" not in page
        assert "Ngữ văn" not in page

    def test_the_spreadsheet_has_the_heads_of_the_official_summary(self, as_person):
        fill()
        answer = as_person(cast.LAN).get(of_class("export_class_summary") + "?period=term1")
        (table,) = read(answer.content).sheets
        heads = [cell.text for cell in table.rows[1]]
        assert heads[:4] == ["STT", "Mã học sinh", "Họ và tên", "Ngày sinh"]
        assert "Kết quả rèn luyện" in heads


class TestPupil:
    def test_the_mark_sheet_has_every_mark(self, as_person):
        fill("8,5")
        page = text(as_person(cast.BINH).get(of_pupil("student_marks")))
        assert page.count("8,5") >= 7

    def test_a_teacher_sees_the_own_subject_only(self, as_person):
        page = text(as_person(cast.CHI).get(of_pupil("student_marks")))
        assert "Toán" in page
        assert "Ngữ văn" not in page

    def test_a_slip_says_nothing_of_anybody_else(self, as_person):
        fill()
        page = text(as_person(cast.LAN).get(of_pupil("mark_slip")))
        main = page[page.index("<main") :]
        assert cast.PUPILS[0] in main
        assert cast.PUPILS[1] not in main

    def test_the_slips_of_a_class_are_one_for_each(self, as_person):
        page = text(as_person(cast.LAN).get(of_class("class_slips")))
        assert page.count("<article") == 3

    @pytest.mark.parametrize("period", ["term1", "term2", "year"])
    def test_every_period_has_its_slip(self, period, as_person):
        fill()
        text(as_person(cast.LAN).get(of_pupil("mark_slip") + f"?period={period}"))

    def test_a_figure_that_was_taken_over_says_so(self, as_person):
        book.fill(
            book.place(), cast.user(cast.CHI), {cast.pupil(): {("term_result", 1): "7,4"}}, "SMAS"
        )
        for address in (
            of_pupil("student_marks"),
            of_class("class_summary") + "?period=term1",
            of_pupil("mark_slip") + "?period=term1",
            of_maths("class_by_subject"),
        ):
            assert 'class="taken-over"' in text(as_person(cast.LAN).get(address)), address

    def test_a_pupil_of_another_class_is_not_found(self, as_person):
        other = reverse(
            "gradebook:student_marks", args=[cast.class_group("6B").pk, cast.pupil().pk]
        )
        assert as_person(cast.BINH).get(other).status_code == 404


class TestExplanation:
    def test_an_average_shows_its_formula_and_article(self, as_person):
        fill("8")
        page = text(as_person(cast.CHI).get(of_maths("explain_result", cast.pupil().pk, "term1")))
        assert "÷" in page
        assert "TT 22/2021" in page

    def test_in_english_it_is_in_english(self, as_person):
        fill("8")
        client = as_person(cast.CHI)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = text(client.get(of_maths("explain_result", cast.pupil().pk, "term1")))
        assert "How it is worked out" in page

    def test_what_is_missing_is_named(self, as_person):
        book.fill(book.place(), cast.user(cast.CHI), {cast.pupil(): {("regular", 1): "8"}})
        page = text(as_person(cast.CHI).get(of_maths("explain_result", cast.pupil().pk, "term1")))
        assert "ĐĐGck" in page

    def test_beside_the_sheet_it_is_a_fragment(self, as_person):
        fill()
        address = of_maths("explain_result", cast.pupil().pk, "term1")
        page = text(as_person(cast.CHI).get(address, HTTP_HX_REQUEST="true"))
        assert "<html" not in page
        assert 'id="explanation"' in page

    @pytest.mark.parametrize("period", ["term1", "term2", "year"])
    def test_a_level_is_explained_whatever_is_missing(self, period, as_person):
        text(as_person(cast.LAN).get(of_pupil("explain_level", period)))

    def test_a_level_is_for_those_who_see_the_whole_class(self, as_person):
        assert as_person(cast.CHI).get(of_pupil("explain_level", "term1")).status_code == 403

    @pytest.mark.parametrize("period", ["term3", "midterm1", "x" * 300])
    def test_a_period_that_there_is_not_is_not_found(self, period, as_person):
        client = as_person(cast.LAN)
        assert client.get(of_pupil("explain_level", period)).status_code == 404
        address = of_maths("explain_result", cast.pupil().pk, period)
        assert client.get(address).status_code == 404


class TestCheck:
    def digest(self, page):
        return page.split('name="digest" value="')[1][:64]

    def test_the_teacher_confirms_what_the_page_shows(self, as_person):
        fill()
        client = as_person(cast.CHI)
        page = text(client.get(of_maths("class_by_subject")))
        answer = client.post(of_maths("check_subject", 1), {"digest": self.digest(page)})
        assert answer.status_code == 302
        assert answer["Location"] == of_maths("class_by_subject")
        assert ResultCheck.objects.get().user == cast.user(cast.CHI)
        assert cast.CHI.full_name in text(
            as_person(cast.LAN).get(of_class("class_marks") + "?term=1")
        )

    def test_it_goes_back_where_it_came_from_but_never_elsewhere(self, as_person):
        fill()
        client = as_person(cast.CHI)
        digest = self.digest(text(client.get(of_maths("class_by_subject"))))
        for asked, place in (
            ("/marks/", "/marks/"),
            ("//evil.example/", of_maths("class_by_subject")),
        ):
            data = {"digest": digest, "next": asked}
            assert client.post(of_maths("check_subject", 1), data)["Location"] == place

    def test_figures_that_changed_are_told_in_place(self, as_person):
        fill()
        client = as_person(cast.CHI)
        digest = self.digest(text(client.get(of_maths("class_by_subject"))))
        fill("9")
        page = text(client.post(of_maths("check_subject", 1), {"digest": digest}), 422)
        assert "data-focus" in page
        assert not ResultCheck.objects.exists()

    @pytest.mark.parametrize("digest", ["", "x", "a" * 65, "\0", "A" * 64])
    def test_nonsense_is_refused(self, digest, as_person):
        fill()
        assert (
            as_person(cast.CHI).post(of_maths("check_subject", 1), {"digest": digest}).status_code
            == 422
        )

    def test_no_button_for_whom_entry_was_lent(self, as_person):
        fill()
        assert 'name="digest"' not in text(as_person(cast.VAN).get(of_maths("class_by_subject")))

    def test_the_homeroom_teacher_confirms_the_class(self, as_person):
        book.fill(book.class_place(), cast.user(cast.LAN), {cast.pupil(): {("conduct", 1): "Tốt"}})
        client = as_person(cast.LAN)
        page = text(client.get(of_class("class_summary") + "?period=term1"))
        here = reverse("gradebook:check_class", args=[cast.class_group().pk, 1])
        assert client.post(here, {"digest": self.digest(page)}).status_code == 302
        assert cast.LAN.full_name in text(
            as_person(cast.BINH).get(of_class("class_summary") + "?period=term1")
        )

    def test_a_term_that_there_is_not_is_not_found(self, as_person):
        fill()
        data = {"digest": "a" * 64}
        assert as_person(cast.CHI).post(of_maths("check_subject", 3), data).status_code == 404


HUGE = 10**30


@pytest.mark.parametrize(
    "address",
    [
        f"/classes/{HUGE}/marks/",
        f"/class-subjects/{HUGE}/marks/",
        f"/classes/{HUGE}/summary/",
        f"/classes/{HUGE}/slips/",
        f"/classes/{{group}}/students/{HUGE}/marks/",
        f"/classes/{{group}}/students/{HUGE}/slip/",
        f"/classes/{{group}}/students/{HUGE}/levels/year/",
        f"/classes/{{group}}/students/{HUGE}/marks/history/",
        f"/class-subjects/{{taught}}/students/{HUGE}/results/year/",
        f"/class-subjects/{{taught}}/terms/{HUGE}/history/",
        f"/class-subjects/{{taught}}/terms/1/students/{HUGE}/regular/1/history/",
        f"/class-subjects/{{taught}}/terms/1/students/{{pupil}}/regular/{HUGE}/history/",
        f"/classes/{{group}}/terms/{HUGE}/history/",
        f"/classes/{HUGE}/terms/1/history/",
    ],
)
def test_a_number_beyond_all_is_not_found(address, as_person):
    address = address.format(
        group=cast.class_group().pk, taught=book.taught().pk, pupil=cast.pupil().pk
    )
    assert as_person(cast.LAN).get(address).status_code == 404
