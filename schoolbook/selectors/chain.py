"""The chain of acts of a school, the gatherings of heads, and what kept heads prove of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Max, QuerySet

from schoolbook import registry
from schoolbook.models import ActLink, Gathering, Reseal, School
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


# By index, so that it takes as long after years as on the first day. A link is found once: it holds its school, too.
NOT_GATHERED = """
    SELECT h.place FROM unnest(%s::text[], %s::bigint[], %s::text[]) WITH ORDINALITY AS h (chain, number, link, place)
    WHERE NOT EXISTS (
        SELECT FROM schoolbook_gatheredhead g
        WHERE g.chain = h.chain AND g.number = h.number AND g.link = h.link
    ) ORDER BY 1
"""
NEWEST_GATHERED = """
    SELECT h.chain, g.number FROM unnest(%s::text[]) AS h (chain), LATERAL (
        SELECT d.number FROM schoolbook_gatheredhead d JOIN schoolbook_gathering o ON o.id = d.gathering_id
        WHERE d.chain = h.chain AND o.school_id = %s ORDER BY d.number DESC LIMIT 1
    ) AS g
"""


def heads_of(school: School) -> list[Head]:
    """The newest link of every chain of a school, in the order of their names."""
    return sorted(head for kind in registry.chains.kinds() for head in kind.heads(school))


def new_heads(school: School) -> list[Head]:
    """Those that no gathering holds yet; a query for each kind, and one."""
    heads = heads_of(school)
    with connection.cursor() as cursor:
        cursor.execute(
            NOT_GATHERED, [list(column) for column in zip(*heads, strict=True)] or [[], [], []]
        )
        return [heads[place - 1] for (place,) in cursor.fetchall()]


def covered(school: School) -> list[Covered]:
    """What the gatherings of a school cover, by kind; a query for each kind, and one."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_GATHERED, [[head.chain for head in heads_of(school)], school.pk])
        found = cursor.fetchall()
    kinds = []
    for kind in registry.chains.kinds():
        mine = [number for chain, number in found if registry.chains.kind_of(chain) is kind]
        kinds.append(Covered(kind.title, len(mine), sum(mine)))
    return kinds


def heads_of_acts(school: School) -> list[Head]:
    """The newest link of the acts of a school; none before the first act."""
    newest = ActLink.objects.filter(school=school).order_by("-number").first()
    return [Head(ACTS, newest.number, newest.link)] if newest else []


def newest_gathering(school: School) -> Gathering | None:
    """The last gathering of a school's heads."""
    return Gathering.objects.filter(school=school).order_by("-number").first()


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
