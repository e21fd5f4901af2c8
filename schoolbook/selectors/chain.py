"""The chain of acts of a school, the gatherings of heads, and what kept heads prove of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max, QuerySet

from schoolbook import registry
from schoolbook.models import ActLink, GatheredHead, Gathering, Reseal, School
from schoolbook.rules.chain import ACTS, Head, moment
from schoolbook.rules.kept import Compared, KeptHead, compare

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Covered:
    """How much of one kind of chains was gathered: how many chains, with how many links together."""

    title: StrOrPromise
    chains: int
    links: int


def covered(school: School) -> list[Covered]:
    """What the gatherings of a school cover, by kind; one query."""
    heads = gathered_before(school)
    found = []
    for kind in registry.chains.kinds():
        mine = [head for head in heads if registry.chains.kind_of(head.chain) is kind]
        found.append(Covered(kind.title, len(mine), sum(head.number for head in mine)))
    return found


def waiting(school: School) -> bool:
    """Whether anything was written that no gathering covers yet; two queries, and one for each kind."""
    before = gathered_before(school)
    return any(
        head not in before for kind in registry.chains.kinds() for head in kind.heads(school)
    )


def heads_of_acts(school: School) -> list[Head]:
    """The newest link of the acts of a school; none before the first act."""
    newest = ActLink.objects.filter(school=school).order_by("-number").first()
    return [Head(ACTS, newest.number, newest.link)] if newest else []


def newest_gathering(school: School) -> Gathering | None:
    """The last gathering of a school's heads."""
    return Gathering.objects.filter(school=school).order_by("-number").first()


def gathered_before(school: School) -> set[Head]:
    """Of each chain of a school the head that was gathered last."""
    rows = (
        GatheredHead.objects.filter(gathering__school=school)
        .order_by("chain", "-gathering__number")
        .distinct("chain")
    )
    return {Head(*row) for row in rows.values_list("chain", "number", "link")}


def kept(gatherings: QuerySet[Gathering]) -> Iterator[KeptHead]:
    """Gatherings as they are kept elsewhere, by school and number."""
    rows = gatherings.order_by("school__abbreviation", "number")
    for school, number, link, at in rows.values_list(
        "school__abbreviation", "number", "link", "gathered_at"
    ).iterator():
        yield KeptHead(school, number, link, moment(at))


def line_of(gathering: Gathering, school: School) -> str:
    """One gathering of the school as it is kept elsewhere."""
    at = moment(gathering.gathered_at)
    return KeptHead(school.abbreviation, gathering.number, gathering.link, at).line()


def gatherings_of(school: School) -> QuerySet[Gathering]:
    """All gatherings of a school."""
    return Gathering.objects.filter(school=school)


def newest_of_each(schools: Iterable[School]) -> QuerySet[Gathering]:
    """The last gathering of each of these schools."""
    newest = Gathering.objects.filter(school__in=schools).values("school").annotate(last=Max("pk"))
    return Gathering.objects.filter(pk__in=newest.values("last"))


def compared(school: School, heads: Sequence[KeptHead]) -> Compared:
    """What the kept heads of this school prove of its gatherings."""
    mine = [head for head in heads if head.school == school.abbreviation]
    numbers = {head.number for head in mine}
    there = dict(
        Gathering.objects.filter(school=school, number__in=numbers).values_list("number", "link")
    )
    newest = newest_gathering(school)
    return compare(mine, there, newest.number if newest else 0, set(excused(school)))


def excused(school: School) -> dict[tuple[int, str], Reseal]:
    """The heads that new seals of this school list as lost, each with the seal that does."""
    return {
        (number, link): row
        for row in Reseal.objects.filter(school=school).select_related("made_by").order_by("pk")
        for number, link in row.lost
    }
