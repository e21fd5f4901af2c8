"""What waits for whom, the list of a year, and several requests decided at once."""

import pytest
from django.urls import reverse

from approvals.models import CorrectionRequest
from approvals.services import requests as service
from schoolbook.rules.regulation import Witness
from tests import cast
from tests.approvals import requests
from tests.approvals.pages import change_meanwhile, close_class, path
from tests.gradebook import book

pytestmark = pytest.mark.django_db
INBOX, DECIDE = "/corrections/", "/corrections/decide/"


@pytest.fixture(autouse=True)
def closed(db):
    close_class()


def html(client, path=INBOX, **data):
    response = client.get(path, data)
    assert response.status_code == 200
    return response.content.decode()


def three():
    """A request for each pupil of 6A, in the order of the cast."""
    return [requests.sent(pupil=name) for name in cast.PUPILS]


def opened_by(client, rows):
    for row in rows:
        assert client.get(path(row)).status_code == 200


def decide(client, rows, agreed="yes", **sent):
    ticked = [row.pk for row in rows]
    return client.post(DECIDE, {"correction": ticked, "agreed": agreed, **sent}, follow=True)


def states():
    return [row.state for row in CorrectionRequest.objects.order_by("id")]


def part(told, name):
    return told.split(f'id="{name}"')[1].split("</section>")[0]


def test_what_waits_is_there_oldest_first_with_what_would_change(english, clock):
    first = requests.sent(pupil=cast.PUPILS[2])
    clock.forward(days=12)
    requests.sent()
    told = part(html(english(cast.THU)), "to-decide")
    assert told.index(cast.PUPILS[2]) < told.index(cast.PUPILS[0])
    for words in ("for 12 days", "since today", "6,5", cast.CHI.full_name, path(first)):
        assert words in told


@pytest.mark.parametrize("person", [cast.BINH, cast.AN, cast.SON, cast.CHI, cast.LAN, cast.QUYEN])
def test_nothing_waits_for_who_does_not_decide(english, person):
    requests.sent()
    told = html(english(person))
    assert 'id="to-decide"' not in told
    assert "Nothing waits for you" in told


def test_what_waits_for_witnesses_and_administrators_is_with_them(english):
    requests.regulated(correction_witnesses=(Witness.HOMEROOM_TEACHER,))
    requests.decided(requests.sent())
    assert cast.PUPILS[0] in part(html(english(cast.LAN)), "to-witness")
    assert "Nothing waits for you" in html(english(cast.AN))
    row = CorrectionRequest.objects.get()
    english(cast.LAN).post(path(row, "witness_correction"), {"role": "homeroom_teacher"})
    assert "Nothing waits for you" in html(english(cast.LAN))
    assert cast.PUPILS[0] in part(html(english(cast.AN)), "to-apply")


def test_a_box_is_there_only_for_what_was_opened(english):
    rows, client = three(), english(cast.THU)
    assert 'type="checkbox"' not in html(client)
    opened_by(client, rows[:1])
    told = html(client)
    assert told.count('type="checkbox"') == 1
    assert f'value="{rows[0].pk}"' in told
    assert told.count("open first") == 2


def test_several_are_approved_at_once_and_each_is_named(english):
    rows, client = three(), english(cast.THU)
    opened_by(client, rows)
    told = decide(client, rows[:2], decision="Đồng ý").content.decode()
    assert states() == ["witnessed", "witnessed", "submitted"]
    assert "2 requests are approved" in told
    assert {row.decision for row in CorrectionRequest.objects.all()} == {"Đồng ý", ""}


def test_several_are_refused_with_words_or_not_at_all(english):
    rows, client = three(), english(cast.THU)
    opened_by(client, rows)
    response = decide(client, rows[:2], agreed="no")
    told = response.content.decode()
    assert response.status_code == 422
    assert "Say why not" in told
    assert told.count(" checked") == 2
    told = decide(client, rows[:2], agreed="no", decision="Chưa đủ").content.decode()
    assert "2 requests are refused" in told
    assert states() == ["refused", "refused", "submitted"]


def test_what_was_not_opened_decides_nothing(english):
    rows, client = three(), english(cast.THU)
    opened_by(client, rows[:2])
    response = decide(client, rows, decision="Đồng ý")
    told = response.content.decode()
    assert response.status_code == 422
    assert "Open each request before" in told
    assert "Đồng ý" in told
    assert states() == ["submitted"] * 3


def test_what_one_person_opened_another_has_not(english):
    rows = three()
    opened_by(english(cast.BINH), rows)
    assert decide(english(cast.THU), rows).status_code == 422


def test_one_that_was_taken_back_meanwhile_is_named_and_nothing_is_half_done(english):
    rows, client = three(), english(cast.THU)
    opened_by(client, rows)
    service.withdraw(correction_id=rows[1].pk, actor=cast.user(cast.CHI))
    response = decide(client, rows)
    assert response.status_code == 422
    assert f"Request no. {rows[1].pk}: The request has moved on" in response.content.decode()
    assert states() == ["submitted", "withdrawn", "submitted"]


def test_one_that_expires_on_the_way_is_told_with_its_reason(english, monkeypatch):
    rows, client = three(), english(cast.THU)
    opened_by(client, rows)
    change_meanwhile(rows[1], monkeypatch)
    told = decide(client, rows).content.decode()
    assert states() == ["witnessed", "expired", "witnessed"]
    assert "2 requests are approved" in told
    assert "“6,5”" in told
    assert "has expired, and nothing was changed" in told


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"agreed": "yes"},
        {"agreed": "x", "correction": ["1"]},
        {"agreed": "yes", "correction": ["x"]},
        {"agreed": "yes", "correction": ["\x00"]},
        {"agreed": "yes", "correction": ["9" * 30]},
        {"agreed": "yes", "correction": ["9" * 18]},
        {"agreed": "yes", "correction": [str(number) for number in range(1, 60)]},
        {"agreed": "yes", "correction": ["1"], "decision": "a" * 501},
    ],
)
def test_what_no_page_sends_changes_nothing(english, sent):
    requests.sent()
    response = english(cast.THU).post(DECIDE, sent)
    assert response.status_code == 422
    assert 'class="notice notice-error"' in response.content.decode()
    assert states() == ["submitted"]


@pytest.mark.parametrize("person", [cast.AN, cast.SON, cast.CHI, cast.QUYEN, cast.KHANH])
def test_who_decides_nothing_is_refused(english, person):
    assert english(person).post(DECIDE, {"agreed": "yes"}).status_code == 403


def test_several_ask_for_a_second_factor_and_keep_what_was_ticked(english, clock):
    rows, client = three(), english(cast.THU)
    opened_by(client, rows)
    clock.forward(minutes=11)
    response = decide(client, rows[:2], decision="Đồng ý")
    told = response.content.decode()
    assert response.status_code == 422
    assert told.count('name="correction"') == 2
    assert 'name="agreed" value="yes"' in told
    assert states() == ["submitted"] * 3
    sent = {"decision": "Đồng ý", "second_factor-code": cast.code()}
    decide(client, rows[:2], **sent)
    assert states() == ["witnessed", "witnessed", "submitted"]


def test_who_watches_sees_all_that_were_sent_and_others_their_own(english):
    requests.decided(requests.sent(), agreed=False)
    requests.drafted(pupil=cast.PUPILS[1])
    for person in (cast.THU, cast.SON, cast.AN):
        told = html(english(person))
        assert cast.PUPILS[0] in told
        assert cast.PUPILS[1] not in told
    assert cast.PUPILS[1] in html(english(cast.CHI))
    for person in (cast.LAN, cast.QUYEN, cast.KHANH):
        assert cast.PUPILS[0] not in html(english(person))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 2),
        ({"state": "refused"}, 1),
        ({"state": "applied"}, 0),
        ({"year": "2026", "class_group": "6A", "subject": "toan", "teacher": "chi"}, 2),
    ],
)
def test_a_filter_filters(english, query, count):
    row = requests.decided(requests.sent(), agreed=False)
    requests.sent(pupil=cast.PUPILS[1])
    known = {
        "class_group": row.class_group_id,
        "subject": book.taught().subject_id,
        "teacher": row.requested_by_id,
    }
    asked = {name: known.get(name, value) for name, value in query.items()}
    told = html(english(cast.AN), **asked)
    assert told.count('<th scope="row"><a') == count


@pytest.mark.parametrize(
    "query",
    [
        {"state": "x", "class_group": "9" * 40, "subject": "\x00", "teacher": "-1"},
        {"year": "9" * 40, "page": "x", "teacher": "x"},
    ],
)
def test_any_filter_is_answered(english, query):
    requests.sent()
    assert cast.PUPILS[0] in html(english(cast.THU), **query)


@pytest.mark.parametrize("more", [0, 2])
def test_the_inbox_takes_as_many_queries_however_much_waits(english, exactly_queries, more):
    client = english(cast.THU)
    for name in cast.PUPILS[: 1 + more]:
        row = requests.sent(pupil=name)
    opened_by(client, [row])
    with exactly_queries(17):
        client.get(INBOX)


def test_a_look_at_the_head_alone_is_answered(english):
    client = english(cast.THU)
    assert client.head(INBOX).status_code == 200


def test_the_way_there_is_shown_to_who_files_watches_or_decides(english):
    link = f'<a href="{reverse("approvals:corrections")}"'
    for person in (cast.CHI, cast.LAN, cast.THU, cast.AN, cast.SON):
        assert link in html(english(person), "/")
    for person in (cast.QUYEN, cast.VAN):
        assert link not in html(english(person), "/")
