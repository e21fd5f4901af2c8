"""What is to be confirmed, and what a change has broken, as cards of the home page (R-144, R-145, R-149)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradebook import words
from gradebook.rules.columns import TERMS
from gradebook.selectors import missing
from gradebook.selectors import sign_off_board as boards
from gradebook.selectors.books import Book
from gradebook.selectors.sign_off_board import Due
from schoolbook import access, clock
from schoolbook.models import ClassGroup, User
from schoolbook.registry import Card
from schoolbook.rules.permissions import Action
from schoolbook.rules.school_year import first_calendar_year

# So long before the last day of a term its complete sheets are asked for; so long after it they are late.
SOON = timedelta(days=21)
LATE = timedelta(days=14)
MOST_NAMED = 3


def sheets_to_confirm(user: User) -> Iterator[Card]:
    """The sheets of this person that are to be confirmed, in one card for each term, and those that a change broke.

    In two queries for somebody who teaches nothing, else in at most seven.
    """
    rows = access.class_subjects(user, Action.SIGN_OFF).filter(class_group__year__start=_start())
    taught = list(
        rows.select_related("class_group__year", "class_group__school", "subject").order_by(
            "class_group__grade", "class_group__name", "subject__place", "pk"
        )
    )
    if not taught:
        return
    due = boards.sheets_of(taught, TERMS)
    broken = [one for one in due if one.word]
    if broken:
        yield _broken(broken)
    for term in TERMS:
        fresh = [one for one in due if one.book.term == term and not one.word]
        asked = _asked_for(fresh)
        if asked:
            yield _to_confirm(asked, term)


def _asked_for(due: Sequence[Due]) -> list[Due]:
    """Those of a term that is over; shortly before its end, those that are complete."""
    if not due:
        return []
    today, last = clock.today(), due[0].book.days[1]
    if today > last:
        return list(due)
    if today <= last - SOON:
        return []
    complete = {
        line.book.place
        for line in missing.lines([one.book for one in due])
        if line.expected and not line.missing
    }
    return [one for one in due if one.book.place in complete]


def _broken(broken: Sequence[Due]) -> Card:
    count = len(broken)
    return Card(
        ngettext(
            "%(count)s confirmed sheet has changed",
            "%(count)s confirmed sheets have changed",
            count,
        )
        % {"count": count},
        _("%(names)s. Look through what changed, then confirm again.") % {"names": _names(broken)},
        _href(broken),
        _("Confirm again"),
        tone="late",
    )


def _to_confirm(due: Sequence[Due], term: int) -> Card:
    today, last, count = clock.today(), due[0].book.days[1], len(due)
    tone = "late" if today > last + LATE else "due" if today > last else "info"
    return Card(
        ngettext(
            "%(count)s sheet is to be confirmed", "%(count)s sheets are to be confirmed", count
        )
        % {"count": count},
        _("Term %(term)s: %(names)s.") % {"term": term, "names": _names(due)},
        _href(due),
        _("Look through and confirm"),
        tone=tone,
        due=_("the term ends on %(day)s") % {"day": last.strftime("%d/%m/%Y")},
    )


def _names(due: Sequence[Due]) -> str:
    named = [words.sheet_title(one.book) for one in due[:MOST_NAMED]]
    return ", ".join([*named, "…"] if len(due) > MOST_NAMED else named)


def _href(due: Sequence[Due]) -> str:
    if len(due) > 1:
        return f"{reverse('gradebook:my_sheets')}?term={due[0].book.term}"
    taught = due[0].book.class_subject
    assert taught
    return reverse("gradebook:sign_off", args=[taught.pk, due[0].book.term])


def classes_to_confirm(user: User) -> Iterator[Card]:
    """The own class: ready to be confirmed, waiting for sheets, or changed since; in two queries, or four."""
    groups = access.class_groups(user, Action.CONFIRM_CLASS).filter(year__start=_start())
    led = list(groups.select_related("year").order_by("pk"))
    if not led:
        return
    everything = boards.of_classes(led, TERMS)
    for group in led:
        for term in TERMS:
            card = _of_class(group, term, everything[group.pk, term], clock.today())
            if card:
                yield card


def _of_class(group: ClassGroup, term: int, row: boards.BoardRow, today: date) -> Card | None:
    own = row.of_class
    assert own
    assert own.book
    book: Book = own.book
    href = reverse("gradebook:class_sign_off", args=[group.pk, term])
    names = {"class": group.name, "term": term, "count": row.missing}
    waits = ngettext(
        "It waits for %(count)s sheet that is not confirmed.",
        "It waits for %(count)s sheets that are not confirmed.",
        row.missing,
    )
    if own.state == "broken":
        said = waits if row.missing else _("Look through what changed, then confirm again.")
        title = _("Class %(class)s, term %(term)s: what you confirmed has changed") % names
        return Card(title, said % names, href, _("Open the confirmation"), tone="late")
    if own.state == "signed" or not any(one.state for one in row.squares):
        return None
    if row.missing:
        if today <= book.days[1]:
            return None
        title = _("Class %(class)s, term %(term)s is not confirmed yet") % names
        return Card(title, waits % names, href, _("See which"), tone="info")
    title = _("Class %(class)s, term %(term)s is ready to be confirmed") % names
    said = _("All its sheets are confirmed. Confirming it keeps levels and titles.")
    return Card(title, said, href, _("Look through and confirm"), tone="due")


def _start() -> int:
    return first_calendar_year(clock.today())
