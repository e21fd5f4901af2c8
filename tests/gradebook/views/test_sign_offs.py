"""The pages on which sheets and classes are confirmed, and what they say of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gradebook.models import SignOff
from schoolbook.models import User
from schoolbook.services import structure
from tests import cast
from tests.browser.words import say
from tests.gradebook import book
from tests.gradebook.closing import typed, unlock
from tests.gradebook.services.test_class_sign_offs import (
    confirm,
    now,
    prepared,
    primary,
    sign_subjects,
)
from tests.gradebook.services.test_sign_offs import fill, sign
from tests.gradebook.views.confirming import field, of_class, of_sheet, send, text

pytestmark = pytest.mark.django_db


class TestSheet:
    def test_the_teacher_looks_through_and_confirms(self, as_person):
        fill()
        client = as_person(cast.CHI)
        page = text(client.get(of_sheet()))
        for name in cast.PUPILS:
            assert name in page
        sent = {name: field(page, name) for name in ("digest", "link")}
        assert sent["digest"][:12] in page
        answer = send(client, of_sheet(), **sent)
        assert (answer.status_code, answer["Location"]) == (302, of_sheet())
        page = text(client.get(of_sheet()))
        assert sent["digest"][:12] in page
        assert say("Take the confirmation back") in page
        assert f">{say('Confirm this sheet')}<" not in page
        assert SignOff.objects.get().digest == sent["digest"]

    def test_the_sheet_says_by_whom_and_over_what(self, as_person):
        fill()
        row = sign()
        sheet = reverse("gradebook:subject_sheet", args=[book.taught().pk, 1])
        page = text(as_person(cast.CHI).get(sheet))
        assert row.digest[:12] in page
        assert cast.CHI.full_name in page
        assert of_sheet() in page
        unlock()
        typed(book.place(), "9", person=cast.VAN, cell=("final", 1), seen=1)
        page = text(as_person(cast.CHI).get(sheet))
        assert row.digest[:12] not in page
        assert cast.VAN.full_name in page

    def test_whom_entry_was_lent_to_is_not_asked_to_confirm(self, as_person):
        fill()
        sheet = reverse("gradebook:subject_sheet", args=[book.taught().pk, 1])
        assert say("Confirm this sheet") in text(as_person(cast.CHI).get(sheet))
        assert say("Confirm this sheet") not in text(as_person(cast.VAN).get(sheet))

    def test_what_changed_meanwhile_is_shown_and_nothing_is_confirmed(self, as_person):
        fill()
        client = as_person(cast.CHI)
        page = text(client.get(of_sheet()))
        typed(book.place(), "9", ("midterm", 1), person=cast.VAN, seen=1)
        sent = {name: field(page, name) for name in ("digest", "link")}
        page = text(send(client, of_sheet(), **sent), 422)
        assert say("What changed since you opened the page") in page
        assert cast.VAN.full_name in page
        assert not SignOff.objects.exists()
        assert send(client, of_sheet(), digest=field(page, "digest")).status_code == 302

    def test_missing_marks_are_named_and_there_is_no_button(self, as_person):
        fill(who=book.pupils()[:2])
        page = text(as_person(cast.CHI).get(of_sheet()))
        assert "ĐĐGgk" in page
        assert 'name="digest"' not in page

    def test_an_incomplete_result_asks_for_a_tick(self, as_person):
        fill()
        typed(book.place(), "V", seen=1)
        client = as_person(cast.CHI)
        page = text(client.get(of_sheet()))
        digest = field(page, "digest")
        page = text(send(client, of_sheet(), digest=digest), 422)
        assert 'name="incomplete" value="1"' in page
        assert send(client, of_sheet(), digest=digest, incomplete=1).status_code == 302

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"digest": "\0"},
            {"digest": "a" * 64, "link": "x"},
            {"digest": "a" * 64, "link": "9" * 40},
            {"digest": "a" * 64, "incomplete": "-1"},
            {"digest": "a" * 64, "incomplete": "\0"},
            {"digest": "á" * 64},
        ],
    )
    def test_what_makes_no_sense_is_told_in_place(self, data, as_person):
        fill()
        text(send(as_person(cast.CHI), of_sheet(), **data), 422)
        assert not SignOff.objects.exists()

    @pytest.mark.parametrize(
        "person", [cast.BINH, cast.AN, cast.SON, cast.LAN, cast.VAN, cast.PHUC]
    )
    def test_others_look_at_it_only(self, person, as_person):
        fill()
        client = as_person(person)
        page = text(client.get(of_sheet()))
        assert 'name="digest"' not in page
        assert send(client, of_sheet(), digest="a" * 64).status_code == 403

    @pytest.mark.parametrize("person", [cast.KHANH, cast.MINH, cast.OANH])
    def test_strangers_find_nothing(self, person, as_person):
        for path in (of_sheet(), of_class()):
            assert as_person(person).get(path).status_code == 404
            assert as_person(person).post(path).status_code == 404

    @pytest.mark.parametrize("term", [0, 3, 10**12])
    def test_a_term_that_is_none_is_not_there(self, term, as_person):
        assert as_person(cast.CHI).get(of_sheet(term=term)).status_code == 404
        assert as_person(cast.LAN).get(of_class(term=term)).status_code == 404

    def test_taking_back_with_a_reason(self, as_person):
        fill()
        row, client = sign(), as_person(cast.CHI)
        path = of_sheet("take_back_sign_off")
        page = text(send(client, path, sign_off=row.pk, reason=" "), 422)
        assert say("Take the confirmation back") in page
        page = text(send(client, path, sign_off=row.pk, reason="x" * 600), 422)
        assert "x" * 600 in page
        for wrong in ("", "x", "-1", "9" * 40, "\0"):
            text(send(client, path, sign_off=wrong, reason="Sửa"), 422)
        assert send(client, path, sign_off=10**15, reason="Sửa").status_code == 404
        assert send(client, path, sign_off=row.pk, reason="Sửa").status_code == 302
        row.refresh_from_db()
        assert row.reason == "Sửa"
        text(send(client, path, sign_off=row.pk, reason="Sửa"), 422)

    def test_a_subject_that_is_not_taught_in_the_term_has_no_button(self, as_person):
        fill()
        page = text(as_person(cast.CHI).get(of_sheet(term=2)))
        assert 'name="digest"' not in page

    @pytest.mark.parametrize("more", [0, 30])
    def test_queries_do_not_grow(self, more, as_person, exactly_queries):
        book.more_pupils(more)
        fill()
        sign()
        client = as_person(cast.CHI)
        client.get(of_sheet())
        with exactly_queries(14):
            text(client.get(of_sheet()))


class TestClass:
    def test_the_homeroom_teacher_confirms_and_sees_what_was_kept(self, as_person):
        prepared()
        client = as_person(cast.LAN)
        page = text(client.get(of_class()))
        assert send(client, of_class(), digest=field(page, "digest")).status_code == 302
        page = text(client.get(of_class()))
        kept = of_class("frozen_standing", 1, cast.pupil().pk, "term1")
        assert kept in page
        assert page.count(say("as it was kept")) >= 3
        page = text(client.get(kept))
        assert say("What is worked out today is the same") in page
        assert "Toán" in page
        assert "TT 22/2021" in page

    def test_the_rows_that_differ_today_are_marked_and_the_kept_ones_stay(self, as_person):
        prepared()
        confirm()
        unlock()
        for cell in book.TERM_OF_MARKS:
            typed(book.place(), "5,5", cell, seen=1)
        client = as_person(cast.LAN)
        page = text(client.get(of_class()))
        assert page.count(say("differs")) == 1
        assert cast.CHI.full_name in page
        page = text(client.get(of_class("frozen_standing", 1, cast.pupil().pk, "term1")))
        assert say("Today it is worked out differently") in page
        assert "<ins>5,5</ins>" in page

    def test_what_is_not_confirmed_is_listed_with_its_teacher(self, as_person):
        prepared(but=["toan"])
        client = as_person(cast.LAN)
        page = text(client.get(of_class()))
        assert 'name="digest"' not in page
        page = text(send(client, of_class(), digest=now().digest), 422)
        assert f"Toán ({cast.CHI.full_name})" in page

    @pytest.mark.parametrize("data", [{}, {"digest": "\0"}, {"digest": "a" * 64}])
    def test_what_makes_no_sense_is_told_in_place(self, data, as_person):
        prepared()
        text(send(as_person(cast.LAN), of_class(), **data), 422)
        assert SignOff.objects.filter(sheet__class_subject=None).count() == 0

    @pytest.mark.parametrize("person", [cast.BINH, cast.THU, cast.AN, cast.SON])
    def test_leaders_look_at_it_only(self, person, as_person):
        prepared()
        row, client = confirm(), as_person(person)
        page = text(client.get(of_class()))
        assert row.digest[:12] in page
        assert 'name="digest"' not in page
        assert send(client, of_class(), digest=row.digest).status_code == 403
        path = of_class("take_back_class_sign_off")
        assert send(client, path, sign_off=row.pk, reason="x").status_code == 403

    @pytest.mark.parametrize("person", [cast.CHI, cast.VAN, cast.PHUC])
    def test_who_sees_one_subject_does_not_see_the_class(self, person, as_person):
        prepared()
        confirm()
        assert as_person(person).get(of_class()).status_code == 403
        kept = of_class("frozen_standing", 1, cast.pupil().pk, "term1")
        assert as_person(person).get(kept).status_code == 403

    def test_taking_back_with_a_reason(self, as_person):
        prepared()
        row, client = confirm(), as_person(cast.LAN)
        path = of_class("take_back_class_sign_off")
        text(send(client, path, sign_off=row.pk, reason=""), 422)
        assert send(client, path, sign_off=row.pk, reason="Sửa").status_code == 302
        kept = of_class("frozen_standing", 1, cast.pupil().pk, "term1")
        assert client.get(kept)["Location"] == of_class()

    @pytest.mark.parametrize(
        ("pupil", "period", "status"),
        [(0, "term1", 404), (None, "term2", 302), (None, "\0", 302)],
    )
    def test_a_row_that_was_not_kept_is_not_shown(self, pupil, period, status, as_person):
        pk = cast.pupil().pk if pupil is None else pupil
        kept = of_class("frozen_standing", 1, pk, period)
        assert as_person(cast.LAN).get(kept).status_code == status

    def test_a_primary_class(self, as_person, client):
        group, teacher = primary(2)
        client.force_login(teacher, "django.contrib.auth.backends.ModelBackend")
        path = reverse("gradebook:class_sign_off", args=[group.pk, 2])
        page = text(client.get(path))
        assert "Hoàn thành xuất sắc" in page
        assert send(client, path, digest=field(page, "digest")).status_code == 302
        page = text(client.get(path))
        assert "Hoàn thành xuất sắc" in page
        [pupil] = book.pupils(group)
        kept = reverse("gradebook:frozen_standing", args=[group.pk, 2, pupil.pk, "year"])
        assert "Hoàn thành xuất sắc" in text(client.get(kept))
        row = group.class_subjects.earliest("pk")
        text(client.get(reverse("gradebook:sign_off", args=[row.pk, 2])))

    @pytest.mark.parametrize("more", [0, 20])
    def test_queries_do_not_grow(self, more, as_person, exactly_queries):
        book.more_pupils(more)
        prepared()
        confirm()
        client = as_person(cast.LAN)
        client.get(of_class())
        with exactly_queries(17):
            text(client.get(of_class()))


class TestBoard:
    def test_leaders_see_what_is_missing(self, as_person):
        fill()
        sign()
        path = f"{reverse('gradebook:sign_offs')}?term=1"
        page = text(as_person(cast.BINH).get(path))
        assert of_sheet() in page
        assert of_class() in page
        assert page.count(timezone.localdate().strftime("%d/%m/%Y")) == 1

    def test_a_head_sees_the_subjects_of_the_department_and_no_class(self, as_person):
        page = text(as_person(cast.PHUC).get(reverse("gradebook:sign_offs")))
        assert "Toán" in page
        assert "Ngữ văn" not in page
        assert of_class() not in page

    def test_a_homeroom_teacher_sees_the_own_class(self, as_person):
        page = text(as_person(cast.LAN).get(reverse("gradebook:sign_offs")))
        assert "6A" in page
        assert "6B" not in page
        assert of_class() in page

    @pytest.mark.parametrize("person", [cast.CHI, cast.VAN, cast.QUYEN])
    def test_others_do_not(self, person, as_person):
        assert as_person(person).get(reverse("gradebook:sign_offs")).status_code == 403

    def test_another_school_is_not_on_it(self, as_person):
        fill()
        sign()
        page = text(as_person(cast.KHANH).get(reverse("gradebook:sign_offs")))
        assert "10A" in page
        assert "6A" not in page

    @pytest.mark.parametrize("term", ["", "3", "x", "%00", "9" * 40])
    def test_a_term_that_makes_no_sense_is_the_present_one(self, term, as_person):
        text(as_person(cast.AN).get(f"{reverse('gradebook:sign_offs')}?term={term}"))

    @pytest.mark.parametrize("more", [0, 8])
    def test_queries_do_not_grow_with_the_classes(self, more, as_person, exactly_queries):
        fill()
        sign()
        year, system = cast.class_group().year, User.objects.system()
        for number in range(more):
            group = structure.add_class(year=year, grade=7, name=f"7A{number}", actor=system)
            structure.take_usual_subjects(class_group=group, actor=system)
        client = as_person(cast.BINH)
        path = reverse("gradebook:sign_offs")
        client.get(path)
        with exactly_queries(12):
            text(client.get(path))


def test_signing_by_the_service_is_what_the_page_shows(as_person):
    prepared(2)
    sign_subjects(1)
    for term in (1, 2):
        digest = now(term).digest
        assert field(text(as_person(cast.LAN).get(of_class(term=term))), "digest") == digest
