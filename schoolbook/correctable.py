"""What a book has to offer so that what stands in it can be corrected (R-128): a small interface.

The app that keeps a book announces a `Correctable` in the registry; the app of corrections asks nothing else of it.
Marks are such a book, as are conduct, attendance and particulars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from schoolbook.errors import SchoolbookError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from schoolbook.models import User

LONGEST_ITEM, LONGEST_VALUE = 200, 1200


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a page of a book, as it stands: what it is called there, its value, and its version.

    `group` is its row on the official form: "regular", "midterm", "final", or another. `why_not` is the sentence that
    says why no correction of it may be asked for; empty where it may. `is_long` asks for room to write.
    """

    key: str
    label: str
    shown: str
    version: int
    group: str = "other"
    why_not: str = ""
    is_long: bool = False


@dataclass(frozen=True)
class Matter:
    """A page of a book about one pupil: what a request is about.

    `place` says where it is found again, as plain values; the ids are those of rows of the school.
    """

    book: str
    place: Mapping[str, Any]
    school_id: int
    year_id: int
    class_group_id: int
    student_id: int
    items: tuple[Item, ...]
    class_subject_id: int | None = None
    term: int | None = None

    @property
    def by_key(self) -> dict[str, Item]:
        """The items by their keys."""
        return {item.key: item for item in self.items}


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an item: from which value and version, what was typed, and how that will be shown."""

    key: str
    label: str
    group: str
    old: str
    old_version: int
    typed: str
    new: str


@dataclass(frozen=True)
class Order:
    """An approved correction to be carried out: of which request, where, what, by whose approval and why."""

    number: int
    place: Mapping[str, Any]
    student_id: int
    changes: Sequence[Change]
    approved_by: User
    reason: str


@dataclass
class Overtaken(SchoolbookError):
    """An item is no longer as it was when the correction was asked for."""

    label: str
    shown: str
    author: str = ""
    at: datetime | None = None


class Correctable(Protocol):
    """A book in which something can be corrected. `name` is its word in addresses, `title` its name for people."""

    name: str

    @property
    def title(self) -> StrOrPromise:
        """What people call the book."""

    def opened(self, user: User, asked: Mapping[str, str]) -> Matter:
        """The page that an address asks for, to somebody who may ask for a correction there.

        `asked` is what stands in the address, or `place` as text together with "student". Raises Http404,
        PermissionDenied.
        """

    def changes(self, matter: Matter, typed: Mapping[str, str]) -> list[Change]:
        """What was typed, by key, checked by the rules of entry; what changes nothing is left out.

        Raises Invalid with a sentence by key.
        """

    def effect(self, matter: Matter, changes: Sequence[Change]) -> Mapping[str, Any]:
        """What the changes would do beyond the items themselves, as JSON; `said` puts it into words."""

    def said(self, effect: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
        """An effect in words: what, before, after; for a gap the two are empty and the first is the sentence."""

    def hold(self, actor: User, place: Mapping[str, Any]) -> None:
        """Lock the page until the transaction ends: before anything else is locked."""

    def standing(
        self, place: Mapping[str, Any], student_id: int, keys: Sequence[str]
    ) -> Mapping[str, tuple[int, str]]:
        """Version and value of these items as they stand now."""

    def apply(self, order: Order, *, actor: User) -> None:
        """Write the changes as the approved correction they are. Raises Overtaken, PermissionDenied."""

    def href(self, place: Mapping[str, Any], student_id: int) -> str:
        """The address of the page in the book."""

    def history(
        self, place: Mapping[str, Any], student_id: int, keys: Sequence[str]
    ) -> Sequence[tuple[datetime, str, str, str, str]]:
        """What became of these items, newest first: when, who, which, what it was set to, and why."""
