"""What the database holds about requests by itself: their life, and that nothing is slipped in or left out."""

from __future__ import annotations

import pgtrigger
from django.db.models import Model

from approvals.rules.workflow import OPEN, TRANSITIONS, State
from schoolbook.models.triggers import REFUSED, Rule


def _raise(sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = '{REFUSED}';"


def _states(states: frozenset[State]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


def _changed(names: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)


# What a request is about never changes; what it says only while it is a draft.
IDENTITY = (
    "school_id",
    "year_id",
    "class_group_id",
    "class_subject_id",
    "term",
    "student_id",
    "book",
    "place",
    "requested_by_id",
    "created_at",
)
SAID = ("reason", "effect", "approver_role", "witness_roles", "deputy_id", "submitted_at")
# What is written once, by the steps that lead to these states.
DECISION = ("decided_by_id", "decided_at", "decision")


class FollowsWorkflow(Rule):
    """A request begins as a draft, goes only where the table of `rules.workflow` leads, and is complete there.

    It is sent with evidence and something to correct, called witnessed when every witness asked for has confirmed. What
    was decided, and by whom, is written with the decision and stays.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, **kwargs: object) -> None:
        super().__init__(name="follows_workflow", **kwargs)  # type: ignore[arg-type]

    def get_func(self, model: Model) -> str:
        """Look the step up, and count what it needs."""
        steps = ", ".join(
            f"('{state.value}', '{step.to.value}')"
            for (state, _event), step in sorted(TRANSITIONS.items())
        )
        moved, rewritten, redecided = map(_changed, (IDENTITY, SAID, DECISION))
        return f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW.state <> 'draft' THEN {_raise("a request begins as a draft")} END IF;
                RETURN NEW;
            END IF;
            IF {moved} THEN {_raise("what a request is about never changes")} END IF;
            IF OLD.state <> 'draft' AND ({rewritten}) THEN
                {_raise("what was sent is not rewritten")}
            END IF;
            IF NOT (OLD.state = 'submitted' AND NEW.state IN ('approved', 'refused')) AND ({redecided}) THEN
                {_raise("what was decided is not rewritten")}
            END IF;
            IF NEW.state <> 'witnessed' AND ({_changed(("witnessed_at",))}) THEN
                {_raise("what was witnessed is not rewritten")}
            END IF;
            IF OLD.state <> NEW.state AND NOT (OLD.state, NEW.state) IN ({steps}) THEN
                {_raise("no such step in the life of a request")}
            END IF;
            IF OLD.state = NEW.state AND OLD.state <> 'draft' THEN
                {_raise("a request that was sent changes only by a step")}
            END IF;
            IF NEW.state = 'submitted' AND NOT (
                EXISTS (SELECT FROM public.approvals_evidence e
                    WHERE e.correction_id = NEW.id AND e.withdrawn_at IS NULL)
                AND EXISTS (SELECT FROM public.approvals_correctionline l
                    WHERE l.correction_id = NEW.id AND NOT l.is_dropped)
            ) THEN {_raise("a request is sent with evidence and something to correct")} END IF;
            IF NEW.state = 'witnessed' AND OLD.state <> 'witnessed' AND EXISTS (
                SELECT FROM jsonb_array_elements_text(NEW.witness_roles) AS asked (role)
                WHERE NOT EXISTS (SELECT FROM public.approvals_witnessing w
                    WHERE w.correction_id = NEW.id AND w.role = asked.role AND w.user_id <> NEW.decided_by_id)
            ) THEN {_raise("a witness is missing")} END IF;
            RETURN NEW;
        """  # noqa: S608 - words of our own


class OnlyInDraft(Rule):
    """Lines and evidence are written while the request is a draft, and stay as they were sent, with that request.

    `free` names what may change later all the same.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *free: str, **kwargs: object) -> None:
        self.free = free
        super().__init__(name="only_in_draft", declare=[("stands", "text")], **kwargs)  # type: ignore[arg-type]

    def get_func(self, model: Model) -> str:
        """Lock the request and look at its state."""
        same = "to_jsonb(OLD)" + "".join(f" - '{name}'" for name in self.free)
        new = "to_jsonb(NEW)" + "".join(f" - '{name}'" for name in self.free)
        return f"""
            IF TG_OP = 'UPDATE' AND OLD.correction_id <> NEW.correction_id THEN
                {_raise("what belongs to a request never moves to another")}
            END IF;
            SELECT state INTO stands FROM public.approvals_correctionrequest
                WHERE id = NEW.correction_id FOR NO KEY UPDATE;
            IF stands <> 'draft' AND (TG_OP = 'INSERT' OR {same} IS DISTINCT FROM {new}) THEN
                {_raise("what was sent is not rewritten")}
            END IF;
            RETURN NEW;
        """  # noqa: S608 - words of our own


class OpenAsItsRequest(Rule):
    """At commit the lines of a request hold their cells exactly while it is open."""

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update
    timing = pgtrigger.Deferred

    def __init__(self, request: str, **kwargs: object) -> None:
        self.request = request
        super().__init__(name="open_as_its_request", **kwargs)  # type: ignore[arg-type]

    def get_func(self, model: Model) -> str:
        """Compare the lines with the state of the request."""
        return f"""
            IF EXISTS (
                SELECT FROM public.approvals_correctionline l
                JOIN public.approvals_correctionrequest r ON r.id = l.correction_id
                WHERE r.id = NEW.{self.request}
                AND l.is_open <> (r.state IN ({_states(OPEN)}) AND NOT l.is_dropped)
            ) THEN {_raise("a line is open while its request is, and no longer")} END IF;
            RETURN NULL;
        """


class WitnessesApproved(Rule):
    """A witness confirms a request that is approved, as one that it asks for, and is not who approved it; once for all.

    Who stands there as the requester is the requester.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, **kwargs: object) -> None:
        super().__init__(name="witnesses_approved", **kwargs)  # type: ignore[arg-type]

    def get_func(self, model: Model) -> str:
        """Lock the request and look at it."""
        return f"""
            IF TG_OP = 'UPDATE' THEN {_raise("the word of a witness stays as it was given")} END IF;
            PERFORM FROM public.approvals_correctionrequest
                WHERE id = NEW.correction_id AND state = 'approved'
                AND decided_by_id <> NEW.user_id AND witness_roles ? NEW.role
                AND (NEW.role <> 'requester' OR requested_by_id = NEW.user_id)
                FOR NO KEY UPDATE;
            IF NOT FOUND THEN {_raise("this request waits for no such witness")} END IF;
            RETURN NEW;
        """
