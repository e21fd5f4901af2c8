"""The locks board, and asking, deciding, carrying out and withdrawing over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gradebook.models import LockAct
from gradebook.rules.closing import LockScope
from gradebook.services import locks
from schoolbook import clock
from tests import cast
from tests.gradebook.book import taught
from tests.gradebook.closing import lock, unlock
from tests.gradebook.people import fill_class

pytestmark = pytest.mark.django_db
BOARD, ASK = "/locks/", "/locks/ask/"


def html(client, path, **data):
    response = client.get(path, data)
    assert response.status_code == 200
    return response.content.decode()


def asked(person=cast.CHI, kind="unlock", **scope):
    if person is cast.CHI and not scope:
        scope = {"class_group_id": cast.class_group().pk, "subject_id": taught().subject_id}
    said = locks.Asked(
        cast.class_group().year_id,
        kind,
        LockScope(**scope),
        "Nhập thiếu một điểm",
        "" if kind == "unlock" else "entry",
        clock.now() + timedelta(hours=2) if kind == "unlock" else None,
    )
    return locks.ask(said, actor=cast.user(person))


def path(name, row):
    return reverse(f"gradebook:{name}", args=[row.pk])


def request_of(**changes):
    return {
        "sheet": f"s{taught().pk}",
        "term": "1",
        "component": "final",
        "number": "1",
        "student": str(cast.pupil(cast.PUPILS[1]).pk),
        "end": "hours",
        "ends_at": "",
        "reason": "Nhập thiếu một điểm",
        **changes,
    }


def request_of_leader(**changes):
    return {
        "kind_asked": "lock",
        "freezes": "entry",
        "end": "tomorrow",
        "reason": "Hết học kì I",
        **changes,
    }


def test_the_board_says_what_is_locked_since_when_and_by_whose_decision(english):
    lock("marks", term=1, book="subject")
    lock(class_group_id=cast.class_group("6B").pk, term=2)
    told = html(english(cast.THU), BOARD)
    assert told.count("marks locked") == 2
    assert told.count("entry locked") == 2
    assert "decision 12/QĐ of" in told
    assert "Grade 6, all classes" not in told
    unlock(class_group_id=cast.class_group("6B").pk)
    lock("entry")
    told = html(english(cast.THU), BOARD)
    assert "Grade 6, all classes" in told


def test_an_unlock_is_on_the_board_until_it_ends(english, clock):
    lock(term=1)
    unlock(class_group_id=cast.class_group().pk, subject_id=taught().subject_id)
    assert "Unlocked for some time" in html(english(cast.THU), BOARD)
    clock.forward(hours=1, seconds=1)
    told = html(english(cast.SON), BOARD)
    assert "Unlocked for some time" not in told
    assert "entry locked" in told


@pytest.mark.parametrize("person", [cast.AN, cast.BINH, cast.THU, cast.SON])
def test_who_watches_sees_all_requests_with_their_three_parts(english, person):
    lock(term=1)
    asked()
    told = html(english(person), BOARD)
    for name in (cast.THU, cast.BINH, cast.AN, cast.CHI):
        assert name.full_name in told
    assert "Nhập thiếu một điểm" in told


def test_others_see_their_own_requests_alone(english):
    lock(term=1)
    asked()
    told = html(english(cast.CHI), BOARD)
    assert "Toán · 6A" in told
    assert "12/QĐ" not in told
    assert "Toán · 6A" not in html(english(cast.MINH), BOARD)


@pytest.mark.parametrize(
    "query",
    [
        {"state": "asked", "kind": "unlock"},
        {"state": "x", "kind": "\x00", "class_group": "9" * 40, "year": "9" * 40, "page": "x"},
        {"year": "2026", "class_group": "x"},
    ],
)
def test_any_filter_is_answered(english, query):
    asked()
    assert "Toán · 6A" in html(english(cast.AN), BOARD, **query)


def test_a_filter_filters(english):
    asked()
    lock(term=2)
    told = html(english(cast.AN), BOARD, kind="lock", state="done")
    assert told.count('<th scope="row"><a') == 1


@pytest.mark.parametrize("more", [0, 12])
def test_the_board_takes_as_many_queries_however_much_there_is(english, exactly_queries, more):
    lock(term=1)
    asked()
    for _each in range(more):
        asked()
        unlock(class_group_id=cast.class_group().pk)
    client = english(cast.BINH)
    client.get(BOARD)
    with exactly_queries(14):
        client.get(BOARD)


def test_a_teacher_asks_for_the_unlock_of_one_cell(english):
    fill_class(pupils=4)
    client = english(cast.CHI)
    cell = {"class_subject": taught().pk, "term": 1, "component": "final", "number": 1}
    told = html(client, ASK, student=cast.pupil().pk, **cell)
    assert f'value="{cast.pupil().pk}" selected' in told
    assert "kind_asked" not in told
    response = client.post(ASK, request_of())
    row = LockAct.objects.get()
    assert response["Location"] == path("lock_act", row)
    assert (row.kind, row.component, row.number, row.student, row.state) == (
        "unlock",
        "final",
        1,
        cast.pupil(cast.PUPILS[1]),
        "asked",
    )
    assert row.ends_at
    assert timedelta(hours=1) < row.ends_at - clock.now() < timedelta(hours=2)
    assert "Toán · 6A · HKI · ĐĐGck · Lê Thị Ánh" in html(client, path("lock_act", row))


@pytest.mark.parametrize(
    "change",
    [
        {"sheet": ""},
        {"sheet": "s999999999"},
        {"sheet": "\x00"},
        {"term": "3"},
        {"component": "x"},
        {"number": "9" * 30},
        {"component": "", "number": "1"},
        {"student": "9" * 30},
        {"student": "\x00"},
        {"end": "other"},
        {"end": "other", "ends_at": "2020-01-01T07:00"},
        {"end": "other", "ends_at": "2026-13-01T07:00"},
        {"end": "other", "ends_at": "9999-12-31T23:59"},
        {"end": "other", "ends_at": "0001-01-01T00:00"},
        {"reason": "\u200b"},
        {"reason": "a" * 501},
        {"end": "x"},
    ],
)
def test_what_cannot_be_asked_comes_back_with_its_sentence_and_what_was_typed(english, change):
    response = english(cast.CHI).post(ASK, request_of(**change))
    told = response.content.decode()
    assert response.status_code == 422
    assert "field-error" in told
    if "reason" not in change:
        assert "Nhập thiếu một điểm" in told
    assert not LockAct.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"freezes": ""},
        {"kind_asked": "x"},
        {"class_group": "9" * 30},
        {"class_group": "\x00"},
        {"subject": "x"},
        {"grade": "99"},
        {"kind_asked": "unlock", "end": "other"},
        {"book": "class", "subject": "toan"},
        {"grade": "6", "class_group": "10A"},
    ],
)
def test_what_a_leader_cannot_ask_comes_back_too(english, change):
    if change.get("subject") == "toan":
        change = {**change, "subject": taught().subject_id}
    if change.get("class_group") == "10A":
        change = {**change, "class_group": cast.doi_thong().class_groups.earliest("pk").pk}
    response = english(cast.AN).post(ASK, request_of_leader(**change))
    assert response.status_code == 422
    assert "Hết học kì I" in response.content.decode()
    assert not LockAct.objects.exists()


def test_the_pupils_of_a_class_are_shown_without_losing_what_was_typed(english):
    client = english(cast.AN)
    group = cast.class_group().pk
    assert 'name="student"' not in html(client, ASK)
    response = client.post(ASK, request_of_leader(class_group=group, show="pupils"))
    told = response.content.decode()
    assert response.status_code == 200
    assert cast.PUPILS[0] in told
    assert "Hết học kì I" in told
    assert "field-error" not in told
    assert not LockAct.objects.exists()


def test_an_administrator_asks_for_a_lock_of_a_whole_term(english):
    english(cast.AN).post(ASK, request_of_leader(term="1", grade="6", book="subject"))
    row = LockAct.objects.get()
    assert (row.kind, row.freezes, row.grade, row.term, row.book, row.ends_at) == (
        "lock",
        "entry",
        6,
        1,
        "subject",
        None,
    )
    told = html(english(cast.BINH), path("lock_act", row))
    assert "Grade 6 · marks of subjects · HKI" in told


@pytest.mark.parametrize("person", [cast.QUYEN, cast.SON, cast.VAN, cast.PHUC])
def test_who_has_nothing_to_ask_for_hears_so(english, person):
    assert english(person).get(ASK).status_code == 403


def test_a_homeroom_teacher_asks_for_the_book_of_the_class(english):
    group = cast.class_group()
    client = english(cast.LAN)
    assert f'value="c{group.pk}" selected' in html(client, ASK)
    sent = request_of(sheet=f"c{group.pk}", component="conduct", student="")
    assert client.post(ASK, sent).status_code == 302
    row = LockAct.objects.get()
    assert (row.book, row.class_group, row.subject) == ("class", group, None)


def test_a_request_goes_through_its_three_parts(english):
    row = asked()
    principal, admin = english(cast.BINH), english(cast.AN)
    told = html(principal, path("lock_act", row))
    assert path("decide_lock", row) in told
    assert path("carry_out_lock", row) not in told
    sent = {"agreed": "yes", "decision_number": "15/QĐ", "decision": "Đồng ý", "ends_at": ""}
    assert principal.post(path("decide_lock", row), sent).status_code == 302
    assert path("carry_out_lock", row) in html(admin, path("lock_act", row))
    told = admin.post(path("carry_out_lock", row), follow=True).content.decode()
    assert "15/QĐ" in told
    row.refresh_from_db()
    assert row.state == "done"
    for person in (cast.CHI, cast.BINH, cast.AN):
        assert person.full_name in told


def test_deciding_and_carrying_out_ask_for_a_second_factor_and_then_do_it(english, clock):
    row = asked()
    principal = english(cast.BINH)
    clock.forward(minutes=11)
    sent = {"agreed": "yes", "decision_number": "15/QĐ"}
    response = principal.post(path("decide_lock", row), sent)
    assert response.status_code == 422
    assert 'name="decision_number" value="15/QĐ"' in response.content.decode()
    sent |= {"second_factor-code": cast.code()}
    assert principal.post(path("decide_lock", row), sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decision_number) == ("decided", "15/QĐ")
    admin = english(cast.AN)
    clock.forward(minutes=6)
    admin.get(BOARD)
    clock.forward(minutes=6)
    assert admin.post(path("carry_out_lock", row)).status_code == 422
    row.refresh_from_db()
    assert row.state == "decided"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"agreed": "x"},
        {"agreed": "no"},
        {"agreed": "no", "decision": "\u200b"},
        {"agreed": "yes", "decision_number": "a" * 61},
        {"agreed": "yes", "ends_at": "2020-01-01T00:00"},
        {"agreed": "yes", "ends_at": "x\x00"},
        {"agreed": "yes", "ends_at": "2099-01-01T00:00"},
    ],
)
def test_a_decision_that_is_none_changes_nothing(english, sent):
    row = asked()
    response = english(cast.BINH).post(path("decide_lock", row), sent)
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    row.refresh_from_db()
    assert row.state == "asked"


def test_what_was_decided_meanwhile_is_said(english):
    row = asked()
    locks.withdraw(act_id=row.pk, actor=cast.user(cast.CHI))
    response = english(cast.BINH).post(path("decide_lock", row), {"agreed": "yes"})
    assert response.status_code == 422
    assert "This was decided or withdrawn already." in response.content.decode()
    response = english(cast.AN).post(path("carry_out_lock", row))
    assert response.status_code == 422
    assert "not decided, or it was withdrawn" in response.content.decode()


def test_two_administrators_carry_out_once(english):
    row = lock(term=1)
    told = english(cast.AN).post(path("carry_out_lock", row))
    assert told.status_code == 302
    row.refresh_from_db()
    assert row.turn == 1
    assert LockAct.history.filter(id=row.pk, state="done").count() == 1


def test_one_takes_back_what_one_asked_for_and_nobody_else_does(english):
    row = asked()
    address = path("withdraw_lock", row)
    for person in (cast.AN, cast.BINH, cast.MINH, cast.KHANH):
        assert english(person).post(address).status_code == 404
    assert english(cast.CHI).post(address).status_code == 302
    response = english(cast.CHI).post(address)
    assert response.status_code == 422
    assert "Taken back" in html(english(cast.CHI), path("lock_act", row))


def test_nobody_decides_an_unlock_of_ones_own(english):
    row = asked(cast.BINH)
    client = english(cast.BINH)
    assert path("decide_lock", row) not in html(client, path("lock_act", row))
    response = client.post(path("decide_lock", row), {"agreed": "yes"})
    assert response.status_code == 422
    assert "somebody else has to decide it" in response.content.decode()


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (cast.AN, 200),
        (cast.THU, 200),
        (cast.SON, 200),
        (cast.CHI, 200),
        (cast.MINH, 403),
        (cast.QUYEN, 403),
        (cast.KHANH, 404),
        (cast.YEN, 404),
    ],
)
def test_a_request_is_seen_by_its_asker_and_who_watches(english, person, status):
    assert english(person).get(path("lock_act", asked())).status_code == status


def test_a_vice_principal_decides_nothing_unless_the_regulation_says_so(english):
    row = asked()
    client = english(cast.THU)
    assert path("decide_lock", row) not in html(client, path("lock_act", row))
    assert client.post(path("decide_lock", row), {"agreed": "yes"}).status_code == 403
