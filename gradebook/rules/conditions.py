"""The conditions of one academic level, and whether a single subject alone holds it back."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from typing import NamedTuple

from gradebook.rules.scheme import LevelRule, SecondaryScheme
from gradebook.rules.steps import Check, Commented, Item, Scored


class Book:
    """The subjects of one pupil as the conditions read them: scored ones from the lowest up."""

    __slots__ = ("averages", "cores", "failed", "mean", "scored", "special")

    def __init__(
        self,
        scheme: SecondaryScheme,
        scored: tuple[Scored, ...],
        commented: tuple[Commented, ...],
        mean: Decimal | None,
        specialised: str | None,
    ) -> None:
        """Sort the subjects into the groups that conditions ask about."""
        self.scored = scored
        self.averages = [item.value for item in scored]
        self.mean = mean
        not_reached = scheme.comment_levels[1]
        self.failed = tuple([item for item in commented if item.value == not_reached])
        core = scheme.core_subjects
        self.cores = tuple([item for item in scored if item.code in core]) if core else ()
        self.special = tuple([item for item in scored if item.code == specialised])


def checks(scheme: SecondaryScheme, rule: LevelRule, count: int, book: Book) -> tuple[Check, ...]:
    """Return every condition of a level with what was found (TT 58/2011 Đ13, TT 22/2021 Đ9.2)."""
    article = scheme.articles["academic"]
    label = rule.label
    found = [_floor(article, label, rule.floor, book)]
    if rule.failed is not None and scheme.comment_subjects_count:
        failed, allowed = len(book.failed), rule.failed
        not_reached = scheme.comment_levels[1]
        met = failed <= allowed
        items = book.failed
        found.append(Check("comments", article, label, not_reached, allowed, failed, items, met))
    if rule.count_at is not None:
        found.append(_count(article, label, rule.count_at, count, book))
    if rule.mean is not None and book.mean is not None:
        reached = book.mean >= rule.mean
        items_of_mean = (Scored("", "", book.mean),)
        check = Check("mean", article, label, rule.mean, 1, int(reached), items_of_mean, reached)
        found.append(check)
    if rule.core is not None:
        found.append(_one_of("core", article, label, rule.core, book.cores))
    if rule.specialised is not None and book.special:
        found.append(_one_of("specialised", article, label, rule.specialised, book.special))
    return tuple(found)


def _floor(article: str, label: str, floor: Decimal, book: Book) -> Check:
    below = bisect_left(book.averages, floor)
    return Check("floor", article, label, floor, 0, below, book.scored[:below], below == 0)


def _count(article: str, label: str, at: Decimal, required: int, book: Book) -> Check:
    below = bisect_left(book.averages, at)
    found = len(book.averages) - below
    short = max(0, required - found)
    nearest = book.scored[max(0, below - short) : below][::-1]
    return Check("count", article, label, at, required, found, nearest, short == 0)


def _one_of(
    code: str, article: str, label: str, threshold: Decimal, subjects: tuple[Scored, ...]
) -> Check:
    found = sum([item.value >= threshold for item in subjects])
    return Check(code, article, label, threshold, 1, found, subjects, found >= 1)


class Culprit(NamedTuple):
    """The one subject that holds a level back.

    `alone`: the level's other conditions hold without it; otherwise only if it would have served
    them.
    """

    item: Item
    alone: bool

    @property
    def by_comment(self) -> bool:
        """Whether it is a comment-only subject."""
        return isinstance(self.item, Commented)


def lone_culprit(found: tuple[Check, ...]) -> Culprit | None:
    """Return the one subject without which the level would be reached, given its conditions.

    A subject below the floor serves no other condition of the level, so the level is reached
    without it when nothing else is unmet. In the wider reading ([AMB-1]) it may stand for one of
    the subjects that another condition lacks.
    """
    unmet = [check for check in found if not check.met]
    barring = [check for check in unmet if check.code in ("floor", "comments")]
    offenders = [item for check in barring for item in check.items]
    if len(offenders) != 1:
        return None
    (item,) = offenders
    others = [check for check in unmet if check not in barring]
    if not others:
        return Culprit(item, alone=True)
    if all(_would_serve(item, check) for check in others):
        return Culprit(item, alone=False)
    return None


def _would_serve(item: Item, check: Check) -> bool:
    if isinstance(item, Commented):
        return False
    if check.code == "count":
        return check.required - check.found == 1
    return item in check.items
