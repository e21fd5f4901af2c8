"""What a correction would do, in the words of the reader: lines of figures, and what could not be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gradebook.rules.effect import NONE, SUMMER, Effect, Lacking, What
from gradebook.rules.scheme import Outcome
from gradebook.selectors.sheet import LEVEL_HEADS, RESULT_HEADS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERIODS: dict[str, StrOrPromise] = {
    "midterm1": _("Middle of term 1"),
    "term1": _("Term 1"),
    "midterm2": _("Middle of term 2"),
    "term2": _("Term 2"),
    "year": _("Whole year"),
    SUMMER: _("After the summer"),
}
NAMES: dict[str, StrOrPromise] = {
    What.MOMENT: _("Level reached and test"),
    What.CONDUCT: _("Conduct"),
    What.LEVEL: _("Level"),
    What.COMPLETION: _("Overall assessment"),
    What.TITLE: _("Title"),
    What.PROMOTION: _("Promotion"),
}
# As the book heads them, with the period in the heading.
HEADED = {What.AVERAGE: RESULT_HEADS, What.REACHED: LEVEL_HEADS}
OUTCOMES: dict[str, StrOrPromise] = {
    Outcome.PROMOTED: _("goes up"),
    Outcome.RETEST: _("is assessed again"),
    Outcome.SUMMER_CONDUCT: _("trains in the summer"),
    Outcome.RETAINED: _("does not go up"),
    Outcome.HEAD_DECIDES: _("the headteacher decides"),
}
MISSING: dict[str, StrOrPromise] = {
    Lacking.RESULT: _("%(period)s: marks of this subject are still missing, so it has no result."),
    Lacking.SUBJECTS: _(
        "%(period)s: not every subject has a result yet, so the level over all subjects is not known."
    ),
    Lacking.CONDUCT: _(
        "%(period)s: the conduct is not recorded yet, so nothing is said of title and promotion."
    ),
    Lacking.ABSENCES: _("Attendance is not recorded yet, so nothing is said of promotion."),
    Lacking.RECOGNITION: _(
        "The title also needs the word of the class, which is not recorded here, so nothing is said of it."
    ),
    Lacking.REFUSED: _(
        "%(period)s: by the circular nothing can be worked out from what is entered."
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line for a page."""

    label: str
    before: str
    after: str
    is_changed: bool


def lines(effect: Effect) -> list[Told]:
    """The figures before and after, in words."""
    return [
        Told(
            _label(line.key),
            _value(line.key, line.before),
            _value(line.key, line.after),
            line.is_changed,
        )
        for line in effect.lines
    ]


def missing(effect: Effect) -> list[str]:
    """What could not be said, and why: a sentence each. An unknown code stands as it is."""
    found = []
    for code in effect.missing:
        what, _colon, period = code.partition(":")
        said = MISSING.get(what)
        found.append(str(said) % {"period": PERIODS.get(period, period)} if said else code)
    return list(dict.fromkeys(found))


def _label(key: str) -> str:
    """What a line is about: "ĐTBmhkI", "Kết quả học tập · Cả năm"."""
    what, _colon, period = key.partition(":")
    headed = {one.value: heads for one, heads in HEADED.items()}.get(what, {})
    if period in headed:
        return headed[period]
    return f"{NAMES.get(what, what)} · {PERIODS.get(period, period)}"


def _value(key: str, value: str) -> str:
    """A figure as it is; words for one that is not there."""
    if not value:
        return gettext("not yet known")
    if value == NONE:
        return gettext("no title")
    if key.startswith(f"{What.PROMOTION}:"):
        return str(OUTCOMES.get(value, value))
    return value
