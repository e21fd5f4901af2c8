"""The state of the book where people work, and the way to ask for an unlock."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from gradebook.rules.windows import Line
from schoolbook import clock
from schoolbook.jinja import format_date_time
from tests import cast
from tests.gradebook.book import class_place, fill, place, taught
from tests.gradebook.closing import lock, planned, unlock
from tests.gradebook.sheets import address, edit, send

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ASK = "Ask for an unlock"


@pytest.fixture
def open_sheet(as_person):
    def show(person=cast.CHI, path=None, language="en"):
        client = as_person(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return unescape(client.get(path or address()).content.decode())

    return show


def announce(*spans):
    now = clock.now().replace(second=0, microsecond=0)
    lines = [Line(1, name, None, now + first, now + last) for name, first, last in spans]
    planned(lines)
    return lines


ALL = ("regular", "midterm", "final", "comment")


def between(pattern, html):
    match = re.search(pattern, html, re.DOTALL)
    assert match
    return match[1]


def end_of(row):
    assert row.ends_at
    return format_date_time(row.ends_at)


def facts(html):
    return between(r'<ul class="status-line sheet-facts">(.*?)</ul>', html)


def asked(html):
    """What the links that ask for an unlock fill in."""
    found_links = re.findall(r'href="(/locks/ask/\?[^"]+)"', html)
    return [parse_qs(urlsplit(link).query) for link in found_links]


def test_a_sheet_about_which_nothing_was_said_is_open(open_sheet):
    html = open_sheet()
    assert "Open for entry" in facts(html)
    assert ASK not in facts(html)


def test_the_next_closing_stands_above_the_sheet(open_sheet):
    [line, *_rest] = announce(*[(name, -HOUR, HOUR) for name in ALL])
    assert f"Open until {format_date_time(line.closes_at)}" in facts(open_sheet())


def test_where_columns_close_at_different_times_the_next_is_named(open_sheet):
    lines = announce(("midterm", -HOUR, HOUR), ("final", -HOUR, 2 * HOUR))
    told = facts(open_sheet())
    assert f"ĐĐGgk open until {format_date_time(lines[0].closes_at)}" in told


def test_what_is_to_come_is_said(open_sheet):
    lines = announce(("midterm", -2 * HOUR, -HOUR), ("final", HOUR, 2 * HOUR))
    html = open_sheet()
    assert f"ĐĐGck from {format_date_time(lines[1].opens_at)}" in facts(html)
    told = asked(html)
    assert {"component": ["midterm"], "number": ["1"]}.items() <= told[-1].items() or any(
        one.get("component") == ["midterm"] for one in told
    )


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(HOUR, 2 * HOUR, "Entry begins at"), (-2 * HOUR, -HOUR, "Entry ended at")],
)
def test_a_sheet_that_is_closed_as_a_whole_says_so_once(open_sheet, first, last, said):
    announce(*[(name, first, last) for name in ALL])
    html = open_sheet()
    assert said in facts(html)
    assert html.count("You can look at this sheet, not write in it") == 1
    assert 'name="m-' not in html
    assert "why-1" not in html
    assert ASK in facts(html)


def test_a_lock_of_the_whole_sheet_names_the_decision_and_keeps_the_figures(open_sheet):
    fill(place(), cast.user(cast.CHI), {cast.pupil(): {("final", 1): "8.5"}})
    lock(term=1)
    html = open_sheet()
    assert "by decision 12/QĐ of Trần Văn Bình" in facts(html)
    assert ">8,5</td>" in html
    assert 'name="m-' not in html
    [said, *_others] = asked(html)
    assert said == {
        "kind": ["unlock"],
        "year": ["2026"],
        "class_group": [str(cast.class_group().pk)],
        "class_subject": [str(taught().pk)],
        "subject": [str(taught().subject_id)],
        "term": ["1"],
    }


def test_a_lock_of_one_column_is_partly_and_its_link_asks_for_that_column(open_sheet):
    lock(component="final")
    html = open_sheet()
    assert "Partly locked" in facts(html)
    assert 'data-state="locked"' in html
    links = [one for one in asked(html) if "component" in one]
    assert links
    assert links[-1]["component"] == ["final"]
    assert "student" not in links[-1]


def test_a_lock_of_one_cell_asks_for_that_cell(open_sheet):
    scope: dict[str, Any] = {
        "class_group_id": cast.class_group().pk,
        "subject_id": taught().subject_id,
    }
    lock(component="final", number=1, student_id=cast.pupil().pk, **scope)
    links = [one for one in asked(open_sheet()) if "student" in one]
    assert links[0]["student"] == [str(cast.pupil().pk)]
    assert links[0]["number"] == ["1"]


def test_an_unlock_says_until_when(open_sheet):
    lock(term=1)
    row = unlock(term=1)
    assert f"Unlocked until {end_of(row)}" in facts(open_sheet())


def test_an_unlock_of_one_cell_says_so_and_opens_only_it(open_sheet):
    lock(term=1)
    scope: dict[str, Any] = {
        "class_group_id": cast.class_group().pk,
        "subject_id": taught().subject_id,
    }
    row = unlock(component="final", number=1, student_id=cast.pupil().pk, **scope)
    html = open_sheet()
    assert f"Partly unlocked until {end_of(row)}" in facts(html)
    assert "Partly locked" in facts(html)
    assert html.count('name="m-') == 1


@pytest.mark.parametrize("person", [cast.VAN, cast.PHUC, cast.SON])
def test_who_may_not_ask_sees_the_state_without_the_way(open_sheet, person):
    lock(term=1)
    html = open_sheet(person)
    assert "12/QĐ" in facts(html)
    assert not asked(html)


def test_a_homeroom_teacher_asks_for_the_book_of_the_class(open_sheet):
    lock(term=1)
    group = cast.class_group().pk
    html = open_sheet(cast.LAN, f"/sheets/classes/{class_place().class_group_id}/1/")
    [said, *_others] = asked(html)
    assert (said["book"], said["class_group"]) == (["class"], [str(group)])
    assert not asked(open_sheet(cast.LAN))


def test_what_was_typed_while_the_lock_came_is_shown_again_with_the_reason(as_person):
    client = as_person(cast.CHI)
    page = client.get(address()).content.decode()
    slip = between(r'name="page" value="([^"]+)"', page)
    columns = between(r'name="columns" value="([^"]+)"', page)
    lock(term=1)
    pupil = cast.pupil().pk
    sent = {
        "page": slip,
        "columns": columns,
        f"s-{pupil}": ",".join("0" for _one in columns.split(",")),
        f"m-{pupil}-final-1": "9",
    }
    response = client.post(address(save=True), sent)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="9"' in html
    assert "12/QĐ" in html


def test_a_script_hears_why_too(as_person):
    lock(term=1)
    [answer] = send(as_person(cast.CHI), edit("8", component="final")).json()["answers"]
    assert answer["status"] == "refused"
    assert "12/QĐ" in answer["sentence"]


def test_locks_and_windows_add_no_query_to_the_sheet(as_person, exactly_queries):
    announce(("final", -HOUR, HOUR))
    lock(component="midterm")
    unlock(component="midterm")
    client = as_person(cast.CHI)
    send(client, edit("8"), edit("7", component="midterm"))
    path = address()
    client.get(path)
    with exactly_queries(10):
        client.get(path)
