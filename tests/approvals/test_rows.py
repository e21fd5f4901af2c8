"""What the database itself refuses of requests, whoever asks: the app role past the services, and the superuser."""

from contextlib import closing

import psycopg
import pytest

from approvals.models import CorrectionRequest, Witnessing
from schoolbook.models.triggers import REFUSED
from tests import cast, servers
from tests.approvals import states

CHECK, UNIQUE = "23514", "23505"
REQUEST = "approvals_correctionrequest"
LINE, FILE, WORD = "approvals_correctionline", "approvals_evidence", "approvals_witnessing"


@pytest.fixture(scope="module")
def rows(postgres, worker_id, django_db_setup, django_db_blocker, kept_files):
    """A database with a request in every state, in which nothing below may succeed."""
    name = f"requests_{worker_id}"
    postgres.clone_database("schoolbook_template", name)
    with django_db_blocker.unblock():
        servers.use_database(postgres.url("app", name))
        ids = states.in_every_state()
        people = {person.full_name: cast.user(person).pk for person in (cast.THU, cast.CHI)}
        ids |= {"thu": people[cast.THU.full_name], "chi": people[cast.CHI.full_name]}
        ids["binh"], ids["an"] = cast.user(cast.BINH).pk, cast.user(cast.AN).pk
        ids["khanh"] = cast.user(cast.KHANH).pk
        ids["word"] = Witnessing.objects.filter(correction=ids["witnessed"])[0].pk
        servers.use_database(postgres.url("app", f"schoolbook_{worker_id}"))
    urls = {"app": postgres.url("app", name), "superuser": postgres.superuser_url(name)}
    yield urls, ids
    postgres.drop_database(name)


def in_one_transaction(session, statements):
    with session.transaction():
        for statement in statements:
            session.execute(statement)


def refusal(rows, role, statement, *before):
    """Code and sentence with which a statement is refused, in a transaction of its own."""
    urls, ids = rows
    statements = [one.format(**ids) for one in (*before, statement)]
    with closing(psycopg.connect(urls[role])) as session, pytest.raises(psycopg.Error) as caught:
        in_one_transaction(session, [*statements, "SET CONSTRAINTS ALL IMMEDIATE"])
    return caught.value.sqlstate, str(caught.value)


STEP = f"UPDATE {REQUEST} SET state = "
DECIDED = "decided_by_id = {thu}, decided_at = now()"
ENDED = "ended_at = now()"
COPIED = (
    "school_id, year_id, class_group_id, class_subject_id, term, student_id, book, place, reason, effect,"
    " requested_by_id, created_at, approver_role, witness_roles, decision, ending"
)
NEW_LINE = (
    f'INSERT INTO {LINE} (school_id, correction_id, item, key, label, "group", old, old_version, typed, new, place,'
    " is_dropped, is_open) SELECT school_id, {to}, item, 'other', label, \"group\", old, old_version, typed, new,"
    f" place, false, {{open}} FROM {LINE} WHERE correction_id = {{of}}"
)
NEW_FILE = (
    f"INSERT INTO {FILE} (school_id, correction_id, name, kind, size, received_sha256, stored_sha256, stored,"
    " added_by_id, added_at) SELECT school_id, {to}, name, kind, size, received_sha256, stored_sha256, 'x',"
    f" added_by_id, now() FROM {FILE} WHERE correction_id = {{of}}"
)
NEW_WORD = (
    f"INSERT INTO {WORD} (school_id, correction_id, role, user_id, confirmed_at)"
    f" SELECT school_id, id, '{{role}}', {{who}}, now() FROM {REQUEST} WHERE id = {{of}}"
)


def new(statement, **names):
    """The statement with names of ids still to be filled in."""
    return statement.format(**{key: "{" + value + "}" for key, value in names.items()})


def said(of, role, who):
    return NEW_WORD.format(of="{" + of + "}", role=role, who="{" + who + "}")


AGAINST_TRIGGERS = {
    "born sent": (
        f"INSERT INTO {REQUEST} ({COPIED}, state, submitted_at) SELECT {COPIED}, 'submitted', now() FROM {REQUEST}"
        " WHERE id = {submitted}",
        "begins as a draft",
    ),
    "applied at once": (
        f"{STEP} 'applied', {DECIDED}, applied_by_id = {{an}}, applied_at = now(), witnessed_at = now(), {ENDED}"
        " WHERE id = {submitted}",
        "not rewritten",
    ),
    "applied without witnesses": (
        f"{STEP} 'applied', applied_by_id = {{an}}, applied_at = now(), {ENDED} WHERE id = {{approved}}",
        "no such step",
    ),
    "approved as a draft": (f"{STEP} 'approved' WHERE id = {{draft}}", "no such step"),
    "refused after approval": (
        f"{STEP} 'refused', {ENDED} WHERE id = {{approved}}",
        "no such step",
    ),
    "back to a draft": (f"{STEP} 'draft' WHERE id = {{submitted}}", "no such step"),
    "an end that is none": (
        f"{STEP} 'submitted', ended_at = NULL WHERE id = {{refused}}",
        "no such step",
    ),
    "withdrawn after approval": (
        f"{STEP} 'withdrawn', {ENDED} WHERE id = {{approved}}",
        "no such step",
    ),
    "applied again": (
        f"UPDATE {REQUEST} SET applied_at = now() WHERE id = {{applied}}",
        "only by a step",
    ),
    "called witnessed": (
        f"{STEP} 'witnessed', witnessed_at = now() WHERE id = {{approved}}",
        "a witness is missing",
    ),
    "a reason rewritten": (
        f"UPDATE {REQUEST} SET reason = 'khác' WHERE id = {{submitted}}",
        "not rewritten",
    ),
    "witnesses done without": (
        f"{STEP} 'witnessed', witnessed_at = now(), witness_roles = '[]' WHERE id = {{approved}}",
        "not rewritten",
    ),
    "another decides than the one who may": (
        f"UPDATE {REQUEST} SET approver_role = 'admin' WHERE id = {{submitted}}",
        "not rewritten",
    ),
    "an approver put in later": (
        f"{STEP} 'applied', decided_by_id = {{binh}}, applied_by_id = {{an}}, applied_at = now(), {ENDED}"
        " WHERE id = {witnessed}",
        "decided is not rewritten",
    ),
    "words put into the mouth": (
        f"{STEP} 'expired', decision = 'khác', ending = 'x', {ENDED} WHERE id = {{witnessed}}",
        "decided is not rewritten",
    ),
    "the moment of the witnesses": (
        f"{STEP} 'applied', witnessed_at = '2026-01-01', applied_by_id = {{an}}, applied_at = now(), {ENDED}"
        " WHERE id = {witnessed}",
        "witnessed is not rewritten",
    ),
    "another requester": (
        f"UPDATE {REQUEST} SET requested_by_id = {{binh}} WHERE id = {{draft}}",
        "never changes",
    ),
    "another pupil": (
        f"UPDATE {REQUEST} SET student_id = student_id + 1 WHERE id = {{draft}}",
        "never changes",
    ),
    "a value rewritten": (
        f"UPDATE {LINE} SET typed = '10', new = '10' WHERE correction_id = {{approved}}",
        "not rewritten",
    ),
    "an original value rewritten": (
        f"UPDATE {LINE} SET old_version = 7 WHERE correction_id = {{witnessed}}",
        "not rewritten",
    ),
    "a line put in": (
        new(NEW_LINE, to="approved", of="draft", open="draft").replace("{draft} FROM", "true FROM"),
        "not rewritten",
    ),
    "a line dropped": (
        f"UPDATE {LINE} SET is_dropped = true, is_open = false WHERE correction_id = {{submitted}}",
        "not rewritten",
    ),
    "a line moved away": (
        f"UPDATE {LINE} SET correction_id = {{draft}} WHERE correction_id = {{submitted}}",
        "never moves",
    ),
    "evidence put in": (new(NEW_FILE, to="submitted", of="draft"), "not rewritten"),
    "evidence taken out": (
        f"UPDATE {FILE} SET withdrawn_at = now() WHERE correction_id = {{submitted}}",
        "not rewritten",
    ),
    "evidence exchanged": (
        f"UPDATE {FILE} SET stored = 'x' WHERE correction_id = {{applied}}",
        "not rewritten",
    ),
    "evidence moved away": (
        f"UPDATE {FILE} SET correction_id = {{draft}} WHERE correction_id = {{submitted}}",
        "never moves",
    ),
    "a witness before approval": (said("submitted", "admin", "an"), "no such witness"),
    "a witness nobody asked for": (said("approved", "leader", "binh"), "no such witness"),
    "the approver as witness": (said("approved", "admin", "thu"), "no such witness"),
    "a witness of what is applied": (said("applied", "admin", "binh"), "no such witness"),
    "another witness": (
        f"UPDATE {WORD} SET user_id = {{binh}} WHERE id = {{word}}",
        "stays as it was given",
    ),
    "an approver next door": (
        f"{STEP} 'approved', decided_by_id = {{khanh}}, decided_at = now() WHERE id = {{submitted}}",
        "another school",
    ),
}


@pytest.mark.parametrize("role", ["app", "superuser"])
@pytest.mark.parametrize("what", AGAINST_TRIGGERS)
def test_a_trigger_refuses_it(rows, role, what):
    statement, sentence = AGAINST_TRIGGERS[what]
    code, words = refusal(rows, role, statement)
    assert code == REFUSED
    assert sentence in words


AGAINST_CONSTRAINTS = {
    "approved by nobody": (
        f"{STEP} 'approved' WHERE id = {{submitted}}",
        "decided_as_its_state_says",
    ),
    "approved by who asked": (
        f"{STEP} 'approved', decided_by_id = {{chi}}, decided_at = now() WHERE id = {{submitted}}",
        "decided_by_another",
    ),
    "refused without a word": (
        f"{STEP} 'refused', {DECIDED}, {ENDED} WHERE id = {{submitted}}",
        "refused_with_words",
    ),
    "expired for no reason": (
        f"{STEP} 'expired', {ENDED} WHERE id = {{submitted}}",
        "expired_for_a_reason",
    ),
    "sent without a reason": (
        f"{STEP} 'submitted', submitted_at = now(), approver_role = 'principal', effect = '{{{{}}}}', reason = ''"
        " WHERE id = {draft}",
        "sent_whole",
    ),
    "sent to nobody": (
        f"{STEP} 'submitted', submitted_at = now(), effect = '{{{{}}}}' WHERE id = {{draft}}",
        "sent_whole",
    ),
    "applied by nobody": (
        f"{STEP} 'applied', {ENDED} WHERE id = {{witnessed}}",
        "applied_as_its_state_says",
    ),
    "ended without a moment": (
        f"{STEP} 'applied', applied_by_id = {{an}}, applied_at = now() WHERE id = {{witnessed}}",
        "ended_as_its_state_says",
    ),
    "withdrawn without a moment": (
        f"{STEP} 'withdrawn' WHERE id = {{draft}}",
        "ended_as_its_state_says",
    ),
    "a line that changes nothing": (
        f"UPDATE {LINE} SET new = old WHERE correction_id = {{draft}}",
        "line_changes",
    ),
    "a dropped line that holds its cell": (
        f"UPDATE {LINE} SET is_dropped = true, is_open = true WHERE correction_id = {{draft}}",
        "line_dropped",
    ),
    "evidence without a digest": (
        f"UPDATE {FILE} SET stored_sha256 = 'x' WHERE correction_id = {{draft}}",
        "evidence_digests",
    ),
    "evidence of nothing": (
        f"UPDATE {FILE} SET size = 0 WHERE correction_id = {{draft}}",
        "evidence_is_a_file",
    ),
}


@pytest.mark.parametrize("role", ["app", "superuser"])
@pytest.mark.parametrize("what", AGAINST_CONSTRAINTS)
def test_a_constraint_refuses_it(rows, role, what):
    statement, name = AGAINST_CONSTRAINTS[what]
    code, words = refusal(rows, role, statement)
    assert code == CHECK
    assert name in words


SEND = (
    f"{STEP} 'submitted', submitted_at = now(), approver_role = 'principal', effect = '{{{{}}}}'"
    " WHERE id = {draft}"
)


@pytest.mark.parametrize("role", ["app", "superuser"])
@pytest.mark.parametrize(
    "before",
    [
        f"UPDATE {FILE} SET withdrawn_at = now() WHERE correction_id = {{draft}}",
        f"UPDATE {LINE} SET is_dropped = true WHERE correction_id = {{draft}}",
    ],
)
def test_nothing_is_sent_without_evidence_or_without_a_line(rows, role, before):
    code, words = refusal(rows, role, SEND, before)
    assert (code, "with evidence and something to correct" in words) == (REFUSED, True)


@pytest.mark.parametrize("role", ["app", "superuser"])
def test_a_person_witnesses_once_and_each_place_is_taken_once(rows, role):
    first = said("approved", "admin", "an")
    for second in (said("approved", "homeroom_teacher", "an"), said("approved", "admin", "binh")):
        code, words = refusal(rows, role, second, first)
        assert code == UNIQUE
        assert "witnessing" in words


@pytest.mark.parametrize("role", ["app", "superuser"])
def test_one_witness_of_two_is_not_all(rows, role):
    complete = f"{STEP} 'witnessed', witnessed_at = now() WHERE id = {{approved}}"
    code, words = refusal(rows, role, complete, said("approved", "admin", "an"))
    assert (code, "a witness is missing" in words) == (REFUSED, True)


@pytest.mark.parametrize("role", ["app", "superuser"])
def test_two_open_requests_never_hold_one_item(rows, role):
    same = (
        f"UPDATE {LINE} d SET item = o.item, is_open = true FROM {LINE} o"
        " WHERE o.correction_id = {submitted} AND d.correction_id = {draft}"
    )
    code, words = refusal(rows, role, same)
    assert (code, "correction_line_one_open" in words) == (UNIQUE, True)


def with_history(table, owner):
    """Copy the rows of a request into their history, as a service would."""
    columns = {
        LINE: 'id, school_id, correction_id, item, key, label, "group", old, old_version, typed, new, place,'
        " is_dropped, is_open",
        REQUEST: "id, school_id, year_id, class_group_id, class_subject_id, term, student_id, book, place, state,"
        " reason, effect, requested_by_id, created_at, submitted_at, approver_role, witness_roles, deputy_id,"
        " decided_by_id, decided_at, decision, witnessed_at, applied_by_id, applied_at, ended_at, ending",
    }[table]
    return (
        f"INSERT INTO {table.replace('_', '_historical')} ({columns}, history_date, history_type, history_user_id,"
        f" actor_name, request_id) SELECT {columns}, now(), '~', {{an}}, 'x', '' FROM {table} WHERE {owner}"
    )


@pytest.mark.parametrize("role", ["app", "superuser"])
@pytest.mark.parametrize(
    ("table", "change", "owner"),
    [
        (LINE, f"UPDATE {LINE} SET is_open = false", "correction_id = {submitted}"),
        (LINE, f"UPDATE {LINE} SET is_open = true", "correction_id = {draft}"),
        (REQUEST, f"{STEP} 'withdrawn', {ENDED}", "id = {submitted}"),
    ],
)
def test_a_line_holds_its_item_exactly_while_its_request_is_open(rows, role, table, change, owner):
    record = with_history(table, owner)
    code, words = refusal(rows, role, record, f"{change} WHERE {owner}")
    assert (code, "open while its request is" in words) == (REFUSED, True)


def test_nothing_of_all_this_has_changed_anything(rows):
    urls, _ids = rows
    with closing(psycopg.connect(urls["superuser"])) as session:
        found: dict[int, str] = dict(session.execute(f"SELECT id, state FROM {REQUEST}").fetchall())
    assert sorted(found.values()) == [
        "applied",
        "approved",
        "draft",
        "refused",
        "submitted",
        "witnessed",
    ]
    assert CorrectionRequest._meta.db_table == REQUEST
