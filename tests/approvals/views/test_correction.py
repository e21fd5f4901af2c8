"""A request on its page: what everybody is told, and deciding, witnessing and applying over HTTP."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.models import CorrectionRequest, Opened
from approvals.services import requests as service
from gradebook.models import Mark
from schoolbook import audit
from schoolbook import clock as clock_of_school
from schoolbook.models import Duty, User
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness
from schoolbook.services import duties
from tests import cast
from tests.approvals import requests
from tests.approvals.pages import change_meanwhile, close_class, path
from tests.conftest import show_second_factor
from tests.gradebook import book

pytestmark = pytest.mark.django_db
TWO_WITNESSES = (Witness.ADMIN, Witness.HOMEROOM_TEACHER)


@pytest.fixture(autouse=True)
def closed(db):
    close_class()


def html(client, row):
    response = client.get(path(row))
    assert response.status_code == 200
    return response.content.decode()


def decide(client, row, **sent):
    return client.post(path(row, "decide_correction"), {"agreed": "yes", **sent})


def witness(client, row, role):
    return client.post(path(row, "witness_correction"), {"role": role})


def witnessed(*, witnesses=()):
    """A request that waits to be applied."""
    requests.regulated(correction_witnesses=witnesses)
    return requests.decided(requests.sent())


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (cast.CHI, 200),
        (cast.THU, 200),
        (cast.BINH, 200),
        (cast.AN, 200),
        (cast.SON, 200),
        (cast.LAN, 403),
        (cast.MINH, 403),
        (cast.QUYEN, 403),
        (cast.KHANH, 404),
        (cast.YEN, 404),
    ],
)
def test_who_has_a_part_in_a_request_or_watches_sees_it(english, person, status):
    assert english(person).get(path(requests.sent())).status_code == status


def test_a_homeroom_teacher_who_is_a_witness_sees_the_request(english):
    requests.regulated(correction_witnesses=(Witness.HOMEROOM_TEACHER,))
    assert english(cast.LAN).get(path(requests.sent())).status_code == 200


def test_everything_about_a_request_is_on_its_page(english):
    requests.decided(requests.sent(pupil=cast.PUPILS[1]), agreed=False)
    told = html(english(cast.THU), requests.sent())
    for word in (
        cast.PUPILS[0],
        cast.CHI.full_name,
        "Toán",
        "ĐĐGck",
        "6,5",
        "9",
        "Cộng sai điểm bài kiểm tra",
        "bai-kiem-tra.png",
        "SHA-256 as received",
        "Waits for the decision of: Võ Thị Thu",
        "has asked for 2 corrections in this term, this one included",
        "1 refused",
        reverse("gradebook:subject_sheet", args=[book.taught().pk, 1]),
    ):
        assert word in told
    assert "Bình" not in told


def test_what_stood_in_the_cells_is_told_with_who_and_when(english):
    told = html(english(cast.THU), requests.sent())
    history = told.split('id="before"')[1].split("</table>")[0]
    assert "6,5" in history
    assert cast.CHI.full_name in history


def test_text_of_people_stays_text(english):
    row = requests.sent(reason="<script>alert(1)</script>")
    assert "<script>alert(1)" not in html(english(cast.THU), row)


@pytest.mark.parametrize(
    ("person", "decides"),
    [(cast.THU, True), (cast.BINH, False), (cast.AN, False), (cast.SON, False), (cast.CHI, False)],
)
def test_who_decides_is_offered_it_and_nobody_else(english, person, decides):
    row = requests.sent()
    assert (path(row, "decide_correction") in html(english(person), row)) is decides


def test_looking_notes_that_who_decides_has_opened_it_once(english):
    row = requests.sent()
    for person in (cast.THU, cast.THU, cast.BINH, cast.AN, cast.CHI):
        english(person).get(path(row))
    assert [one.user for one in Opened.objects.all()] == [cast.user(cast.THU)]


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose"])
def test_what_is_fetched_ahead_was_not_opened(english, header):
    row, client = requests.sent(), english(cast.THU)
    assert client.head(path(row)).status_code == 200
    assert client.get(path(row), headers={header: "prefetch;prerender"}).status_code == 200
    assert not Opened.objects.exists()


def test_a_request_is_approved_witnessed_and_applied_by_four_people(english):
    requests.regulated(correction_witnesses=TWO_WITNESSES)
    row = requests.sent()
    assert decide(english(cast.THU), row, decision="Đồng ý").status_code == 302
    told = html(english(cast.CHI), row)
    assert "Waits for a witness, homeroom teacher of the class: Hoàng Thị Lan" in told
    for person, role in ((cast.LAN, "homeroom_teacher"), (cast.AN, "admin")):
        assert f'value="{role}"' in html(english(person), row)
        assert witness(english(person), row, role).status_code == 302
    told = html(english(cast.AN), row)
    assert "Waits to be applied by an administrator: Lê Thị An" in told
    response = english(cast.AN).post(path(row, "apply_correction"), follow=True)
    told = response.content.decode()
    row.refresh_from_db()
    assert row.state == "applied"
    assert timezone.localtime(row.applied_at).strftime("%H:%M %d/%m/%Y") in told
    assert Mark.objects.get(student=row.student, component="final").score == Decimal("9.0")
    for words in (
        "Approved: Võ Thị Thu",
        "Confirmed as witness: homeroom teacher of the class",
        "Applied: Lê",
    ):
        assert words in told


def test_a_refusal_needs_words_and_keeps_the_page(english):
    row = requests.sent()
    response = decide(english(cast.THU), row, agreed="no", decision="\u200b")
    assert response.status_code == 422
    assert "Say why not" in response.content.decode()
    response = decide(english(cast.THU), row, agreed="no", decision="Chưa đủ minh chứng")
    assert response.status_code == 302
    told = html(english(cast.CHI), row)
    assert "Refused: Võ Thị Thu" in told
    assert "Chưa đủ minh chứng" in told


@pytest.mark.parametrize(
    "sent",
    [{"agreed": ""}, {"agreed": "x"}, {"decision": "a" * 501}],
)
def test_a_decision_that_is_none_is_sent_back_with_its_words(english, sent):
    row = requests.sent()
    response = decide(english(cast.THU), row, **{"decision": "Đồng ý", **sent})
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    if "decision" not in sent:
        assert "Đồng ý" in response.content.decode()
    row.refresh_from_db()
    assert row.state == "submitted"


def charge(person, role):
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(person),
        role=role,
        begins_on=cast.START,
        actor=User.objects.system(),
    )


def test_nobody_decides_what_they_asked_for_themselves(english):
    charge(cast.CHI, Role.VICE_PRINCIPAL)
    cast.give_second_factor(cast.user(cast.CHI))
    row, client = requests.sent(), english(cast.CHI)
    show_second_factor(client)
    told = html(client, row)
    assert "somebody else has to decide it" in told
    assert path(row, "decide_correction") not in told
    response = decide(client, row)
    assert response.status_code == 422
    assert "somebody else has to decide it" in response.content.decode()
    row.refresh_from_db()
    assert row.state == "submitted"


def test_a_principal_does_not_decide_where_the_vice_principal_does(english):
    response = decide(english(cast.BINH), requests.sent(), decision="Đồng ý")
    told = response.content.decode()
    assert response.status_code == 422
    assert "somebody else decides this request" in told
    assert "Đồng ý" in told


@pytest.mark.parametrize(
    ("person", "status"), [(cast.AN, 403), (cast.SON, 403), (cast.LAN, 403), (cast.KHANH, 404)]
)
def test_who_decides_no_requests_is_refused(english, person, status):
    assert decide(english(person), requests.sent()).status_code == status


def without_leaders():
    for duty in Duty.objects.filter(role__in=[Role.PRINCIPAL, Role.VICE_PRINCIPAL]):
        duty.ends_on = clock_of_school.today() - timedelta(days=1)
        duty.save()
        audit.record([duty], actor=User.objects.system())


def test_a_deputy_decides_when_it_is_their_turn_and_not_before(english):
    requests.regulated(correction_deputy=cast.user(cast.LAN).pk)
    row, client = requests.sent(), english(cast.LAN)
    told = html(client, row)
    assert "second factor" not in told
    assert path(row, "decide_correction") not in told
    without_leaders()
    told = html(client, row)
    assert "Set up a second factor first" in told
    assert path(row, "decide_correction") not in told
    cast.give_second_factor(cast.user(cast.LAN))
    client = english(cast.LAN)
    show_second_factor(client)
    assert path(row, "decide_correction") in html(client, row)
    assert decide(client, row).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("witnessed", cast.user(cast.LAN))


def test_what_was_decided_or_taken_back_meanwhile_is_said(english):
    row = requests.sent()
    service.withdraw(correction_id=row.pk, actor=cast.user(cast.CHI))
    response = decide(english(cast.THU), row, decision="Đồng ý")
    told = response.content.decode()
    assert response.status_code == 422
    assert "The request has moved on meanwhile" in told
    assert "Đồng ý" in told


def test_deciding_and_applying_ask_for_a_second_factor_of_the_last_minutes(english, clock):
    row = requests.sent()
    client = english(cast.THU)
    clock.forward(minutes=11)
    response = decide(client, row, decision="Đồng ý")
    assert response.status_code == 422
    assert 'name="decision" value="Đồng ý"' in response.content.decode()
    row.refresh_from_db()
    assert row.state == "submitted"
    code = {"second_factor-code": cast.code()}
    assert decide(client, row, decision="Đồng ý", **code).status_code == 302
    admin = english(cast.AN)
    clock.forward(minutes=6)
    admin.get(path(row))
    clock.forward(minutes=6)
    assert admin.post(path(row, "apply_correction")).status_code == 422
    row.refresh_from_db()
    assert row.state == "witnessed"


def test_a_request_whose_cell_changed_says_so_and_ends_with_the_next_step(english, monkeypatch):
    row = requests.sent()
    change_meanwhile(row, monkeypatch)
    assert "This request will expire" in html(english(cast.THU), row)
    response = english(cast.THU).post(
        path(row, "decide_correction"), {"agreed": "yes"}, follow=True
    )
    told = response.content.decode()
    assert "The request has expired, and nothing was changed" in told
    assert "“6,5”" in told
    row.refresh_from_db()
    assert row.state == "expired"


def test_a_witness_who_decided_or_confirmed_already_is_refused(english):
    requests.regulated(correction_witnesses=(Witness.HOMEROOM_TEACHER, Witness.REQUESTER))
    row = requests.decided(requests.sent())
    assert witness(english(cast.THU), row, "homeroom_teacher").status_code == 404
    assert "somebody else has to be its witness" in html(english(cast.THU), row)
    assert witness(english(cast.CHI), row, "homeroom_teacher").status_code == 422
    assert witness(english(cast.CHI), row, "requester").status_code == 302
    response = witness(english(cast.CHI), row, "requester")
    assert response.status_code == 422
    assert "has confirmed already" in response.content.decode()


@pytest.mark.parametrize("role", ["", "x", "\x00", "leader"])
def test_a_witness_that_is_none_changes_nothing(english, role):
    requests.regulated(correction_witnesses=(Witness.REQUESTER,))
    row = requests.decided(requests.sent())
    assert witness(english(cast.CHI), row, role).status_code == 422
    row.refresh_from_db()
    assert row.state == "approved"


def test_who_is_no_witness_finds_no_such_request(english):
    requests.regulated(correction_witnesses=(Witness.REQUESTER,))
    row = requests.decided(requests.sent())
    for person in (cast.BINH, cast.LAN, cast.AN, cast.KHANH):
        assert witness(english(person), row, "requester").status_code == 404


def test_a_witness_is_not_offered_a_seat_that_leaves_another_empty(english):
    requests.regulated(correction_witnesses=TWO_WITNESSES)
    charge(cast.QUYEN, Role.ADMIN)
    # An is an administrator beside Quyên, and leads the class as well.
    homeroom = cast.class_group().homeroom_assignments.get()
    homeroom.user = cast.user(cast.AN)
    homeroom.save()
    audit.record([homeroom], actor=User.objects.system())
    row, client = requests.decided(requests.sent()), english(cast.AN)
    told = html(client, row)
    assert 'value="homeroom_teacher"' in told
    assert 'value="admin"' not in told
    response = witness(client, row, "admin")
    assert response.status_code == 422
    assert "Confirm in your other role" in response.content.decode()
    assert witness(client, row, "homeroom_teacher").status_code == 302


def test_only_an_administrator_applies_and_only_what_is_witnessed(english):
    row = requests.sent()
    for person, status in ((cast.THU, 403), (cast.CHI, 403), (cast.KHANH, 404), (cast.AN, 422)):
        assert english(person).post(path(row, "apply_correction")).status_code == status
    row.refresh_from_db()
    assert row.state == "submitted"


def test_applying_twice_is_applying_once_and_says_so(english):
    row, client = witnessed(), english(cast.AN)
    assert "Apply the correction" in html(client, row)
    client.post(path(row, "apply_correction"))
    response = client.post(path(row, "apply_correction"), follow=True)
    assert "was applied already" in response.content.decode()
    assert Mark.objects.get(student=row.student, component="final").version == 2


def test_a_change_before_the_application_lets_it_expire(english, monkeypatch):
    row = witnessed()
    change_meanwhile(row, monkeypatch)
    response = english(cast.AN).post(path(row, "apply_correction"), follow=True)
    assert "has expired, and nothing was changed" in response.content.decode()
    row.refresh_from_db()
    assert row.state == "expired"


@pytest.mark.parametrize("more", [0, 1])
def test_the_page_takes_as_many_queries_however_much_there_is(english, exactly_queries, more):
    typed = {"final:1": "9", **({"midterm:1": "5", "regular:1": "4"} if more else {})}
    row = requests.with_evidence(requests.drafted(typed))
    for _each in range(more * 4):
        requests.with_evidence(row)
    service.submit(correction_id=row.pk, actor=row.requested_by)
    for name in cast.PUPILS[1:] if more else ():
        requests.sent(pupil=name)
    client = english(cast.THU)
    client.get(path(row))
    with exactly_queries(20):
        client.get(path(row))


def test_nobody_is_told_of_drafts(english):
    row = requests.drafted()
    for person in (cast.THU, cast.AN, cast.LAN):
        assert english(person).get(path(row)).status_code == 403
    assert english(cast.KHANH).get(path(row)).status_code == 404
    assert not CorrectionRequest.objects.filter(submitted_at__lt=timezone.now() + timedelta(days=1))
