"""Who takes which step, by person and not only by role (R-122 – R-127), under the regulation it was sent by."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone, translation

from approvals.models import CorrectionRequest, Witnessing
from approvals.services import applying, decisions
from approvals.services import requests as filing
from schoolbook import clock
from schoolbook.errors import Invalid, SecondFactorNeeded
from schoolbook.models import ClassSubject, Duty, User
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness
from schoolbook.services import duties, people, structure
from tests import cast
from tests.approvals import requests, states
from tests.gradebook import book
from tests.gradebook.closing import lock, unlock

pytestmark = pytest.mark.django_db
ADMIN, LEADER, LEADS, ASKED = (
    Witness.ADMIN,
    Witness.LEADER,
    Witness.HOMEROOM_TEACHER,
    Witness.REQUESTER,
)


@pytest.fixture
def closed():
    states.closed_sheet()


def refused(act, *args, **more):
    """The sentence with which a step is refused."""
    with translation.override("en"), pytest.raises(Invalid) as caught:
        act(*args, **more)
    with translation.override("en"):
        return str(next(iter(caught.value.errors.values())))


def charge(person, role):
    return duties.charge(
        school=cast.song_lam(),
        user=cast.user(person),
        role=role,
        begins_on=cast.START,
        actor=User.objects.system(),
    )


def no_more(person, role):
    """That duty has ended yesterday."""
    row = Duty.objects.get(user=cast.user(person), role=role)
    yesterday = clock.today() - timedelta(days=1)
    duties.discharge(duty_id=row.pk, last_day=yesterday, actor=User.objects.system())


def teaches(person, code="ngu_van"):
    """Somebody who teaches another subject of 6A, in which the first pupil has marks; the sheet is locked."""
    row = ClassSubject.objects.get(class_group=cast.class_group(), subject__code=code)
    user = cast.user(person)
    structure.assign_teacher(
        class_subject=row, user=user, begins_on=cast.START, actor=User.objects.system()
    )
    where = book.place(code)
    unlock()
    book.fill(where, user, {cast.pupil(): book.TERM_OF_MARKS})
    lock()
    return where


# Deciding -------------------------------------------------------------------------------------------


def test_who_asked_does_not_decide_and_others_only_with_the_duty(closed):
    row = requests.sent()
    with pytest.raises(PermissionDenied):
        requests.decided(row, cast.CHI)
    with pytest.raises(PermissionDenied):
        requests.decided(row, cast.AN)
    for stranger in (cast.MINH, cast.KHANH):
        with pytest.raises((PermissionDenied, Http404)):
            requests.decided(row, stranger)
    assert "somebody else decides" in refused(requests.decided, row, cast.BINH)
    assert requests.decided(row, cast.THU).decided_by == cast.user(cast.THU)


def test_what_the_admin_asks_for_needs_the_same_approval(closed):
    row = requests.sent(person=cast.AN)
    assert row.requested_by == cast.user(cast.AN)
    with pytest.raises(PermissionDenied):
        requests.decided(row, cast.AN)
    assert "not possible any more" in refused(requests.applied, row)
    charge(cast.AN, Role.VICE_PRINCIPAL)
    assert "asked for this yourself" in refused(requests.decided, row, cast.AN)
    requests.decided(row, cast.THU)
    assert requests.applied(row).state == "applied"


def test_what_the_only_vice_principal_asks_for_the_principal_decides(closed):
    row = requests.sent(person=cast.THU, where=teaches(cast.THU))
    assert row.approver_role == "vice_principal"
    assert "asked for this yourself" in refused(requests.decided, row, cast.THU)
    assert requests.decided(row, cast.BINH).decided_by == cast.user(cast.BINH)


def test_another_vice_principal_comes_before_the_principal(closed):
    where = teaches(cast.THU)
    charge(cast.PHUC, Role.VICE_PRINCIPAL)
    cast.give_second_factor(cast.user(cast.PHUC))
    row = requests.sent(person=cast.THU, where=where)
    assert "somebody else decides" in refused(requests.decided, row, cast.BINH)
    assert requests.decided(row, cast.PHUC).state == "witnessed"


def test_the_deputy_decides_where_no_leader_is_left(closed):
    where = teaches(cast.THU)
    requests.regulated(correction_deputy=cast.user(cast.PHUC).pk)
    cast.give_second_factor(cast.user(cast.PHUC))
    row = requests.sent(person=cast.THU, where=where)
    with pytest.raises((PermissionDenied, Invalid)):
        requests.decided(row, cast.PHUC)
    no_more(cast.BINH, Role.PRINCIPAL)
    assert requests.decided(row, cast.PHUC).decided_by == cast.user(cast.PHUC)


def test_a_deactivated_deputy_decides_nothing(closed):
    where = teaches(cast.THU)
    requests.regulated(correction_deputy=cast.user(cast.PHUC).pk)
    row = requests.sent(person=cast.THU, where=where)
    no_more(cast.BINH, Role.PRINCIPAL)
    people.close_account(user_id=cast.user(cast.PHUC).pk, actor=User.objects.system())
    with pytest.raises((PermissionDenied, Http404, Invalid)):
        requests.decided(row, cast.PHUC)


def test_nothing_is_sent_that_nobody_could_decide_or_witness(closed):
    draft = requests.with_evidence(requests.drafted())
    send: dict[str, Any] = {"correction_id": draft.pk, "actor": cast.user(cast.CHI)}
    requests.regulated(correction_witnesses=(LEADER,))
    no_more(cast.THU, Role.VICE_PRINCIPAL)
    assert "witnesses who are not there" in refused(filing.submit, **send)
    no_more(cast.BINH, Role.PRINCIPAL)
    assert "Nobody at the school could decide" in refused(filing.submit, **send)
    assert CorrectionRequest.objects.get().state == "draft"


def test_deciding_asks_for_a_fresh_second_factor_and_refusing_for_words(closed):
    row = requests.sent()
    long_ago = timezone.now() - timedelta(days=1)
    decide: dict[str, Any] = {"correction_id": row.pk, "agreed": True, "actor": cast.user(cast.THU)}
    for verified_at in (None, long_ago):
        with pytest.raises(SecondFactorNeeded):
            decisions.decide(**decide, verified_at=verified_at)
    no = {**decide, "agreed": False, "verified_at": timezone.now()}
    assert "Say why not" in refused(decisions.decide, **no, decision="  ")
    requests.decided(row)
    with pytest.raises(SecondFactorNeeded):
        applying.apply(correction_id=row.pk, actor=cast.user(cast.AN), verified_at=None)


def test_several_are_decided_at_once_only_after_each_was_opened_and_all_or_none(closed):
    rows = [requests.sent(typed={f"regular:{number}": "9"}) for number in (1, 2, 3)]
    thu, ids = cast.user(cast.THU), [row.pk for row in rows]

    def several(chosen=ids):
        return decisions.decide_several(
            correction_ids=chosen, agreed=True, actor=thu, verified_at=timezone.now()
        )

    for pk in ids[:2]:
        decisions.note_opened(correction_id=pk, actor=thu)
        decisions.note_opened(correction_id=pk, actor=thu)
    assert "Open each" in refused(several)
    assert "at least one" in refused(several, [])
    decisions.note_opened(correction_id=ids[2], actor=thu)
    requests.decided(rows[2], agreed=False)
    assert "not possible any more" in refused(several)
    assert {row.state for row in CorrectionRequest.objects.filter(pk__in=ids[:2])} == {"submitted"}
    assert {row.state for row in several(ids[:2])} == {"witnessed"}


# Witnesses ------------------------------------------------------------------------------------------


def test_each_witness_confirms_for_themselves_and_the_last_one_completes(closed):
    charge(cast.PHUC, Role.ADMIN)
    charge(cast.UYEN, Role.VICE_PRINCIPAL)
    requests.regulated(correction_witnesses=(LEADER, ADMIN, ASKED))
    row = requests.decided(requests.sent())
    assert "not possible any more" in refused(requests.applied, row)
    assert requests.word(row, ASKED, cast.CHI).state == "approved"
    assert requests.word(row, LEADER, cast.BINH).state == "approved"
    assert requests.word(row, ADMIN, cast.AN).state == "witnessed"
    assert requests.applied(row).state == "applied"
    said = dict(Witnessing.objects.values_list("role", "user__username"))
    assert said == {
        "leader": cast.BINH.username,
        "admin": cast.AN.username,
        "requester": cast.CHI.username,
    }


def test_who_decided_is_no_witness_and_nobody_is_two(closed):
    requests.regulated(
        correction_approver=Role.PRINCIPAL, correction_witnesses=(LEADER, ADMIN, LEADS)
    )
    charge(cast.LAN, Role.ADMIN)
    row = requests.decided(requests.sent(), cast.BINH)
    with pytest.raises(Http404):
        requests.word(row, LEADER, cast.BINH)
    assert "otherwise nobody is left" in refused(requests.word, row, ADMIN, cast.LAN)
    requests.word(row, LEADS, cast.LAN)
    assert "another person" in refused(requests.word, row, ADMIN, cast.LAN)
    assert "not one of the witnesses" in refused(requests.word, row, LEADER, cast.AN)
    requests.word(row, ADMIN, cast.AN)
    assert requests.word(row, LEADER, cast.THU).state == "witnessed"


def test_whom_nobody_asks_finds_no_request_to_witness(closed):
    requests.regulated(correction_witnesses=(LEADS,))
    row = requests.decided(requests.sent())
    for person in (cast.AN, cast.MINH, cast.CHI, cast.KHANH):
        with pytest.raises(Http404):
            requests.word(row, LEADS, person)


def test_a_refused_request_waits_for_no_witness(closed):
    requests.regulated(correction_witnesses=(LEADS,))
    row = requests.decided(requests.sent(), agreed=False)
    with pytest.raises((Http404, Invalid)):
        requests.word(row, LEADS, cast.LAN)


# The regulation of the day on which it was sent -----------------------------------------------------


def test_the_regulation_in_force_when_it_was_sent_counts_later_too(closed):
    requests.regulated(correction_witnesses=(LEADS,))
    before = requests.sent()
    requests.regulated(correction_approver=Role.PRINCIPAL)
    after = requests.sent(typed={"midterm:1": "9"})
    assert (before.approver_role, before.witness_roles) == ("vice_principal", ["homeroom_teacher"])
    assert (after.approver_role, after.witness_roles) == ("principal", [])
    assert "somebody else decides" in refused(requests.decided, before, cast.BINH)
    assert "somebody else decides" in refused(requests.decided, after, cast.THU)
    assert requests.decided(after, cast.BINH).state == "witnessed"
    assert requests.decided(before, cast.THU).state == "approved"
    requests.regulated()
    assert requests.word(before, LEADS, cast.LAN).state == "witnessed"


def test_who_holds_the_duty_today_decides_and_witnesses(closed):
    requests.regulated(correction_witnesses=(LEADER,))
    row = requests.sent()
    no_more(cast.THU, Role.VICE_PRINCIPAL)
    charge(cast.PHUC, Role.VICE_PRINCIPAL)
    cast.give_second_factor(cast.user(cast.PHUC))
    with pytest.raises(PermissionDenied):
        requests.decided(row, cast.THU)
    requests.decided(row, cast.PHUC)
    with pytest.raises(Http404):
        requests.word(row, LEADER, cast.THU)
    assert requests.word(row, LEADER, cast.BINH).state == "witnessed"


# Taking back, applying ------------------------------------------------------------------------------


def test_only_who_asked_takes_it_back_and_only_before_it_is_decided(closed):
    row = requests.sent()
    with pytest.raises(Http404):
        filing.withdraw(correction_id=row.pk, actor=cast.user(cast.THU))
    taken = filing.withdraw(correction_id=row.pk, actor=cast.user(cast.CHI), reason=" Nhầm ")
    assert (taken.state, taken.ending, taken.lines.filter(is_open=True).count()) == (
        "withdrawn",
        "Nhầm",
        0,
    )
    again = requests.decided(requests.sent())
    chi = {"correction_id": again.pk, "actor": cast.user(cast.CHI)}
    assert "not possible any more" in refused(filing.withdraw, **chi)


def test_only_the_admin_applies(closed):
    row = requests.decided(requests.sent())
    for person in (cast.THU, cast.BINH, cast.CHI):
        with pytest.raises(PermissionDenied):
            requests.applied(row, person)
    with pytest.raises(Http404):
        requests.applied(row, cast.KHANH)
    assert requests.applied(row).applied_by == cast.user(cast.AN)


def test_a_request_next_door_is_not_there(closed):
    row = requests.sent()
    for act in (requests.decided, requests.applied):
        with pytest.raises(Http404):
            act(row, cast.KHANH)


# Filing ---------------------------------------------------------------------------------------------


def test_a_request_is_sent_whole_or_not_at_all(closed):
    assert "Nothing would change" in refused(requests.drafted, {"final:1": "8"})
    draft = requests.drafted(reason=" ")
    send: dict[str, Any] = {"correction_id": draft.pk, "actor": cast.user(cast.CHI)}
    assert "Say why" in refused(filing.submit, **send)
    requests.drafted()
    assert "at least one file" in refused(filing.submit, **send)
    requests.with_evidence(draft)
    (one,) = draft.evidence.all()
    filing.take_out_evidence(evidence_id=one.pk, actor=cast.user(cast.CHI))
    assert "at least one file" in refused(filing.submit, **send)
    requests.with_evidence(draft)
    assert filing.submit(**send).state == "submitted"
    assert "not possible any more" in refused(filing.submit, **send)
    more = {"content": requests.picture(), "name": "a.png", "actor": cast.user(cast.CHI)}
    assert "was sent" in refused(filing.add_evidence, correction_id=draft.pk, **more)
    newest = draft.evidence.latest("id")
    out = {"evidence_id": newest.pk, "actor": cast.user(cast.CHI)}
    assert "was sent" in refused(filing.take_out_evidence, **out)


def test_ten_files_are_the_most(closed):
    draft = requests.drafted()
    for _number in range(10):
        requests.with_evidence(draft)
    assert "ten files" in refused(requests.with_evidence, draft)


def test_the_draft_of_a_page_is_written_over_and_its_lines_with_it(closed):
    first = requests.drafted({"final:1": "9", "midterm:1": "9"})
    second = requests.drafted({"final:1": "10"}, reason="Chấm lại")
    assert (second.pk, second.reason) == (first.pk, "Chấm lại")
    assert dict(second.lines.values_list("key", "is_dropped")) == {
        "final:1": False,
        "midterm:1": True,
    }
    third = requests.drafted({"midterm:1": "9"})
    sent = filing.submit(correction_id=requests.with_evidence(third).pk, actor=cast.user(cast.CHI))
    assert [line.key for line in sent.lines.filter(is_open=True)] == ["midterm:1"]


def test_one_cell_is_asked_for_once_at_a_time_and_says_by_whom(closed):
    requests.sent()
    draft = requests.with_evidence(requests.drafted(person=cast.AN))
    send: dict[str, Any] = {"correction_id": draft.pk, "actor": cast.user(cast.AN)}
    assert cast.CHI.full_name in refused(filing.submit, **send)
    filing.withdraw(
        correction_id=CorrectionRequest.objects.get(state="submitted").pk,
        actor=cast.user(cast.CHI),
    )
    assert filing.submit(**send).state == "submitted"


def test_what_is_proposed_is_checked_as_what_is_typed_on_the_sheet(closed):
    for typed in ("101", "abc", "Đ"):
        assert refused(requests.drafted, {"final:1": typed})
    with pytest.raises(PermissionDenied):
        requests.drafted(person=cast.PHUC)
    with pytest.raises(Http404):
        requests.drafted(person=cast.KHANH)
