"""The chain of acts of a school, the gatherings of heads, and what kept heads prove of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Max, QuerySet

from schoolbook.models import ActLink, GatheredHead, Gathering, Reseal, School
from schoolbook.rules.chain import ACTS, Head, moment
from schoolbook.rules.kept import Compared, KeptHead, compare


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
