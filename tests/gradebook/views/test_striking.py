"""Corrected cells: the old value struck, in words too, and counted on every page; and the way to ask for one."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from gradebook.rules.windows import Line
from gradebook.selectors.corrected import Counted, counted, of_sheet
from gradebook.views import striking
from schoolbook import clock
from schoolbook.rules.regulation import FormNeeded
from tests import cast
from tests.gradebook.book import class_place, place, taught
from tests.gradebook.closing import lock, planned, typed, unlock
from tests.gradebook.correcting import correct, handled, unhandled
from tests.gradebook.services.test_form_needed import decide
from tests.gradebook.sheets import address, edit, send

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FILE = "Ask for a correction"


@pytest.fixture(autouse=True)
def requests_are_handled():
    with handled():
        yield


def shown(client, path=None):
    answer = client.get(path or address())
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def cells(html):
    return re.findall(r'<td class="mark[^"]* corrected[^"]*".*?</td>', html, re.DOTALL)


def counter(html):
    return re.search(r'id="corrections-count">([^<]*)<', html)[1]  # type: ignore[index]


def filing(html):
    """What the links that ask for a correction fill in."""
    links = re.findall(r'href="(/corrections/file/\?[^"]+)"(?! data-base)', html)
    return [parse_qs(urlsplit(link).query) for link in links]


def test_an_open_cell_that_was_corrected_shows_the_old_value_struck_and_stays_a_field(english):
    typed(place(), "6,5")
    correct(place(), "8,5")
    html = shown(english(cast.CHI))
    [cell] = cells(html)
    assert '<del aria-hidden="true">6,5</del>' in cell
    assert 'value="8,5"' in cell
    assert 'name="m-' in cell
    note = f"cor-{cast.pupil().pk}-final-1"
    assert note in re.search(r'aria-describedby="([^"]+)"', cell)[1].split()  # type: ignore[index]
    [said] = re.findall(rf'<span id="{note}">([^<]+)</span>', html)
    assert re.fullmatch(
        r"corrected from 6,5 to 8,5 at \d\d:\d\d \d\d/\d\d/\d{4}, request no. 12", said
    )
    assert f"{cast.PUPILS[0]}, ĐĐGck:" in html
    assert 'href="/corrections/12/"' in html


def test_a_closed_sheet_shows_the_same_with_the_words_in_the_cell(english):
    typed(place(), "6,5")
    lock()
    correct(place(), "8,5")
    [cell] = cells(shown(english(cast.CHI)))
    assert "<ins>8,5</ins>" in cell
    assert '<del aria-hidden="true">6,5</del>' in cell
    assert "corrected from 6,5 to 8,5" in cell
    assert cells(shown(english(cast.LAN))) == [cell.replace(" data-file", "")]


def test_what_was_struck_stays_visible_whatever_comes_after(english):
    typed(place(), "6,5")
    correct(place(), "8,5")
    correct(place(), "9", number=13)
    typed(place(), "7", seen=3)
    html = shown(english(cast.CHI))
    [cell] = cells(html)
    assert ">6,5 / 8,5</del>" in cell
    assert 'value="7"' in cell
    assert "from 8,5 to 9 " in html
    assert 'href="/corrections/13/"' in html
    assert counter(html) == "1 mark on this page was corrected: Toán 1 mark."


def test_a_blank_cell_that_was_corrected_strikes_a_dash(english):
    lock()
    correct(place(), "8,5")
    html = shown(english(cast.CHI))
    assert ">–</del>" in cells(html)[0]
    assert "from (empty) to 8,5" in html


def test_a_locked_cell_among_open_ones_is_struck_too(english):
    typed(place(), "6,5")
    lock(component="final")
    correct(place(), "8,5")
    [cell] = cells(shown(english(cast.CHI)))
    assert "readonly" in cell
    assert "6,5</del>" in cell
    assert "data-file" in cell


def test_what_is_typed_over_it_and_refused_keeps_it_struck(english):
    typed(place(), "6,5")
    correct(place(), "8,5")
    client = english(cast.CHI)
    page = shown(client)
    slip, columns = (
        re.search(rf'name="{name}" value="([^"]+)"', page)[1]  # type: ignore[index]
        for name in ("page", "columns")
    )
    pupil = cast.pupil().pk
    versions = re.search(rf'name="s-{pupil}" value="([^"]+)"', page)[1]  # type: ignore[index]
    sent = {"page": slip, "columns": columns, f"s-{pupil}": versions, f"m-{pupil}-final-1": "101"}
    told = client.post(address(save=True), sent)
    [cell] = cells(unescape(told.content.decode()))
    assert told.status_code == 422
    assert 'value="101"' in cell
    assert "6,5</del>" in cell


def test_names_and_remarks_stay_text(english):
    typed(place(), "<b>x</b>", ("comment", 1))
    correct(place(), "<i>y</i>", ("comment", 1))
    html = english(cast.CHI).get(address()).content.decode()
    assert "<b>x" not in html
    assert "&lt;b&gt;x&lt;/b&gt;</del>" in html


def test_a_sheet_without_corrections_says_so(english):
    assert counter(shown(english(cast.CHI))) == "No mark on this page was corrected."
    typed(place(), "6,5")
    assert counter(shown(english(cast.CHI))) == "No mark on this page was corrected."


def of_class(name, **more):
    return reverse(f"gradebook:{name}", kwargs={"class_group_id": cast.class_group().pk, **more})


def test_every_page_of_the_class_counts_by_subject(english):
    for pupil in cast.PUPILS[:2]:
        typed(place(), "6,5", pupil=pupil)
        correct(place(), "8,5", pupil=pupil)
    correct(place(term=2), "7", number=13)
    correct(place("ngu_van"), "7", number=14)
    correct(class_place(), "Tốt", ("conduct", 1), number=15)
    correct(place(), "Chăm học", ("comment", 1), number=16)
    client = english(cast.LAN)
    first = (
        "4 marks on this page were corrected: Ngữ văn 1 mark, Toán 2 marks, Conduct and remarks"
        " 1 mark. 1 remark on this page was corrected."
    )
    assert counter(shown(client, of_class("class_marks") + "?term=1")) == first
    assert counter(shown(client, of_class("class_summary") + "?period=term1")) == first
    second = "1 mark on this page was corrected: Toán 1 mark."
    assert counter(shown(client, of_class("class_marks") + "?term=2")) == second
    assert "5 marks" in counter(shown(client, of_class("class_summary") + "?period=year"))
    by_subject = reverse("gradebook:class_by_subject", args=[taught().pk])
    html = shown(english(cast.CHI), by_subject)
    assert counter(html).startswith("3 marks on this page were corrected: Toán 3 marks.")
    assert html.count("6,5</del>") == 2
    assert html.count("corrected from 6,5 to 8,5") == 2
    assert counter(shown(english(cast.CHI), of_class("class_marks"))).startswith("2 marks")
    mine = shown(client, of_class("student_marks", student_id=cast.pupil().pk))
    assert mine.count("6,5</del>") == 1
    sheet = of_class("class_sheet", term=1)
    assert counter(shown(client, sheet)) == (
        "1 mark on this page was corrected: Conduct and remarks 1 mark."
    )


def test_counted_are_cells_not_corrections():
    typed(place(), "6,5")
    correct(place(), "8,5")
    correct(place(), "9", number=13)
    sheet = taught().sheets.get(term=1)
    assert counted(of_sheet(sheet)) == Counted(marks=1)
    assert striking.counter([]) != []
    assert of_sheet(None) == {}


def test_more_corrections_take_no_more_queries(as_person, exactly_queries):
    client = as_person(cast.CHI)
    path = address()
    typed(place(), "6,5")
    shown(client)
    with exactly_queries(10):
        client.get(path)
    for pupil in cast.PUPILS:
        correct(place(), "9", ("regular", 1), pupil=pupil)
        correct(place(), "8", ("regular", 2), pupil=pupil, number=13)
    with exactly_queries(10):
        client.get(path)


class TestHistory:
    def path(self):
        where = [taught().pk, 1, cast.pupil().pk, "final", 1]
        return reverse("gradebook:cell_history", args=where)

    @pytest.fixture(autouse=True)
    def corrected(self):
        typed(place(), "6,5")
        correct(place(), "8,5")

    def test_the_history_of_the_cell_names_the_request_and_leads_to_it(self, english):
        html = shown(english(cast.CHI), self.path())
        assert '<a href="/corrections/12/">Corrected on request no. 12</a>' in html
        assert html.count("/corrections/12/") == 1

    def test_where_nobody_handles_requests_it_is_only_named(self, english):
        with unhandled():
            html = shown(english(cast.CHI), self.path())
            assert "no. 12</a>" not in shown(english(cast.CHI))
        assert "Corrected on request no. 12" in html
        assert "/corrections/12/" not in html

    @pytest.mark.parametrize(("kind", "found"), [("corrected", 1), ("typed", 1), ("", 2)])
    def test_corrections_are_searched_by_kind(self, english, kind, found):
        path = reverse("gradebook:mark_history")
        html = shown(english(cast.CHI), f"{path}?kind={kind}")
        assert html.count('<th scope="row">') == found
        assert ("/corrections/12/" in html) is (kind != "typed")

    def test_they_are_named_in_the_spreadsheet(self, english):
        answer = english(cast.CHI).get(reverse("gradebook:export_mark_history"))
        assert answer.status_code == 200


class TestFiling:
    def test_an_open_sheet_offers_no_correction(self, english):
        typed(place(), "8")
        assert filing(shown(english(cast.CHI))) == []

    def test_a_locked_cell_leads_to_the_form(self, english):
        typed(place(), "8")
        scope: dict[str, Any] = {
            "class_group_id": cast.class_group().pk,
            "subject_id": taught().subject_id,
        }
        lock(component="final", number=1, student_id=cast.pupil().pk, **scope)
        html = shown(english(cast.CHI))
        pupil = str(cast.pupil().pk)
        base = {"book": ["marks"], "class_subject": [str(taught().pk)], "term": ["1"]}
        assert filing(html) == [
            {**base, "student": [pupil]},  # without JavaScript, beside the pupil
            {**base, "student": [pupil], "cell": ["final:1"]},
        ]
        assert html.count("data-file") == 1
        assert html.count("<noscript>") == 1

    def test_a_sheet_locked_as_a_whole_leads_there_from_every_cell(self, english):
        lock()
        html = shown(english(cast.CHI))
        assert html.count(" data-file>") == 3 * len(re.findall("data-column=", html))
        assert html.count("<noscript>") == 3
        assert "js/sheet/looking" in html
        assert 'name="m-' not in html

    def test_the_book_of_the_class_leads_there_as_well(self, english):
        lock()
        found = filing(shown(english(cast.LAN), of_class("class_sheet", term=1)))
        assert found[0]["class_group"] == [str(cast.class_group().pk)]
        assert "class_subject" not in found[0]
        assert len(found) == 3

    def test_the_administrator_may_ask_without_entering_marks(self, english):
        typed(place(), "8")
        lock(component="final")
        html = shown(english(cast.AN))
        assert html.count(" data-file>") == 3

    @pytest.mark.parametrize("person", [cast.VAN, cast.LAN, cast.BINH, cast.SON])
    def test_who_has_no_right_to_it_is_offered_nothing(self, english, person):
        lock()
        html = shown(english(person))
        assert not filing(html)
        assert "data-file" not in html

    def test_where_nobody_handles_requests_nothing_is_offered(self, english):
        lock()
        with unhandled():
            html = shown(english(cast.CHI))
        assert "data-file" not in html
        assert FILE not in html

    def test_before_the_window_nothing_is_offered(self, english):
        now = clock.now()
        planned([Line(1, "final", None, now + HOUR, now + 2 * HOUR)])
        assert not filing(shown(english(cast.CHI)))

    @pytest.mark.parametrize(
        ("needed", "offered"),
        [(FormNeeded.ALWAYS, 3), (FormNeeded.AFTER_WINDOW, 3), (FormNeeded.AFTER_LOCK, 0)],
    )
    def test_after_the_window_the_regulation_decides(self, english, needed, offered):
        decide(needed)
        now = clock.now()
        planned([Line(1, "final", None, now - 2 * HOUR, now - HOUR)])
        html = shown(english(cast.CHI))
        assert html.count(" data-file>") == offered
        assert ("or for a correction" in html) is bool(offered)

    def test_where_the_form_is_always_needed_a_filled_cell_leads_to_it(self, english):
        decide()
        client = english(cast.CHI)
        send(client, edit("8", component="final"))
        html = shown(client)
        assert html.count(" data-file>") == 1
        assert "changes only by a correction" in html
        assert filing(html)[-1]["cell"] == ["final:1"]

    def test_who_was_overtaken_by_a_lock_hears_of_the_form(self, english):
        client = english(cast.CHI)
        lock()
        [answer] = send(client, edit("8", component="final")).json()["answers"]
        assert answer["file"] is True
        with unhandled():
            [answer] = send(client, edit("8", component="final")).json()["answers"]
        assert answer["file"] is False

    def test_what_was_typed_into_a_cell_that_takes_the_form_leads_there_without_javascript(
        self, english
    ):
        decide()
        client = english(cast.CHI)
        page = shown(client)
        slip, columns = (
            re.search(rf'name="{name}" value="([^"]+)"', page)[1]  # type: ignore[index]
            for name in ("page", "columns")
        )
        pupil = cast.pupil().pk
        typed(place(), "8")
        versions = ",".join("0" for _one in columns.split(","))
        sent = {"page": slip, "columns": columns, f"s-{pupil}": versions, f"m-{pupil}-final-1": "9"}
        told = client.post(address(save=True), sent)
        assert told.status_code == 422
        [first, *_rest] = filing(unescape(told.content.decode()))
        assert first["cell"] == ["final:1"]

    def test_what_an_unlock_opens_is_written_and_not_filed(self, english):
        lock()
        unlock()
        assert not filing(shown(english(cast.CHI)))
