"""What pages and scripts send for the cells of a sheet: shape and size, nothing of what it means."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.http import QueryDict
from django.utils.translation import gettext as _

from gradebook.selectors.books import Key
from gradebook.services.marks import MOST_EDITS, Edit
from schoolbook.errors import Invalid
from schoolbook.rules.names import tidy

BIGGEST_ID, BIGGEST_VERSION, BIGGEST_NUMBER = 2**63 - 1, 2**31 - 1, 2**15 - 1
LONGEST_TYPED, LONGEST_NAME, LONGEST_REASON = 20_000, 20, 300
CELL = re.compile(r"m-([0-9]{1,18})-([a-z_]{1,20})-([0-9]{1,3})", re.ASCII)
COLUMN = re.compile(r"([a-z_]{1,20})-([0-9]{1,3})", re.ASCII)
ROW = re.compile(r"s-([0-9]{1,18})", re.ASCII)
VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)
THEIRS = "theirs"


@dataclass(frozen=True)
class Batch:
    """Edits of one sheet, of the account for which the page was made."""

    account: str
    edits: tuple[Edit, ...]


def batch_of(body: bytes) -> Batch:
    """Read a batch that a script sent. Raises Invalid with one sentence."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise nonsense() from None
    if not isinstance(sent, dict):
        raise nonsense()
    account, edits = sent.get("account"), sent.get("edits")
    if not isinstance(account, str) or not isinstance(edits, list):
        raise nonsense()
    if len(edits) > MOST_EDITS:
        raise Invalid(
            {"edits": _("At most %(most)s cells can be sent at once.") % {"most": MOST_EDITS}}
        )
    return Batch(account, tuple(map(_edit, edits)))


def nonsense() -> Invalid:
    """What is said of a request that no page of ours makes."""
    return Invalid({"edits": _("The page sent something unreadable. Reload it and try again.")})


def _edit(sent: Any) -> Edit:
    if not isinstance(sent, dict):
        raise nonsense()
    try:
        key = UUID(_text(sent.get("key"), 36))
    except ValueError:
        raise nonsense() from None
    return Edit(
        key=key,
        student_id=whole(sent.get("student"), 1, BIGGEST_ID),
        component=_text(sent.get("component"), LONGEST_NAME),
        number=whole(sent.get("number"), 1, BIGGEST_NUMBER),
        typed=_text(sent.get("typed"), LONGEST_TYPED),
        seen=whole(sent.get("seen"), 0, BIGGEST_VERSION),
        reason=tidy(_text(sent.get("reason", ""), LONGEST_REASON)),
    )


def whole(sent: Any, least: int, most: int) -> int:
    """A whole number within bounds. Raises Invalid."""
    if type(sent) is not int or not least <= sent <= most:
        raise nonsense()
    return sent


def _text(sent: Any, longest: int) -> str:
    if not isinstance(sent, str) or len(sent) > longest:
        raise nonsense()
    return sent


@dataclass(frozen=True)
class Typed:
    """One cell of a form as it was sent: the text, the version that was rendered, and the choice in a conflict."""

    text: str
    seen: int
    choice: str = ""


def cells_of(sent: QueryDict) -> dict[Key, Typed]:
    """The cells of a form by key; fields that are none of a sheet are passed over. Raises Invalid for too many."""
    seen = _versions(sent)
    found: dict[Key, Typed] = {}
    for name, text in sent.items():
        if (cell := CELL.fullmatch(name)) is None:
            continue
        key = (int(cell[1]), cell[2], int(cell[3]))
        choice = sent.get(f"k{name[1:]}", "")
        version = int(choice) if VERSION.fullmatch(choice) else seen.get(key, 0)
        found[key] = Typed(str(text), version, choice)
    if len(found) > MOST_EDITS:
        raise Invalid(
            {"edits": _("At most %(most)s cells can be sent at once.") % {"most": MOST_EDITS}}
        )
    return found


def _versions(sent: QueryDict) -> dict[Key, int]:
    """The versions that were rendered: for each pupil a list, in the order of the list of columns."""
    heads = [COLUMN.fullmatch(head) for head in sent.get("columns", "").split(",")]
    found: dict[Key, int] = {}
    for name, text in sent.items():
        if (row := ROW.fullmatch(name)) is None:
            continue
        for head, version in zip(heads, str(text).split(","), strict=False):
            if head and VERSION.fullmatch(version):
                found[int(row[1]), head[1], int(head[2])] = int(version)
    return found


def edits_of(page: UUID, typed: Mapping[Key, Typed]) -> list[Edit]:
    """Edits of cells of a form; the same form sent again makes the same keys, so that nothing is written twice."""
    return [
        Edit(
            key=uuid5(page, f"{student}-{component}-{number}:{cell.seen}:{cell.text}"),
            student_id=student,
            component=component,
            number=number,
            typed=cell.text,
            seen=cell.seen,
        )
        for (student, component, number), cell in typed.items()
    ]
