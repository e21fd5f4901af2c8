"""The pages of those who watch over books: whose they are, what they say, and what they cost."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from gradebook.models import BookRemark, MonthFigure
from gradebook.rules.progress import month_end
from gradebook.selectors.books import Place
from schoolbook.excel import read
from schoolbook.models import User
from schoolbook.rules import permissions
from schoolbook.rules.permissions import Role
from schoolbook.rules.subjects import Level
from schoolbook.services import duties, people, schools
from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import typed
from tests.gradebook.watching import SchoolClock, instant, keep, plan

pytestmark = pytest.mark.django_db
VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def shown(monkeypatch):
    return SchoolClock(monkeypatch)


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def at(name, *args, **query):
    address = reverse(f"gradebook:{name}", args=args)
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}"


def signed_in(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


PAGES = ["progress", "progress_by_teacher", "spread", "remarks", "anomalies", "export_progress"]


class TestEverything:
    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("person", [cast.BINH, cast.THU])
    def test_leaders_see_every_page(self, name, person, as_person):
        assert as_person(person).get(at(name)).status_code == 200

    @pytest.mark.parametrize(
        ("person", "seen"),
        [
            (cast.AN, {"progress", "progress_by_teacher", "spread", "export_progress"}),
            (cast.SON, {"progress", "progress_by_teacher", "spread", "export_progress"}),
            (cast.LAN, {"progress", "progress_by_teacher", "spread", "export_progress"}),
            (cast.PHUC, {"progress", "progress_by_teacher", "spread", "export_progress"}),
            (cast.CHI, set()),
            (cast.VAN, set()),
            (cast.QUYEN, set()),
        ],
    )
    def test_others_see_what_their_duty_needs(self, person, seen, as_person):
        client = as_person(person)
        found = {name for name in PAGES if client.get(at(name)).status_code == 200}
        assert found == seen

    @pytest.mark.parametrize(
        "query",
        ["grade=x", "term=9", "teacher=%00", "at=2026-13-01", "at=%00", "teacher=" + "9" * 40],
    )
    @pytest.mark.parametrize("name", ["progress", "progress_by_teacher", "export_progress"])
    def test_what_makes_no_sense_is_the_usual(self, name, query, as_person):
        assert as_person(cast.THU).get(f"{at(name)}&{query}").status_code == 200

    @pytest.mark.parametrize(
        "query",
        ["grade=%00", "subject=x", "class_group=" + "9" * 40, "test=regular:x", "term=year"],
    )
    def test_nor_does_the_distribution_break(self, query, as_person):
        assert as_person(cast.THU).get(f"{at('spread')}&{query}").status_code == 200


def tiles(page):
    """The percents on the board."""
    return page.count('<td class="tile')


class TestBoard:
    def test_a_tile_says_how_far_a_sheet_is_and_leads_to_it(self, as_person):
        fill = dict.fromkeys(book.TERM_OF_MARKS, "8")
        book.fill(book.place(), cast.user(cast.CHI), dict.fromkeys(book.pupils()[:2], fill))
        page = text(as_person(cast.THU).get(at("progress", term=1)))
        sheet = reverse("gradebook:subject_sheet", args=[book.taught().pk, 1])
        assert f'<a href="{sheet}"><b>66%</b>' in page
        assert "12 of 18" in page or "12 trên 18" in page

    def test_a_homeroom_teacher_sees_the_own_class(self, as_person):
        page = text(as_person(cast.LAN).get(at("progress")))
        assert '<th scope="row">6A</th>' in page
        assert '<th scope="row">6B</th>' not in page
        assert "Ngữ văn" in page

    def test_the_head_of_a_department_sees_what_it_teaches(self, as_person):
        page = text(as_person(cast.PHUC).get(at("progress")))
        assert "Toán" in page
        assert "Ngữ văn" not in page
        assert '<th scope="row">6B</th>' not in page

    def test_the_head_of_a_department_without_teachers_sees_nothing(self, as_person):
        page = text(as_person(cast.UYEN).get(at("progress")))
        assert tiles(page) == 0

    def test_another_school_sees_nothing_of_it(self, as_person):
        page = text(as_person(cast.KHANH).get(at("progress")))
        assert "10A" in page
        assert "6A" not in page

    def test_who_may_not_look_at_a_sheet_gets_no_link(self, as_person, monkeypatch):
        less = dict(permissions.MATRIX[permissions.Role.HOMEROOM_TEACHER])
        del less[permissions.Action.VIEW_MARKS]
        monkeypatch.setitem(permissions.MATRIX, permissions.Role.HOMEROOM_TEACHER, less)
        page = text(as_person(cast.LAN).get(at("progress")))
        assert tiles(page) > 5
        assert reverse("gradebook:subject_sheet", args=[book.taught().pk, 1]) not in page

    def test_it_is_filtered_by_grade_and_teacher(self, as_person):
        client = as_person(cast.THU)
        assert tiles(text(client.get(at("progress", grade=6)))) > 20
        chi = cast.user(cast.CHI)
        page = text(client.get(at("progress", teacher=chi.pk)))
        assert '<th scope="row">6A</th>' in page
        assert '<th scope="row">6B</th>' not in page
        page = text(client.get(at("progress_by_teacher", teacher=chi.pk)))
        assert "6A · Toán" in page

    def test_what_is_overdue_is_marked(self, as_person, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        plan((1, "final", ends, None))
        typed(book.place())
        shown.show(ends, instant())
        keep()
        client = as_person(cast.THU)
        page = text(client.get(at("progress", term=1)))
        assert 'class="tile-late"' in page
        page = text(client.get(at("progress_by_teacher", term=1, teacher=cast.user(cast.CHI).pk)))
        assert 'status-late">' in page

    def test_a_month_that_is_over_stays_as_it_was(self, as_person, shown):
        typed(book.place())
        shown.show(month_end(NOVEMBER), instant())
        keep()
        typed(book.place(), pupil=cast.PUPILS[1])
        client = as_person(cast.THU)
        page = text(client.get(at("progress")))
        assert "11/2026" in page
        page = text(client.get(at("progress", at=NOVEMBER.isoformat(), grade=6)))
        assert "1 of 36" in page or "1 trên 36" in page

    def test_it_becomes_a_spreadsheet(self, as_person):
        typed(book.place())
        answer = as_person(cast.THU).get(at("export_progress", term=1))
        (table,) = read(answer.content).sheets
        lines = [[cell.text for cell in row] for row in table.rows]
        [maths] = [line for line in lines if line[:2] == ["6A", "Toán"]]
        assert maths[2] == cast.CHI.full_name
        assert maths[3:7] == ["18", "1", "5", "17"]

    def test_a_primary_school_has_a_board_too(self):
        group, teacher = book.primary_class()
        row = group.class_subjects.get(subject__code="toan")
        where = Place(1, class_subject_id=row.pk)
        book.fill(where, teacher, {book.pupils(group)[0]: {("level", 1): "H"}})
        page = text(signed_in(teacher).get(at("progress", term=1)))
        assert f'<th scope="row">{group.name}</th>' in page
        sheet = reverse("gradebook:subject_sheet", args=[row.pk, 1])
        assert f'<a href="{sheet}"><b>' in page

    @pytest.mark.parametrize(
        "name", ["progress", "progress_by_teacher", "spread", "export_progress"]
    )
    def test_a_school_without_classes_says_so(self, name):
        system = User.objects.system()
        school = schools.open_school(
            schools.Particulars("Trường THCS Mới Mở", "moimo", "", "Xã Mới"),
            level=Level.LOWER_SECONDARY,
            district="xamoi",
            actor=system,
        )
        leader = people.open_account(
            school=school, full_name="Hà Thị Sương", password=cast.PASSWORD, actor=system
        )
        duties.charge(
            school=school, user=leader, role=Role.PRINCIPAL, begins_on=cast.START, actor=system
        )
        assert signed_in(leader).get(at(name)).status_code == 200
        assert signed_in(leader).get(at("anomalies")).status_code == 200
        assert signed_in(leader).get(at("remarks")).status_code == 200

    @pytest.mark.parametrize("more", [0, 30])
    @pytest.mark.parametrize(("name", "queries"), [("progress", 13), ("progress_by_teacher", 13)])
    def test_queries_do_not_grow(self, name, queries, more, as_person, exactly_queries):
        book.more_pupils(more)
        book.teach_everything(cast.CHI)
        if more:
            typed(book.place())
        client = as_person(cast.THU)
        with exactly_queries(queries):
            client.get(at(name))


class TestSpread:
    def test_a_test_of_all_classes_side_by_side(self, as_person):
        scores = {
            pupil: {("final", 1): mark}
            for pupil, mark in zip(book.pupils(), ["3", "5", "8"], strict=True)
        }
        book.fill(book.place(), cast.user(cast.CHI), scores)
        maths = book.taught().subject_id
        page = text(
            as_person(cast.THU).get(at("spread", grade=6, subject=maths, term=1, test="final:1"))
        )
        assert 'role="img"' in page
        assert "5,33" in page  # 16 ÷ 3
        assert "5,00" in page  # the one in the middle

    def test_all_tests_of_a_class(self, as_person):
        book.fill(
            book.place(),
            cast.user(cast.CHI),
            {one: {("regular", 2): "9", ("final", 1): "7"} for one in book.pupils()},
        )
        maths, group = book.taught().subject_id, cast.class_group().pk
        page = text(as_person(cast.LAN).get(at("spread", subject=maths, class_group=group, term=1)))
        assert page.count('<svg class="chart"') == 2
        assert "ĐĐGtx 2" in page

    def test_levels_are_bars_too(self, as_person):
        teacher = book.teach_everything(cast.CHI)
        book.fill(book.place("gdtc"), teacher, {one: {("final", 1): "Đ"} for one in book.pupils()})
        subject = book.taught("gdtc").subject_id
        page = text(as_person(cast.THU).get(at("spread", subject=subject, term=1, test="final:1")))
        assert "Đ: 3" in page
        assert "CĐ: 0" in page

    def test_levels_of_a_primary_school(self):
        group, teacher = book.primary_class()
        row = group.class_subjects.get(subject__code="toan")
        where = Place(1, class_subject_id=row.pk)
        book.fill(where, teacher, {book.pupils(group)[0]: {("level", 1): "H"}})
        page = text(
            signed_in(teacher).get(at("spread", subject=row.subject_id, term=1, test="level:1"))
        )
        assert "H: 1" in page

    @pytest.mark.parametrize("more", [0, 30])
    def test_queries_do_not_grow(self, more, as_person, exactly_queries):
        book.more_pupils(more)
        client = as_person(cast.THU)
        with exactly_queries(8):
            client.get(at("spread"))


class TestRemarks:
    MONTH = "2026-09"

    def address(self, month=MONTH, name="6A"):
        return reverse("gradebook:write_remark", args=[cast.class_group(name).pk, month])

    def test_a_vice_principal_writes_and_the_homeroom_teacher_reads(self, as_person):
        client = as_person(cast.THU)
        assert "version" in text(client.get(self.address()))
        answer = client.post(self.address(), {"text": "Vào điểm đúng hạn.", "version": 0})
        assert answer.status_code == 302
        for person in (cast.LAN, cast.CHI, cast.SON):
            page = text(as_person(person).get(at("book_remarks", cast.class_group().pk)))
            assert "Vào điểm đúng hạn." in page
        assert (
            as_person(cast.QUYEN).get(at("book_remarks", cast.class_group().pk)).status_code == 403
        )
        assert (
            as_person(cast.MINH).get(at("book_remarks", cast.class_group().pk)).status_code == 404
        )

    def test_a_change_has_its_history_and_meets_a_conflict(self, as_person):
        client = as_person(cast.THU)
        client.post(self.address(), {"text": "Lần một.", "version": 0})
        assert (
            client.post(self.address(), {"text": "Cũng lần một.", "version": 0}).status_code == 409
        )
        answer = client.post(
            self.address(), {"text": "Lần hai.", "version": 1, "reason": "Sửa lỗi"}
        )
        assert answer.status_code == 302
        row = BookRemark.objects.get()
        assert (row.text, row.version, row.written_by) == ("Lần hai.", 2, cast.user(cast.THU))
        page = text(client.get(at("book_remarks", cast.class_group().pk)))
        assert "Lần một." in page
        assert "Sửa lỗi" in page

    @pytest.mark.parametrize(
        "data",
        [
            {"text": "", "version": 0},
            {"text": "\u200b", "version": 0},
            {"text": "a" * 2001, "version": 0},
            {"text": "a", "version": "x"},
            {"text": "a", "version": 10**30},
            {"text": "a", "version": 3},
            {},
        ],
    )
    def test_bad_input_is_said_in_place(self, data, as_person):
        assert as_person(cast.THU).post(self.address(), data).status_code == 422
        assert not BookRemark.objects.exists()

    @pytest.mark.parametrize("month", ["2026-13", "2027-06", "2026-9", "x", "2027-05", "0000-00"])
    def test_another_month_is_not_there(self, month, as_person):
        assert as_person(cast.THU).get(self.address(month)).status_code == 404

    @pytest.mark.parametrize(
        ("person", "status"),
        [(cast.BINH, 200), (cast.AN, 403), (cast.LAN, 403), (cast.CHI, 403), (cast.KHANH, 404)],
    )
    def test_only_leaders_write(self, person, status, as_person):
        assert as_person(person).get(self.address()).status_code == status
        after = as_person(person).post(self.address(), {"text": "x", "version": 0}).status_code
        assert after == (302 if status == 200 else status)

    def test_home_asks_a_vice_principal_for_what_is_not_written(self, as_person, shown):
        typed(book.place())
        shown.show(month_end(NOVEMBER), instant())
        keep()
        classes = set(MonthFigure.objects.values_list("class_group", flat=True))
        client = as_person(cast.THU)
        assert reverse("gradebook:remarks") in text(client.get("/"))
        assert reverse("gradebook:remarks") not in text(as_person(cast.BINH).get("/"))
        assert "11/2026" in text(client.get(at("remarks")))
        for group in classes:
            address = reverse("gradebook:write_remark", args=[group, "2026-11"])
            assert client.post(address, {"text": "Tốt.", "version": 0}).status_code == 302
        assert reverse("gradebook:remarks") not in text(client.get("/"))


class TestHome:
    @pytest.mark.parametrize("person", [cast.THU, cast.LAN, cast.PHUC])
    def test_late_sheets_are_told_to_those_who_watch_them(self, person, as_person, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        plan((1, "final", ends, None))
        client = as_person(person)
        before = text(client.get("/")).count(reverse("gradebook:progress"))
        shown.show(ends, instant(), now=ends + timedelta(days=1))
        assert text(client.get("/")).count(reverse("gradebook:progress")) == before + 1

    def test_others_are_told_nothing(self, as_person):
        assert reverse("gradebook:progress") not in text(as_person(cast.CHI).get("/"))
