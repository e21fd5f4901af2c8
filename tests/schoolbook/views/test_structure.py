"""Staff, duties, departments, assignments, years and the regulation over HTTP."""

from datetime import date, timedelta

import pytest

from schoolbook.models import Department, Duty, Regulation, SchoolYear, User
from schoolbook.rules.calendar import usual_plan
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation as Parameters
from schoolbook.selectors import assignments as found
from schoolbook.selectors import new_year as proposals
from schoolbook.selectors import structure as structures
from schoolbook.services import duties, people, schools, structure
from tests import cast
from tests.schoolbook.views.test_regulation import decision, regulation_path

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NONSENSE = ["", "\x00", "x" * 5000, "9" * 40, "-1", "🙂"]


def html(answer):
    return answer.content.decode()


def system():
    return User.objects.system()


def maths():
    return cast.class_group().class_subjects.get(subject__code="toan")


def more_people(count):
    for number in range(count):
        user = people.open_account(
            school=cast.song_lam(), full_name=f"Người {chr(97 + number % 26)} Thứ", actor=system()
        )
        duties.charge(
            school=cast.song_lam(),
            user=user,
            role=Role.LIBRARIAN,
            begins_on=cast.START,
            actor=system(),
        )


def more_classes(count):
    for number in range(count):
        group = structure.add_class(
            year=cast.class_group().year, grade=6, name=f"6N{number}", actor=system()
        )
        structure.take_usual_subjects(class_group=group, actor=system())


def more_departments(count):
    for number in range(count):
        one = duties.open_department(school=cast.song_lam(), name=f"Nhóm {number}", actor=system())
        duties.join_department(
            department=one, user=cast.user(cast.CHI), begins_on=cast.START, actor=system()
        )


def more_members(count):
    more_people(count)
    toan = Department.objects.get(name="Tổ Toán", school=cast.song_lam())
    for user in cast.song_lam().staff.filter(full_name__startswith="Người"):
        duties.join_department(department=toan, user=user, begins_on=cast.START, actor=system())


def more_boards(count):
    people_of = [cast.user(person) for person in (cast.AN, cast.CHI, cast.MINH)]
    for number in range(count):
        duties.appoint_board(
            school=cast.song_lam(),
            decision_number=f"{number}/QĐ",
            decided_on=cast.TODAY + (number - 20) * DAY,
            members=[duties.BoardMember(user, "Hỗ trợ") for user in people_of],
            actor=system(),
        )


def more_decisions(count):
    for number in range(count):
        schools.decide(
            school_id=cast.song_lam().pk,
            parameters=Parameters(idle_minutes=10 + number),
            in_force_from=cast.TODAY,
            decision_number=f"{number + 2}/QĐ",
            decided_on=cast.TODAY,
            actor=system(),
        )


def more_years(count):
    for number in range(count):
        structure.open_year(
            school=cast.song_lam(),
            start=2030 + number,
            plan=usual_plan(2030 + number),
            actor=system(),
        )


def more_handing_over(count):
    for number in range(count):
        structure.hand_over(
            class_subject_id=maths().pk,
            to=cast.user((cast.MINH, cast.LAN)[number % 2]),
            day=cast.TODAY + number * DAY,
            actor=system(),
        )


def pages():
    chi, toan = (
        cast.user(cast.CHI).pk,
        Department.objects.get(name="Tổ Toán", school=cast.song_lam()),
    )
    group, year = cast.class_group().pk, cast.class_group().year_id
    return {
        "staff": ("/staff/", more_people),
        "staff export": ("/staff/export/", more_people),
        "person": (f"/staff/{chi}/", more_departments),
        "departments": ("/departments/", more_departments),
        "department": (f"/departments/{toan.pk}/", more_members),
        "boards": ("/admin-boards/", more_boards),
        "assignments": ("/assignments/", more_people),
        "assignments export": ("/assignments/export/", more_people),
        "by class": ("/assignments/classes/", more_classes),
        "class": (f"/assignments/classes/{group}/", more_handing_over),
        "subject of a class": (f"/assignments/subjects/{maths().pk}/", more_handing_over),
        "years": ("/years/", more_years),
        "year": (f"/years/{year}/", more_classes),
        "subjects": ("/subjects/", more_classes),
        "subjects of a class": (f"/classes/{group}/subjects/", more_classes),
        "set-up": ("/setup/", more_classes),
        "start a year": ("/setup/start-year/", more_classes),
        "regulation": (regulation_path(), more_decisions),
    }


QUERIES = {
    "staff": 15,
    "staff export": 12,
    "person": 12,
    "departments": 9,
    "department": 9,
    "boards": 8,
    "assignments": 12,
    "assignments export": 10,
    "by class": 10,
    "class": 13,
    "subject of a class": 12,
    "years": 7,
    "year": 8,
    "subjects": 7,
    "subjects of a class": 10,
    "set-up": 11,
    "start a year": 11,
    "regulation": 10,
}


@pytest.mark.parametrize("more", [0, 12])
@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_page_takes_the_same_queries_however_much_it_shows(
    as_person, exactly_queries, name, more
):
    address, add = pages()[name]
    add(1 + more)
    client = as_person(cast.AN)
    client.get(address)
    with exactly_queries(QUERIES[name]):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("query", ["words", "department", "duty", "state", "year", "page"])
@pytest.mark.parametrize("value", NONSENSE)
def test_whatever_is_asked_of_a_list_it_answers(as_person, query, value):
    client = as_person(cast.AN)
    for address in ("/staff/", "/assignments/", "/assignments/classes/", "/setup/"):
        assert client.get(address, {query: value}).status_code == 200
    assert client.get("/staff/export/", {query: value}).status_code == 200


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("words=mai+chi", cast.CHI, cast.BINH),
        ("words=lanht", cast.LAN, cast.CHI),
        ("duty=clerk", cast.QUYEN, cast.CHI),
        ("duty=subject_teacher", cast.CHI, cast.LAN),
        ("duty=homeroom_teacher", cast.LAN, cast.CHI),
        ("state=deactivated", cast.HAI, cast.CHI),
        ("", cast.CHI, cast.HAI),
        ("", cast.CHI, cast.KHANH),
    ],
)
def test_the_staff_list_can_be_narrowed(as_person, query, seen, unseen):
    shown = html(as_person(cast.LAN).get(f"/staff/?{query}"))
    assert seen.username in shown
    assert unseen.username not in shown


def test_the_lists_can_be_downloaded_with_the_same_filters(as_person):
    client = as_person(cast.LAN)
    for address in ("/staff/export/?words=mai+chi", "/assignments/export/?words=mai+chi"):
        answer = client.get(address)
        assert answer.content[:2] == b"PK"
        assert "attachment" in answer["Content-Disposition"]


def test_a_duty_is_given_and_ended_over_http(as_person):
    client = as_person(cast.AN)
    chi = cast.user(cast.CHI)
    sent = {"role": "vice_principal", "begins_on": "01/09/2026", "task": ""}
    answer = client.post(f"/staff/{chi.pk}/duty/", sent)
    assert answer.status_code == 422
    assert 'id="id_task_error"' in html(answer)
    done = client.post(f"/staff/{chi.pk}/duty/", {**sent, "task": "Chuyên môn"})
    assert done.url == f"/staff/{chi.pk}/"
    page = html(client.get(done.url))
    assert "Chuyên môn" in page
    duty = chi.duties.get()
    assert f"/duties/{duty.pk}/end/" in page
    assert client.get(f"/duties/{duty.pk}/end/").status_code == 200
    seen = Duty.history.filter(id=duty.pk).latest("history_id").pk
    end = {"last_day": "2026-10-31", "reason": "QĐ 7", "version": seen}
    assert client.post(f"/duties/{duty.pk}/end/", end).status_code == 302
    stale = client.post(f"/duties/{duty.pk}/end/", {**end, "last_day": "2026-11-30"})
    assert stale.status_code == 409
    assert "31/10/2026" in html(stale)
    assert "2026-11-30" in html(stale)
    duty.refresh_from_db()
    assert duty.ends_on == date(2026, 10, 31)


def test_the_last_administrator_is_told_at_the_day(as_person):
    duty = cast.user(cast.AN).duties.get()
    seen = Duty.history.filter(id=duty.pk).latest("history_id").pk
    answer = as_person(cast.AN).post(
        f"/duties/{duty.pk}/end/", {"last_day": "2026-12-01", "version": seen}
    )
    assert answer.status_code == 422
    assert 'id="id_last_day_error"' in html(answer)


ACTS_OF_POWER = ["duty", "end", "board", "head", "regulation"]


@pytest.mark.parametrize("act", ACTS_OF_POWER)
def test_acts_of_power_ask_for_the_second_factor_in_place(as_person, clock, act):
    client = as_person(cast.AN)
    clock.forward(minutes=9)
    client.get("/")
    clock.forward(minutes=9)
    address, sent = act_of_power(act)
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "second_factor-code" in html(answer)
    assert Regulation.objects.filter(school=cast.song_lam()).count() == 1


def act_of_power(act):
    thu = cast.user(cast.THU).duties.get()
    toan = Department.objects.get(school=cast.song_lam(), name="Tổ Toán")
    staff = [cast.user(person).pk for person in (cast.AN, cast.CHI, cast.MINH)]
    members = {f"user{n}": pk for n, pk in enumerate(staff, 1)}
    tasks = {f"task{n}": "Hỗ trợ" for n in (1, 2, 3)}
    day = f"{cast.TODAY}"
    return {
        "duty": (f"/staff/{staff[1]}/duty/", {"role": "clerk", "begins_on": day}),
        "end": (f"/duties/{thu.pk}/end/", {"last_day": day, "version": 0}),
        "board": (
            "/admin-boards/appoint/",
            {"decision_number": "15/QĐ", "decided_on": day, **members, **tasks},
        ),
        "head": (f"/departments/{toan.pk}/head/", {"user": staff[2], "day": day}),
        "regulation": (regulation_path() + "decide/", decision()),
    }[act]


@pytest.mark.parametrize("act", ["duty", "board", "head", "regulation"])
def test_and_with_it_they_are_done(as_person, act):
    address, sent = act_of_power(act)
    client = as_person(cast.AN)
    answer = client.post(address, sent)
    assert answer.status_code == 302, html(answer)
    assert client.get(answer.url).status_code == 200


def test_a_board_tells_each_member_what_is_missing(as_person):
    address, sent = act_of_power("board")
    answer = as_person(cast.AN).post(address, {**sent, "task2": "", "user3": "", "user1": "\x00"})
    assert answer.status_code == 422
    for name in ("task2", "user3", "user1"):
        assert f'id="id_{name}_error"' in html(answer)
    two = {name: value for name, value in sent.items() if not name.endswith("3")}
    answer = as_person(cast.AN).post(address, two)
    assert answer.status_code == 422
    assert 'id="id_user3_error"' in html(answer)
    twice = as_person(cast.AN).post(address, {**sent, "user3": sent["user1"]})
    assert twice.status_code == 422
    assert "Ban quản trị có từ ba đến năm" in html(twice)


def assign(client, kind="take_over", user=cast.MINH, **more):
    sent = {
        "user": cast.user(user).pk,
        "kind": kind,
        "day": f"{cast.TODAY}",
        "version": found.subject_mark(maths()),
        **more,
    }
    return client.post(f"/assignments/subjects/{maths().pk}/", sent)


def test_a_subject_is_assigned_taken_over_and_ended_over_http(as_person):
    client = as_person(cast.AN)
    group = f"/assignments/classes/{cast.class_group().pk}/"
    assert assign(client, "beside").url == group
    assert assign(client, "final").status_code == 302
    page = html(client.get(group))
    assert page.index(cast.MINH.full_name) < page.index(cast.CHI.full_name)
    assert assign(client, user=cast.LAN).status_code == 302  # Minh's own turn began today, too
    row = maths().assignments.on(cast.TODAY).get(user=cast.user(cast.CHI))
    end = {"last_day": f"{cast.TODAY}", "version": found.teaching_mark(row)}
    assert client.post(f"/assignments/{row.pk}/end/", end).url == group


def test_the_slower_of_two_who_assign_sees_both_values(as_person):
    client = as_person(cast.AN)
    seen = found.subject_mark(maths())
    assign(client, user=cast.LAN)
    answer = assign(client, user=cast.OANH, version=seen)
    assert answer.status_code == 409
    page = html(answer)
    assert cast.LAN.full_name in page
    assert f'value="{cast.user(cast.OANH).pk}" selected' in page
    assert f'value="{found.subject_mark(maths())}"' in page


@pytest.mark.parametrize("value", NONSENSE)
def test_whatever_is_sent_to_a_form_is_answered_in_place(as_person, value):
    client = as_person(cast.AN)
    group, year = cast.class_group(), cast.class_group().year
    chi = cast.user(cast.CHI).pk
    names = (
        "user kind day version role begins_on last_day name grade start term1_begins_on subject "
        "periods to codes assessed_by"
    )
    sent = dict.fromkeys(names.split(), value)
    for address in (
        f"/staff/{chi}/duty/",
        f"/assignments/subjects/{maths().pk}/",
        f"/assignments/classes/{group.pk}/homeroom/",
        f"/years/{year.pk}/edit/",
        f"/years/{year.pk}/classes/",
        f"/classes/{group.pk}/subjects/",
        f"/classes/{group.pk}/subjects/add/",
        f"/classes/{group.pk}/subjects/copy/",
        "/years/open/",
        "/subjects/add/",
        "/setup/start-year/",
        "/departments/open/",
        regulation_path() + "decide/",
    ):
        expected = {422, 302} if value in {"🙂", "-1", "9" * 40} else {422}
        status = client.post(address, sent).status_code
        assert status in expected, address


def test_a_class_its_subjects_and_copies_over_http(as_person):
    client = as_person(cast.AN)
    year = cast.class_group().year
    done = client.post(f"/years/{year.pk}/classes/", {"grade": "7", "name": "7A", "usual": "on"})
    assert done.status_code == 302
    group = cast.class_group("7A")
    toan = group.class_subjects.get(subject__code="toan")
    assert (
        client.post(f"/years/{year.pk}/classes/", {"grade": "7", "name": "7A"}).status_code == 422
    )
    sent = {"version": structures.taught_mark(group), "reason": ""}
    for row in group.class_subjects.all():
        sent[f"periods_{row.pk}"], sent[f"assessed_by_{row.pk}"] = row.periods, row.assessed_by
        sent[f"in_term1_{row.pk}"] = "on"
    sent[f"periods_{toan.pk}"] = 500
    answer = client.post(f"/classes/{group.pk}/subjects/", sent)
    assert answer.status_code == 422
    assert 'value="500"' in html(answer)
    sent[f"periods_{toan.pk}"] = 150
    assert client.post(f"/classes/{group.pk}/subjects/", sent).status_code == 302
    toan.refresh_from_db()
    assert (toan.periods, toan.in_term2) == (150, False)
    assert client.post(f"/classes/{group.pk}/subjects/", sent).status_code == 409


def test_a_year_is_started_from_the_last_one_and_a_second_click_is_told(as_person):
    client = as_person(cast.AN)
    proposed = proposals.proposal(cast.song_lam(), cast.class_group().year)
    page = html(client.get("/setup/start-year/"))
    assert page.count(" checked") == 4
    sent = {
        "term1_begins_on": "2027-09-06",
        "term1_ends_on": "2028-01-14",
        "term2_begins_on": "2028-01-17",
        "term2_ends_on": "2028-05-26",
        "begins_on": "2027-08-01",
        "start": proposed.start,
        "digest": proposed.digest,
        "homerooms": proposed.sources[:1],
    }
    assert client.post("/setup/start-year/", sent).url == "/setup/?year=2027"
    again = client.post("/setup/start-year/", sent)
    assert again.status_code == 422
    assert "Trường đã có năm học này" in html(again)
    assert SchoolYear.objects.filter(school=cast.song_lam()).count() == 2
    assert client.get("/setup/?year=2027").status_code == 200
    strange = client.post("/setup/start-year/", {**sent, "homerooms": ["999999"], "start": 2028})
    assert strange.status_code == 422


def test_home_tells_who_sets_up_that_something_is_missing(as_person):
    assert "/setup/" in html(as_person(cast.AN).get("/"))
    assert "/setup/" not in html(as_person(cast.CHI).get("/"))


def test_who_only_looks_is_offered_no_act(as_person):
    client = as_person(cast.BINH)
    group = cast.class_group()
    for address in (
        "/staff/",
        f"/staff/{cast.user(cast.CHI).pk}/",
        "/departments/",
        "/admin-boards/",
        f"/assignments/classes/{group.pk}/",
        "/years/",
        f"/years/{group.year_id}/",
        "/subjects/",
        regulation_path(),
    ):
        page = html(client.get(address))
        main = page[page.index("<main") : page.index("</main>")]
        for act in ("/duty/", "/end/", "/open/", "/appoint/", "/edit/", "/decide/", "/homeroom/"):
            assert act not in main, (address, act)
