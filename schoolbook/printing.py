"""What every printed document has around its content: school, place and date, the words for prints, and its proof.

The proof is the SHA-256 of the facts that the document states, whatever it looks like and whenever it is printed, and
the newest link of the history on which they rest: two prints of the same content have the same digest, and a link
that is found again in the school's chain shows that nothing before it was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.template.loader import get_template
from django.utils import timezone, translation

from schoolbook import qr
from schoolbook.models import School
from schoolbook.rules import paper
from schoolbook.rules.chain import Head, canonical, digest

# The first school year whose books name communes of the two-tier local government, since 1 July 2025.
TWO_TIERS = 2025

Given = ParamSpec("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Proof:
    """What a print can be compared with later; `heads` are the newest links of the histories behind it, if any."""

    kind: str
    digest: str
    heads: tuple[Head, ...]

    @property
    def short(self) -> str:
        """The beginning of the digest, for the foot of every page."""
        return paper.short(self.digest)

    @property
    def qr(self) -> qr.Qr:
        """The same as a picture that a telephone reads: plain text, no address."""
        heads = [f"{head.chain}#{head.number}={head.link}" for head in self.heads]
        return qr.draw(" ".join([f"schoolbook {self.kind}", f"sha256={self.digest}", *heads]))


@dataclass(frozen=True)
class Frame:
    """What stands around the content: `day` is that of the print, in words."""

    title: str
    school: str
    place: str
    day: str
    printed: str
    proof: Proof


def now() -> datetime:
    """The moment of the print, in the time of Viet Nam: real time, as everything that is on record."""
    return timezone.localtime(timezone.now())


def frame(
    school: School,
    title: str,
    *,
    kind: str,
    facts: Sequence[object],
    heads: Sequence[Head] = (),
    start: int | None = None,
) -> Frame:
    """The frame of a document that states these facts, plain JSON values; `start` is the school year it is about."""
    day = now().date()
    return Frame(
        title=title,
        school=school.name.upper(),
        place=place_of(school, start),
        day=paper.day_said(day),
        printed=paper.printed_said(day),
        proof=Proof(kind, digest(canonical([1, kind, school.name, *facts])), tuple(heads)),
    )


def place_of(school: School, start: int | None = None) -> str:
    """The place before a date, by the address that held in a school year, or today's; dots where it is not known."""
    before = start is not None and start < TWO_TIERS and school.address_before
    return paper.place_of(before or school.address_since) or paper.DOTS


def dated(place: str, day: date | None) -> str:
    """Place and day as they stand above a signature; dots where the day is still to be written."""
    return f"{place}, {paper.day_said(day) if day else 'ngày …… tháng …… năm 20……'}"


def rendered(template: str, framed: Frame, context: Mapping[str, Any]) -> str:
    """The HTML of a document, with all text escaped."""
    return get_template(template).render({"frame": framed, **context})


def in_vietnamese(compose: Callable[Given, Made]) -> Callable[Given, Made]:
    """Let a document be composed in Vietnamese, what is translated too, whatever language its person reads."""

    @wraps(compose)
    def composed(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with translation.override("vi"):
            return compose(*args, **kwargs)

    return composed


def minute(when: datetime | None) -> str:
    """A moment on record as forms write it, in the time of Viet Nam; empty where there is none."""
    return paper.minute_said(timezone.localtime(when)) if when else ""
