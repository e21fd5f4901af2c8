"""Asking for a correction on its pages: the form, the draft, sending, taking back, and one's own list."""

import re

import pytest
from django.urls import reverse

from approvals.models import CorrectionRequest
from approvals.services import requests as service
from schoolbook.rules.regulation import Witness
from tests import cast
from tests.approvals import requests
from tests.approvals.views import asking
from tests.gradebook import book
from tests.gradebook.closing import lock

pytestmark = pytest.mark.django_db

INVALID, REDIRECT, FORBIDDEN, MISSING = 422, 302, 403, 404


def text(response):
    """What a page says, without its marks."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def open_draft(client, row):
    return client.get(reverse("approvals:draft", args=[row.pk]))


def act(client, name, row, **data):
    return client.post(reverse(f"approvals:{name}", args=[row.pk]), data)


# The form


def test_the_form_fills_in_what_is_entered_and_says_to_whom_it_goes(english, closed):
    shown = english(cast.CHI).get(asking.address(cell="final:1"))
    page = text(shown)
    assert shown.status_code == 200
    for said in (cast.THU.full_name, cast.CHI.full_name, cast.PUPILS[0], "6A", "Toán", "6,5"):
        assert said in page
    html = shown.content.decode()
    assert re.search(r'<input[^>]+name="value-final:1"[^>]*autofocus', html)
    assert html.count("autofocus") == 1
    assert '<textarea name="value-comment:1"' in html


def test_one_post_keeps_a_draft_with_its_files(english, closed):
    client = english(cast.CHI)
    sent = client.post(asking.address(), asking.said(asking.paper(), asking.paper("danh-sach.png")))
    row = CorrectionRequest.objects.get()
    assert (sent.status_code, sent.url) == (REDIRECT, reverse("approvals:draft", args=[row.pk]))
    assert [(one.label, one.old, one.new) for one in row.lines.all()] == [("ĐĐGck", "6,5", "9")]
    assert (row.state, row.reason, row.evidence.count()) == ("draft", asking.REASON, 2)


def test_the_draft_of_a_page_is_one_and_opens_with_what_it_says(english, closed):
    client = english(cast.CHI)
    client.post(asking.address(), asking.said(asking.paper()))
    again = client.get(asking.address()).content.decode()
    assert 'value="9"' in again
    assert asking.REASON in again
    assert "bai-kiem-tra" in again
    client.post(asking.address(), asking.said(midterm="7"))
    row = CorrectionRequest.objects.get()
    assert [one.label for one in row.lines.filter(is_dropped=False)] == ["ĐĐGgk"]
    assert row.evidence.count() == 1


def test_a_wrong_value_stands_at_its_cell_and_everything_typed_stays(english, closed):
    client = english(cast.CHI)
    answer = client.post(
        asking.address(), asking.said(asking.paper(), final="10,5", midterm="7", reason="Vì sao")
    )
    html = answer.content.decode()
    assert answer.status_code == INVALID
    assert 'id="id_value-final:1_error"' in html
    assert all(
        kept in html for kept in ('value="10,5"', 'value="7"', "Vì sao", "Choose the files again")
    )
    assert CorrectionRequest.objects.count() == 0


def test_nothing_to_change_and_no_reason_are_refused(english, closed):
    client = english(cast.CHI)
    nothing = client.post(asking.address(), asking.said(final=""))
    same = client.post(asking.address(), asking.said(final="6,5"))
    silent = client.post(asking.address(), asking.said(reason="  "))
    assert "Nothing would change" in text(nothing)
    assert "Nothing would change" in text(same)
    assert "Say why it has to be corrected." in text(silent)
    assert {one.status_code for one in (nothing, same, silent)} == {INVALID}
    assert CorrectionRequest.objects.count() == 0


def test_that_nothing_should_stand_there_is_said_by_a_tick(english, closed):
    client = english(cast.CHI)
    both = client.post(asking.address(), {**asking.said(), "blank-final:1": "on"})
    assert "Either enter a value" in text(both)
    client.post(asking.address(), {**asking.said(final=""), "blank-final:1": "on"})
    line = CorrectionRequest.objects.get().lines.get()
    assert (line.old, line.new) == ("6,5", "")
    html = client.get(asking.address()).content.decode()
    assert re.search(r'name="blank-final:1"[^>]*checked', html)


def test_what_is_open_is_shown_with_the_reason_and_cannot_be_asked_for(english):
    where = book.place()
    book.fill(where, cast.user(cast.CHI), {cast.pupil(cast.PUPILS[0]): {("final", 1): "6,5"}})
    client = english(cast.CHI)
    page = client.get(asking.address(cell="final:1"))
    assert "This cell is open: write it on the sheet itself." in text(page)
    assert 'name="value-final:1"' not in page.content.decode()
    answer = client.post(asking.address(), asking.said())
    assert answer.status_code == INVALID
    assert CorrectionRequest.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"final": "9\x00"},
        {"final": "9" * 10_000},
        {"comment": "a" * 10_000},
        {"final": "9", "reason": "a" * 10_000},
    ],
    ids=["NUL", "long value", "long comment", "long reason"],
)
def test_what_no_book_could_hold_is_refused_in_a_sentence(english, closed, typed):
    answer = english(cast.CHI).post(asking.address(), asking.said(**typed))
    assert answer.status_code == INVALID
    assert "field-error" in answer.content.decode()
    assert CorrectionRequest.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"book": "chess"},
        {"book": "marks\x00"},
        {"cell": "final:9"},
        {"cell": "\x00"},
        {"term": "3"},
        {"term": "1\x00"},
        {"student": "999999999"},
        {"student": "9" * 40},
        {"class_subject": "999999999"},
        {"again": "999999999"},
    ],
    ids=str,
)
def test_an_address_that_names_nothing_is_not_there(english, closed, wrong):
    assert english(cast.CHI).get(asking.address(**wrong)).status_code == MISSING


def test_an_address_without_a_book_leads_to_ones_own_list(english):
    answer = english(cast.CHI).get(reverse("approvals:file_correction"))
    assert (answer.status_code, answer.url) == (REDIRECT, reverse("approvals:my_corrections"))


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (cast.LAN, FORBIDDEN),  # has the class as homeroom, and looks at the sheet
        (cast.OANH, FORBIDDEN),  # taught it until September
        (cast.MINH, MISSING),  # teaches another class
        (cast.VAN, FORBIDDEN),  # enters for somebody who is away
        (cast.TAN, FORBIDDEN),
        (cast.THU, FORBIDDEN),  # decides, and asks for nothing here
        (cast.QUYEN, FORBIDDEN),
        (cast.KHANH, MISSING),
    ],
    ids=lambda one: getattr(one, "username", one),
)
def test_only_who_teaches_the_subject_asks(english, closed, person, status):
    client = english(person)
    assert client.get(asking.address()).status_code == status
    assert client.post(asking.address(), asking.said()).status_code == status
    assert CorrectionRequest.objects.count() == 0


def test_the_administrator_asks_like_anybody_else(english, closed):
    english(cast.AN).post(asking.address(), asking.said())
    assert CorrectionRequest.objects.get().requested_by == cast.user(cast.AN)


def test_the_homeroom_teacher_asks_on_the_sheet_of_the_class(english):
    book.fill(
        book.class_place(), cast.user(cast.LAN), {cast.pupil(cast.PUPILS[0]): {("conduct", 1): "T"}}
    )
    lock()
    client = english(cast.LAN)
    where = asking.address(book.class_place(), cell="conduct:1")
    assert client.get(where).status_code == 200
    client.post(where, asking.said(conduct="K"))
    row = CorrectionRequest.objects.get()
    assert (row.requested_by, row.class_subject, row.lines.get().new) == (
        cast.user(cast.LAN),
        None,
        "Khá",
    )
    assert open_draft(client, row).status_code == 200
    assert english(cast.CHI).get(where).status_code == FORBIDDEN


def test_the_form_costs_the_same_for_more_pupils(english, closed, exactly_queries):
    client, where = english(cast.CHI), asking.address()
    client.get(where)
    with exactly_queries(FORM_QUERIES):
        client.get(where)
    book.more_pupils(5)
    with exactly_queries(FORM_QUERIES):
        client.get(where)


FORM_QUERIES = 16


# The draft


def test_the_draft_shows_what_is_sent_what_follows_and_to_whom_it_goes(english, closed):
    requests.regulated(correction_witnesses=(Witness.ADMIN,))
    row = requests.with_evidence(requests.drafted())
    page = open_draft(english(cast.CHI), row)
    shown, file = text(page), row.evidence.get()
    for said in (
        "6,5",
        "9",
        row.reason,
        file.name,
        file.received_sha256,
        file.stored_sha256,
        cast.THU.full_name,
        "representative of the admin board",
    ):
        assert said in shown
    assert reverse("approvals:evidence", args=[file.pk]) in page.content.decode()


def test_the_draft_says_what_is_missing_before_it_can_be_sent(english, closed):
    row = requests.drafted()
    client = english(cast.CHI)
    assert "Add at least one file that proves what is right." in text(open_draft(client, row))
    answer = act(client, "send_correction", row)
    assert answer.status_code == INVALID
    assert "Add at least one file that proves what is right." in text(answer)


def test_a_book_without_any_effect_is_shown_kindly(english, closed):
    row = requests.drafted(typed={"comment:1": "Tiến bộ"})
    assert "As far as is known, nothing else changes by it." in text(
        open_draft(english(cast.CHI), row)
    )


def test_a_draft_is_nobody_elses(english, closed):
    row = requests.with_evidence(requests.drafted())
    for person in (cast.AN, cast.THU, cast.LAN, cast.KHANH):
        client = english(person)
        assert open_draft(client, row).status_code == MISSING
        for name in ("send_correction", "withdraw_correction", "add_evidence"):
            assert act(client, name, row).status_code == MISSING
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_draft_is_sent_once_and_stays_as_it_is(english, closed):
    row = requests.with_evidence(requests.drafted())
    client = english(cast.CHI)
    request = reverse("approvals:correction", args=[row.pk])
    assert act(client, "send_correction", row).url == request
    row.refresh_from_db()
    assert (row.state, row.approver_role) == ("submitted", "vice_principal")
    assert act(client, "send_correction", row).url == request
    assert open_draft(client, row).url == request
    assert act(client, "add_evidence", row).url == request
    assert "it stays as it is" in text(client.get("/"))


def test_sending_what_somebody_else_has_asked_for_names_them(english, closed):
    requests.sent()
    second = requests.with_evidence(requests.drafted(reason="Nhầm dòng"))
    answer = act(english(cast.CHI), "send_correction", second)
    assert answer.status_code == INVALID
    assert f"{cast.CHI.full_name} has asked for a correction of ĐĐGck already" in text(answer)


def test_a_draft_is_thrown_away(english, closed):
    row = requests.drafted()
    client = english(cast.CHI)
    answer = act(client, "withdraw_correction", row)
    assert answer.url == reverse("approvals:my_corrections")
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert "You have not asked for any correction" in text(client.get(answer.url))


def test_a_request_is_taken_back_with_words_until_it_is_decided(english, closed):
    row, client = requests.sent(), english(cast.CHI)
    answer = act(client, "withdraw_correction", row, reason="Đã tìm thấy bài")
    assert answer.url == reverse("approvals:correction", args=[row.pk])
    row.refresh_from_db()
    assert (row.state, row.ending) == ("withdrawn", "Đã tìm thấy bài")
    decided = requests.decided(requests.sent())
    act(client, "withdraw_correction", decided)
    decided.refresh_from_db()
    assert decided.state == "witnessed"
    assert "The request has moved on meanwhile" in text(client.get("/"))


def test_what_was_expired_is_asked_for_again_with_what_it_said(english, closed):
    row = requests.sent()
    service.withdraw(correction_id=row.pk, actor=cast.user(cast.CHI))
    again = english(cast.CHI).get(asking.address(again=row.pk)).content.decode()
    assert 'value="9"' in again
    assert row.reason in again
    other = asking.address(pupil=cast.PUPILS[1], again=row.pk)
    assert english(cast.CHI).get(other).status_code == MISSING


# One's own list


def test_ones_own_list_says_how_far_each_request_is_and_for_whom_it_waits(english, closed):
    requests.sent()
    requests.decided(requests.sent(typed={"regular:1": "9"}), agreed=False)
    requests.drafted(typed={"midterm:1": "7"})
    page = text(english(cast.CHI).get(reverse("approvals:my_corrections")))
    for said in (
        "waits for a decision",
        f"It waits for: {cast.THU.full_name}.",
        "sent today",
        "It is not sent yet.",
        "refused",
        "Chưa đủ minh chứng",
    ):
        assert said in page


def test_nobody_elses_requests_are_on_ones_own_list(english, closed):
    requests.sent()
    page = text(english(cast.THU).get(reverse("approvals:my_corrections")))
    assert cast.PUPILS[0] not in page


def test_the_list_costs_the_same_for_more_requests(english, closed, exactly_queries):
    requests.regulated(correction_witnesses=(Witness.ADMIN,))
    client, where = english(cast.CHI), reverse("approvals:my_corrections")
    requests.sent()
    requests.decided(requests.sent(typed={"midterm:1": "7"}))
    client.get(where)
    with exactly_queries(LIST_QUERIES):
        client.get(where)
    for number in (1, 2, 3, 4):
        requests.sent(typed={f"regular:{number}": "9"})
    with exactly_queries(LIST_QUERIES):
        client.get(where)


LIST_QUERIES = 9


def test_the_books_below_know_the_way(closed):
    from schoolbook import registry  # noqa: PLC0415

    asked: dict[str, str | int] = {"book": "marks", "class_subject": 5, "term": 1, "student": 9}
    asked["cell"] = "regular:2"
    assert registry.corrections.filing_href(asked) == (
        "/corrections/file/?book=marks&class_subject=5&term=1&student=9&cell=regular%3A2"
    )
    assert registry.corrections.request_href(7) == "/corrections/7/"
