"""Tampering with corrections as superuser is found and located; so is what the app role slips in past the services."""

import pytest
from django.db import transaction

from approvals.models import CorrectionRequest, Evidence, Witnessing
from approvals.selectors import verifying
from approvals.services import requests as filing
from gradebook.models import Dispensation, Mark
from schoolbook import stored
from schoolbook.models import ActLink
from schoolbook.rules.chain import Head
from schoolbook.services import rows
from tests import cast
from tests.approvals import states
from tests.gradebook.book import place
from tests.gradebook.closing import lock, typed, unlock
from tests.gradebook.tampering import gather
from tests.tampering import assert_clean, said, tamper

TABLES = ("correctionrequest", "correctionline", "evidence", "witnessing")
REQUEST, LINE, FILE, WORD = (f"approvals_{name}" for name in TABLES)


@pytest.fixture
def everything(committed):
    """Requests in every state, gathered."""
    ids = states.in_every_state()
    gather()
    return committed, ids


def found(*words):
    """One finding has all of these words."""
    lines = said()
    assert any(all(word in line for word in words) for line in lines), lines


def test_an_honest_life_of_requests_is_no_tampering(everything):
    assert_clean()
    filing.withdraw(
        correction_id=CorrectionRequest.objects.get(state="submitted").pk,
        actor=cast.user(cast.CHI),
    )
    draft = CorrectionRequest.objects.get(state="draft")
    filing.take_out_evidence(evidence_id=draft.evidence.get().pk, actor=cast.user(cast.CHI))
    unlock()
    typed(place(), "7", ("regular", 3), seen=1)
    lock()
    assert_clean()


def test_requests_lines_files_and_words_of_witnesses_are_links_of_the_chain_of_acts(everything):
    committed, _ids = everything
    for name in TABLES:
        table = f"approvals_historical{name}"
        at = ActLink.objects.filter(source=table).latest("number")
        change = f"UPDATE {table} SET actor_name = {{}} WHERE history_id = {at.row}"
        tamper(committed, change.format("actor_name || 'x'"))
        found(f"({table}, history row {at.row})", "actor_name")
        tamper(committed, change.format("left(actor_name, -1)"))
    assert_clean()


ROWS = {
    "a reason": (REQUEST, "reason = reason || 'x'", "reason = left(reason, -1)", "reason"),
    "the approver": (
        REQUEST,
        "decided_by_id = decided_by_id + 1",
        "decided_by_id = decided_by_id - 1",
        "decided_by_id",
    ),
    "a proposed value": (LINE, "new = new || '0'", "new = left(new, -1)", "new"),
    "a digest": (
        FILE,
        "stored_sha256 = reverse(stored_sha256)",
        "stored_sha256 = reverse(stored_sha256)",
        "stored_sha256",
    ),
    "a witness": (WORD, "user_id = user_id + 1", "user_id = user_id - 1", "user_id"),
}


def test_a_row_that_is_not_as_its_history_says_is_found(everything):
    committed, ids = everything
    for table, change, back, column in ROWS.values():
        owner = "id" if table == REQUEST else "correction_id"
        where = f"WHERE {owner} = {ids['applied']}"
        tamper(committed, f"UPDATE {table} SET {change} {where}")
        found(table, "differs from its newest history row", column)
        tamper(committed, f"UPDATE {table} SET {back} {where}")
    assert_clean()


def both(table, change, where):
    """The same written into the rows and into their history, as somebody would who can do everything."""
    history = table.replace("_", "_historical")
    return [f"UPDATE {one} SET {change} WHERE {where}" for one in (table, history)]


def test_corrections_that_do_not_fit_together_are_found(everything):
    committed, ids = everything
    row = CorrectionRequest.objects.get(pk=ids["applied"])
    of, it = f"correction_id = {row.pk}", f"id = {row.pk}"
    leave = Dispensation.objects.get()
    cases = [
        (both(REQUEST, "state = 'witnessed', applied_by_id = NULL, applied_at = NULL, ended_at = NULL", it),
         (f"leave {leave.pk}", f"names request {row.pk}, which is witnessed")),
        (both(LINE, "key = 'final:1'", of), (f"leave {leave.pk}", "does not ask for this cell")),
        (both(LINE, "key = 'final:1'", of), (f"request {row.pk}, applied: final:1 was never written",)),
        (both(LINE, "new = '10'", of), (f"leave {leave.pk}", "says something else")),
        (both(FILE, "withdrawn_at = now()", of), (f"request {row.pk}, applied: has no evidence",)),
        (both(REQUEST, "decided_by_id = NULL", it), ("nobody else approved it",)),
        (both(WORD, "role = 'leader'", f"{of} AND role = 'admin'"), ("a witness is missing",)),
        (both(WORD, f"user_id = {row.decided_by_id}", f"{of} AND role = 'admin'"),
         ("not different persons",)),
        (["DELETE FROM gradebook_dispensation"], ("names leave", "which is not there")),
        (both("gradebook_dispensation", "score = 3", "true"), ("not exactly what it allows",)),
        (both("gradebook_dispensation", "correction = 999", "true"),
         ("names request 999, which is not there",)),
    ]  # fmt: skip
    for statements, words in cases:
        kept = [REQUEST, LINE, FILE, WORD, "gradebook_dispensation"]
        kept += [table.replace("_", "_historical") for table in kept]
        unchecked = "ALTER TABLE approvals_correctionrequest DROP CONSTRAINT IF EXISTS {}"
        tamper(
            committed,
            *(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}" for table in kept),
            unchecked.format("correction_decided_as_its_state_says"),
            *statements,
        )
        found(*words)
        tamper(committed, *(line for table in kept for line in restored(table)))
    assert_clean()


def restored(table):
    return [
        f"DELETE FROM {table}",
        f"INSERT INTO {table} SELECT * FROM kept_{table}",
        f"DROP TABLE kept_{table}",
    ]


def test_a_file_that_is_gone_or_another_one_is_found(everything):
    row = Evidence.objects.get(correction=everything[1]["approved"])
    path = stored.path_of(row.stored)
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    found(f"evidence {row.pk} of request {row.correction_id}: the file is not the one")
    path.unlink()
    found(f"evidence {row.pk} of request {row.correction_id}: the file is not there")
    path.write_bytes(content)
    assert_clean()


def test_a_leave_that_the_app_role_gives_without_a_request_is_found(committed):
    states.closed_sheet()
    mark = Mark.objects.filter(component="final").first()
    assert mark
    of_cell = {"sheet": mark.sheet, "student": mark.student, "approved_by": cast.user(cast.THU)}
    slipped_in(mark, of_cell)
    found("leave", "names request 17, which is not there")
    found("leave", "not exactly what it allows")


def slipped_in(mark, more):
    with transaction.atomic():
        leave = Dispensation(
            school=mark.school,
            component=mark.component,
            number=mark.number,
            old_version=1,
            old="8",
            state="value",
            score=10,
            correction=17,
            reason="x",
            **more,
        )
        rows.enter(leave, actor=cast.user(cast.CHI))


def test_no_chain_of_corrections_is_gathered_and_one_that_pretends_to_be_is_found(everything):
    school = cast.song_lam()
    assert verifying.heads(school) == []
    pretended = [(1, Head("correction:1", 1, "0" * 64))]
    assert list(verifying.absent(school, pretended)) == [
        "gathering 1: there is no chain correction:1"
    ]
    assert Witnessing.objects.count() == 4
