"""What windows and locks ask of people, as cards of the home page (R-102, R-105, R-109)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradebook import access, access_locks, words
from gradebook.models import LockAct
from gradebook.rules.windows import Line, window_of
from gradebook.selectors import locks, missing, windows
from gradebook.selectors.books import Book
from schoolbook import access as kernel
from schoolbook import clock
from schoolbook.jinja import format_date_time
from schoolbook.models import School, User
from schoolbook.registry import Card
from schoolbook.rules.permissions import Action
from schoolbook.selectors import schools

# Windows that close so soon, or closed so lately, are a matter for the home page.
AHEAD, BEHIND = timedelta(days=21), timedelta(days=60)


def windows_closing(user: User) -> Iterator[Card]:
    """What closes when on this person's own sheets, with how many marks are missing there (R-105, R-109).

    In seven queries, nine while windows of both terms are near, three for somebody without sheets.
    """
    own = access.own_books(user)
    if not own or user.school is None:
        return
    now = clock.now()
    plan = windows.in_force(own[0].year)
    near = [
        line
        for line in (windows.lines_of(plan) if plan else ())
        if line.opens_at <= now and now - BEHIND < line.closes_at < now + AHEAD
    ]
    if not near:
        return
    due = now + timedelta(days=_remind_days(user.school))
    for (closes_at, term, component), (marks, sheets) in sorted(_blank(own, near).items()):
        yield _closing_card(closes_at, term, component, marks, sheets, now, due)


def _remind_days(school: School) -> int:
    return schools.regulation_on(school, clock.today()).remind_days


Closes = tuple[datetime, int, str]


def _blank(own: Sequence[Book], near: Sequence[Line]) -> dict[Closes, tuple[int, int]]:
    """How many marks are missing on how many sheets, by the end of a window, its term and its component."""
    by_key = {line.key: line for line in near}
    marks: Counter[Closes] = Counter()
    sheets: Counter[Closes] = Counter()
    for term in sorted({line.term for line in near}):
        books = [replace(book, term=term) for book in own]
        for book, blank in missing.by_component(books):
            for component, count in blank.items():
                grade = book.class_group.grade
                line = window_of(by_key, (term, component, grade))
                if line and count:
                    marks[line.closes_at, term, component] += count
                    sheets[line.closes_at, term, component] += 1
    return {key: (count, sheets[key]) for key, count in marks.items()}


def _closing_card(
    closes_at: datetime,
    term: int,
    component: str,
    marks: int,
    sheets: int,
    now: datetime,
    due: datetime,
) -> Card:
    said = {
        "column": words.component_said(component),
        "term": "I" * term,
        "moment": format_date_time(closes_at),
    }
    over = closes_at <= now
    title = (
        _("%(column)s of term %(term)s is closed, and marks are missing")
        if over
        else _("%(column)s of term %(term)s closes at %(moment)s")
    )
    text = ngettext(
        "%(count)s mark is missing on %(sheets)s of your sheets.",
        "%(count)s marks are missing on %(sheets)s of your sheets.",
        marks,
    ) % {"count": marks, "sheets": sheets}
    if over:
        text += " " + _("Ask for an unlock on the sheet.")
    tone = "late" if over else "due" if closes_at <= due else "info"
    ends = _("since %(moment)s") if over else _("until %(moment)s")
    href = f"{reverse('gradebook:my_sheets')}?term={term}"
    return Card(title % said, text, href, _("Open your sheets"), tone=tone, due=ends % said)


def requests(user: User) -> Iterator[Card]:
    """Requests that wait for this person to decide or carry out; in one to five queries."""
    far = kernel.reaches(user, (Action.DECIDE_LOCKS, Action.CARRY_OUT_LOCKS))
    if not any(far.values()):
        return
    decides = bool(far[Action.DECIDE_LOCKS]) and access_locks.is_decider(user)
    found = locks.counts(user)
    if decides and found.to_decide:
        title = ngettext(
            "%(count)s request to lock or unlock waits for your decision",
            "%(count)s requests to lock or unlock wait for your decision",
            found.to_decide,
        )
        href = f"{reverse('gradebook:locks')}#to-decide"
        text = _("You agree or refuse; an administrator carries out what you agree to.")
        yield Card(title % {"count": found.to_decide}, text, href, _("Decide"), tone="due")
    if decides and (plan := windows.waiting(user)):
        yield Card(
            _("A draft of the entry times waits for your decision"),
            _("Drafted by %(name)s.") % {"name": plan.drafted_by.full_name},
            reverse("gradebook:decide_windows", args=[plan.pk]),
            _("Look at the draft"),
            tone="info",
        )
    if far[Action.CARRY_OUT_LOCKS] and found.to_carry_out:
        title = ngettext(
            "%(count)s decided lock or unlock is to be carried out",
            "%(count)s decided locks or unlocks are to be carried out",
            found.to_carry_out,
        )
        href = f"{reverse('gradebook:locks')}#to-carry-out"
        text = _("They count as soon as you have carried them out.")
        yield Card(title % {"count": found.to_carry_out}, text, href, _("Carry out"), tone="due")


def answers(user: User) -> Iterator[Card]:
    """What became of this person's own requests in the last days; in one query."""
    for act in locks.answered(user):
        yield Card(
            _TITLES[act.state]() % {"scope": words.scope_said(act)},
            _told(act),
            reverse("gradebook:lock_act", args=[act.pk]),
            _("Look at the request"),
            tone="done" if act.state == "done" else "info",
            due=_("until %(moment)s") % {"moment": format_date_time(act.ends_at)}
            if act.ends_at and act.state == "done"
            else None,
        )


_TITLES = {
    "refused": lambda: _("Your request was refused: %(scope)s"),
    "decided": lambda: _("Your request is agreed to, and waits to be carried out: %(scope)s"),
    "done": lambda: _("Your request is carried out: %(scope)s"),
}


def _told(act: LockAct) -> str:
    if act.decision or act.decided_by is None:
        return act.decision
    return _("Decided by %(name)s.") % {"name": act.decided_by.full_name}
