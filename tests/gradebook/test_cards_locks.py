"""Home: what closes when, what waits for whom, and what became of one's requests."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from gradebook import cards_locks
from gradebook.rules.closing import LockScope
from gradebook.rules.windows import Line
from gradebook.services import locks
from schoolbook import clock
from tests import cast
from tests.gradebook.book import fill, place, pupils, taught
from tests.gradebook.closing import planned
from tests.gradebook.people import fill_class

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def plan(*spans, decided=True):
    now = clock.now()
    lines = [
        Line(1, name, grade, now + opens, now + closes) for name, grade, opens, closes in spans
    ]
    return planned(lines, decided=decided)


def closing(person=cast.CHI):
    return list(cards_locks.windows_closing(cast.user(person)))


@pytest.mark.parametrize(
    ("closes", "tone"),
    [
        (timedelta(days=2, hours=23), "due"),
        (timedelta(days=3, hours=1), "info"),
        (timedelta(days=20), "info"),
        (timedelta(seconds=-1), "late"),
        (timedelta(days=-59), "late"),
    ],
)
def test_a_window_with_missing_marks_is_due_before_it_closes_and_late_after(closes, tone):
    plan(("final", None, -90 * DAY, closes))
    [card] = closing()
    assert card.tone == tone
    assert "ĐĐGck" in str(card.title)
    assert "3 marks are missing on 1 of your sheets" in str(card.text)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(-90 * DAY, 22 * DAY), (-90 * DAY, -61 * DAY), (DAY, 5 * DAY)],
)
def test_what_is_far_away_or_not_open_is_no_matter(opens, closes):
    plan(("final", None, opens, closes))
    assert closing() == []


def test_nothing_is_said_where_nothing_is_missing_or_nothing_is_decided():
    plan(("final", None, -DAY, DAY), decided=False)
    assert closing() == []
    plan(("final", None, -DAY, DAY))
    fill(place(), cast.user(cast.CHI), {one: {("final", 1): "8"} for one in pupils()})
    assert closing() == []
    assert closing(cast.QUYEN) == []


def test_the_window_of_the_grade_itself_counts():
    plan(("final", None, -3 * DAY, -DAY), ("final", 6, -DAY, 10 * DAY))
    [card] = closing()
    assert card.tone == "info"


@pytest.mark.parametrize("size", [3, 12])
def test_it_takes_as_many_queries_however_many_pupils(exactly_queries, size):
    fill_class(pupils=size)
    plan(("final", None, -DAY, DAY), ("midterm", None, -DAY, 2 * DAY))
    chi = cast.user(cast.CHI)
    clock.now()
    with exactly_queries(7):
        assert len(list(cards_locks.windows_closing(chi))) == 2


def ask(person=cast.CHI):
    scope = LockScope(class_group_id=cast.class_group().pk, subject_id=taught().subject_id)
    asked = locks.Asked(
        cast.class_group().year_id, "unlock", scope, "Nhập thiếu", "", clock.now() + DAY
    )
    return locks.ask(asked, actor=cast.user(person))


def decide(row, *, agreed=True):
    return locks.decide(
        act_id=row.pk,
        agreed=agreed,
        decision="Được" if agreed else "Không",
        actor=cast.user(cast.BINH),
        verified_at=timezone.now(),
    )


def waiting(person):
    return [str(card.title) for card in cards_locks.requests(cast.user(person))]


def test_a_request_waits_for_the_decider_then_for_the_administrator_then_comes_back():
    row = ask()
    assert waiting(cast.BINH) == ["1 request to lock or unlock waits for your decision"]
    assert waiting(cast.THU) == []
    assert waiting(cast.AN) == []
    assert list(cards_locks.answers(cast.user(cast.CHI))) == []
    decide(row)
    assert waiting(cast.BINH) == []
    assert waiting(cast.AN) == ["1 decided lock or unlock is to be carried out"]
    [card] = cards_locks.answers(cast.user(cast.CHI))
    assert "waits to be carried out: Toán · 6A" in str(card.title)
    locks.carry_out(act_id=row.pk, actor=cast.user(cast.AN), verified_at=timezone.now())
    assert waiting(cast.AN) == []
    [card] = cards_locks.answers(cast.user(cast.CHI))
    assert (card.tone, str(card.text)) == ("done", "Được")


def test_a_refusal_comes_back_with_its_words_and_goes_after_some_days(clock):
    decide(ask(), agreed=False)
    [card] = cards_locks.answers(cast.user(cast.CHI))
    assert (str(card.text), card.tone) == ("Không", "info")
    clock.forward(days=8)
    assert list(cards_locks.answers(cast.user(cast.CHI))) == []


def test_a_draft_waits_for_the_decider():
    plan(("final", None, -DAY, DAY), decided=False)
    assert waiting(cast.BINH) == ["A draft of the entry times waits for your decision"]
    assert waiting(cast.THU) == []
    assert waiting(cast.CHI) == []


def test_nobody_is_asked_to_decide_ones_own_unlock():
    ask(cast.BINH)
    assert waiting(cast.BINH) == []


def test_they_stand_on_the_home_page(as_person):
    ask()
    plan(("final", None, -DAY, DAY))
    assert "#to-decide" in as_person(cast.BINH).get("/").content.decode()
    assert "ĐĐGck" in as_person(cast.CHI).get("/").content.decode()
