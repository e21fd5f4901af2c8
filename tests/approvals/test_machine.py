"""Whatever several people do with requests, in whatever order: the services, the rows and a small model agree."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from approvals.models import CorrectionLine, CorrectionRequest, Evidence, Witnessing
from approvals.services import applying, decisions
from approvals.services import requests as filing
from gradebook.models import Dispensation, Mark
from gradebook.services import marks
from gradebook.services.marks import Edit, Status
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness
from schoolbook.services import duties
from tests import cast, races
from tests.approvals import model, requests
from tests.gradebook import book
from tests.gradebook.closing import lock, unlock

pytestmark = pytest.mark.django_db
# A tenth of how often races run, unless everything is to be proved.
RUNS, STEPS = (2000, 30) if races.IS_FULL else (races.REPETITIONS // 10, 20)
REFUSALS = (Invalid, PermissionDenied, Http404)
KEYS = ("final:1", "midterm:1")
TEXTS = st.sampled_from(["6", "8", "9"])
SEATS = [
    (),
    ("admin",),
    ("leader", "admin"),
    ("admin", "homeroom_teacher"),
    ("admin", "homeroom_teacher", "requester"),
]
EVERY_SEAT = [(person, role) for person in model.PEOPLE for role in map(str, Witness)]
MET: Counter[str] = Counter()


class Life(RuleBasedStateMachine):
    """One school for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.atom = transaction.atomic()
        self.atom.__enter__()
        self.who = {name: User.objects.get(username=name) for name in model.PEOPLE}
        self.pupil, self.where = cast.pupil(), book.place()
        self.school = model.School("vice_principal", ())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atom.__exit__(None, None, None)
        MET.update(one.state for one in self.school.requests.values())

    def attempt(self, expected: bool, act: Any, **more: Any) -> Any:
        """Let somebody try something, and see that it is allowed exactly when the model says so."""
        done = refusal = None
        try:
            with transaction.atomic():
                done = act(**more)
        except REFUSALS as error:
            refusal = error
        assert (refusal is None) is expected, (act, more, refusal, self.school)
        return done

    def some(self, data: Any, wanted: set[int]) -> int:
        """A request: most of the time one with which something could be done."""
        there = sorted(self.school.requests)
        good = [pk for pk in there if pk in wanted]
        return data.draw(st.sampled_from(good * 3 + there))

    def in_state(self, *states: str) -> set[int]:
        return {pk for pk, one in self.school.requests.items() if one.state in states}

    @initialize(
        approver=st.sampled_from(["vice_principal", "principal"]),
        roles=st.sampled_from(SEATS),
        has_deputy=st.booleans(),
    )
    def regulate(self, approver: str, roles: tuple[str, ...], has_deputy: bool) -> None:
        """The school decides who approves, who witnesses and who is the deputy."""
        deputy = model.PHUC if has_deputy else ""
        wanted = {
            "correction_approver": Role(approver),
            "correction_witnesses": tuple(map(Witness, roles)),
            "correction_deputy": self.who[deputy].pk if deputy else None,
        }
        try:
            with transaction.atomic():
                requests.regulated(**wanted)
        except Invalid:
            MET["left nobody"] += 1  # the regulation itself is refused
            return
        self.school.approver, self.school.roles, self.school.deputy = approver, roles, deputy

    @rule(
        person=st.sampled_from([*sorted(model.MAY_ASK), model.LAN, model.MINH]),
        typed=st.dictionaries(st.sampled_from(KEYS), TEXTS, min_size=1),
    )
    def draft(self, person: str, typed: dict[str, str]) -> None:
        """Somebody writes down what should stand there."""
        proposal = filing.Proposal("marks", requests.asked(), typed, "Cộng sai")
        expected = self.school.may_draft(person, typed)
        row = self.attempt(expected, filing.save_draft, proposal=proposal, actor=self.who[person])
        if row is None:
            return
        known = self.school.requests.setdefault(row.pk, model.Request(person, {}))
        assert (known.by, known.state) == (person, "draft")
        known.lines = self.school.changed(typed)

    @precondition(lambda self: self.in_state("draft"))
    @rule(data=st.data(), person=st.sampled_from(model.PEOPLE))
    def add_evidence(self, data: Any, person: str) -> None:
        """A file is put to a draft."""
        pk = self.some(data, self.in_state("draft"))
        self.prove(pk, data.draw(st.sampled_from([person, *[self.school.requests[pk].by] * 3])))

    def prove(self, pk: int, person: str) -> None:
        one = self.school.requests[pk]
        expected = (one.by, one.state) == (person, "draft") and one.evidence < filing.MOST_EVIDENCE
        self.attempt(
            expected,
            filing.add_evidence,
            correction_id=pk,
            content=PICTURE,
            name="a.png",
            actor=self.who[person],
        )
        one.evidence += expected

    @precondition(lambda self: any(one.evidence for one in self.school.requests.values()))
    @rule(data=st.data(), person=st.sampled_from(model.PEOPLE))
    def take_out_evidence(self, data: Any, person: str) -> None:
        """A file is taken out again."""
        found = Evidence.objects.filter(withdrawn_at=None).order_by("pk")
        file = data.draw(st.sampled_from(list(found)))
        one = self.school.requests[file.correction_id]
        person = data.draw(st.sampled_from([person, one.by]))
        expected = (one.by, one.state) == (person, "draft")
        take_out = filing.take_out_evidence
        self.attempt(expected, take_out, evidence_id=file.pk, actor=self.who[person])
        one.evidence -= expected

    @precondition(lambda self: self.school.requests)
    @rule(data=st.data(), person=st.sampled_from(model.PEOPLE))
    def send(self, data: Any, person: str) -> None:
        """A draft is sent."""
        pk = self.some(data, self.in_state("draft"))
        self.submit(pk, data.draw(st.sampled_from([person, *[self.school.requests[pk].by] * 3])))

    def submit(self, pk: int, person: str) -> None:
        one = self.school.requests[pk]
        expected = (one.by, one.state) == (person, "draft") and self.school.may_send(pk)
        self.attempt(expected, filing.submit, correction_id=pk, actor=self.who[person])
        if expected:
            self.school.send(pk)

    @precondition(lambda self: self.school.requests)
    @rule(data=st.data(), person=st.sampled_from(model.PEOPLE))
    def withdraw(self, data: Any, person: str) -> None:
        """It is taken back."""
        pk = self.some(data, set())
        one = self.school.requests[pk]
        expected = one.by == person and one.state in {"draft", "submitted"}
        self.attempt(expected, filing.withdraw, correction_id=pk, actor=self.who[person])
        if expected:
            one.state = "withdrawn"

    @precondition(lambda self: self.in_state("submitted"))
    @rule(data=st.data(), agreed=st.sampled_from([True, True, True, False]))
    def decide(self, data: Any, agreed: bool) -> None:
        """It is approved or refused."""
        pk = self.some(data, self.in_state("submitted"))
        able = [one for one in model.PEOPLE if self.school.may_decide(pk, one)]
        person = data.draw(st.sampled_from(able * 6 + list(model.PEOPLE)))
        self.judge(pk, person, agreed=agreed)

    def judge(self, pk: int, person: str, *, agreed: bool) -> None:
        expected = self.school.may_decide(pk, person)
        self.attempt(
            expected,
            decisions.decide,
            correction_id=pk,
            agreed=agreed,
            decision="x",
            actor=self.who[person],
            verified_at=timezone.now(),
        )
        if expected:
            self.school.decide(pk, person, agreed=agreed)

    @precondition(lambda self: self.in_state("approved"))
    @rule(data=st.data())
    def witness(self, data: Any) -> None:
        """Somebody confirms as a witness."""
        pk = self.some(data, self.in_state("approved"))
        able = [seat for seat in EVERY_SEAT if self.school.may_witness(pk, *seat)]
        self.confirm(pk, *data.draw(st.sampled_from(able * 12 + EVERY_SEAT)))

    def confirm(self, pk: int, person: str, role: str) -> None:
        expected = self.school.may_witness(pk, person, role)
        self.attempt(
            expected,
            applying.witness,
            correction_id=pk,
            role=Witness(role),
            actor=self.who[person],
        )
        if expected:
            self.school.witness(pk, person, role)

    @precondition(lambda self: self.in_state("approved", "witnessed", "applied"))
    @rule(data=st.data(), person=st.sampled_from([*model.PEOPLE, *[model.AN] * 6]))
    def apply(self, data: Any, person: str) -> None:
        """It is written, once however often it is tried."""
        self.carry_out(self.some(data, self.in_state("witnessed")), person)

    def carry_out(self, pk: int, person: str) -> None:
        state = self.school.requests[pk].state
        expected = person in model.MAY_APPLY and state in {"witnessed", "applied"}
        fresh = timezone.now()
        act = applying.apply
        self.attempt(expected, act, correction_id=pk, actor=self.who[person], verified_at=fresh)
        if expected and state == "witnessed":
            self.school.apply(pk)

    @rule(person=st.sampled_from(sorted(model.MAY_ASK)), key=st.sampled_from(KEYS), text=TEXTS)
    def file(self, person: str, key: str, text: str) -> None:
        """A request is written, proved and sent in one go."""
        self.draft(person, {key: text})
        pk = self.school.draft_of(person)
        if pk:
            self.prove(pk, person)
            self.submit(pk, person)

    @precondition(lambda self: self.in_state(*model.OPEN))
    @rule(data=st.data(), steps=st.integers(1, 5))
    def go_on(self, data: Any, steps: int) -> None:
        """An open request takes its next steps, by people who may take them."""
        pk = data.draw(st.sampled_from(sorted(self.in_state(*model.OPEN))))
        for _step in range(steps):
            if self.school.requests[pk].state in model.OPEN:
                self.go(data, pk)

    def go(self, data: Any, pk: int) -> None:
        state = self.school.requests[pk].state
        if state == "submitted":
            able = [one for one in model.PEOPLE if self.school.may_decide(pk, one)]
            self.judge(pk, data.draw(st.sampled_from(able)), agreed=True)
        elif state == "approved":
            seats = [seat for seat in EVERY_SEAT if self.school.may_witness(pk, *seat)]
            if seats:
                self.confirm(pk, *data.draw(st.sampled_from(seats)))
        else:
            self.carry_out(pk, model.AN)

    @rule(key=st.sampled_from(KEYS), text=TEXTS)
    def write(self, key: str, text: str) -> None:
        """The teacher types into the cell: refused while it is locked."""
        component, _colon, number = key.partition(":")
        now = self.school.cells[key]
        edit = Edit(uuid4(), self.pupil.pk, component, int(number), text, now.version)
        done = marks.save(place=self.where, edits=[edit], actor=self.who[model.CHI])
        status = done.answers[0].status
        if self.school.is_locked:
            assert status is Status.REFUSED
            return
        assert status is (Status.UNCHANGED if text == now.text else Status.SAVED)
        self.school.write(key, text)

    @rule()
    def turn_the_key(self) -> None:
        """The sheet is unlocked, or locked again."""
        if self.school.is_locked:
            unlock()
        else:
            lock()
        self.school.is_locked = not self.school.is_locked

    @invariant()
    def the_database_would_commit_it(self) -> None:
        """What it checks at commit holds after every step."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        """States, who decided, words, held cells and marks."""
        rows = CorrectionRequest.objects.select_related("requested_by", "decided_by")
        now = {
            row.pk: (row.requested_by.username, row.state, getattr(row.decided_by, "username", ""))
            for row in rows
        }
        said = {pk: (one.by, one.state, one.decided_by) for pk, one in self.school.requests.items()}
        assert now == said
        words = set(Witnessing.objects.values_list("correction", "role", "user__username"))
        assert words == {
            (pk, role, person)
            for pk, one in self.school.requests.items()
            for role, person in one.words.items()
        }
        open_ones = CorrectionLine.objects.filter(is_open=True).values_list("correction", "key")
        assert sorted(open_ones) == sorted(
            (pk, key)
            for pk, one in self.school.requests.items()
            if one.state in model.OPEN
            for key in one.lines
        )
        found = Mark.objects.filter(
            student=self.pupil, sheet__class_subject=self.where.class_subject_id
        )
        cells = {f"{row.component}:{row.number}": (str(row.score), row.version) for row in found}
        for key, cell in self.school.cells.items():
            assert cells[key] == (f"{cell.text}.0", cell.version)

    @invariant()
    def nothing_is_applied_without_form_evidence_approver_and_witnesses(self) -> None:
        """Every change past a lock leads to its request, and that to people who are not each other."""
        applied = {
            (pk, key, version)
            for pk, one in self.school.requests.items()
            if one.state == "applied"
            for key, (version, _text) in one.lines.items()
        }
        leaves = Dispensation.objects.all()
        assert applied == {
            (one.correction, f"{one.component}:{one.number}", one.old_version) for one in leaves
        }
        history: Any = Mark.history
        written = history.filter(dispensation__isnull=False)
        assert sorted(row.dispensation_id for row in written) == sorted(one.pk for one in leaves)
        for row in CorrectionRequest.objects.filter(state__in=["witnessed", "applied"]):
            assert row.evidence.filter(withdrawn_at=None).exists()
            assert row.reason
            assert row.decided_by_id not in {None, row.requested_by_id}
            words = dict(row.witnesses.values_list("role", "user"))
            assert set(words) == set(row.witness_roles)
            assert len({*words.values(), row.decided_by_id}) == len(words) + 1


PICTURE = requests.picture()


def test_the_services_the_rows_and_the_model_agree_whatever_is_done():
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.THU),
        role=Role.ADMIN,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    cast.give_second_factor(cast.user(cast.PHUC))
    cells = dict.fromkeys(book.TERM_OF_MARKS, "8")
    book.fill(book.place(), cast.user(cast.CHI), {cast.pupil(): cells})
    lock()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=races.REPETITIONS == 200,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"draft", "applied", "withdrawn"} <= set(MET), MET
    assert {"submitted", "approved", "witnessed", "expired", "refused"} & set(MET), MET
