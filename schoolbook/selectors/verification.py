"""The whole proof: every finding about the chains, rows and guards of schools, and up to where it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from schoolbook import registry
from schoolbook.models import School
from schoolbook.rules.chain import moment
from schoolbook.rules.kept import Compared, KeptHead
from schoolbook.selectors import chain, guards, verifying


def findings(school: School | None, kept: Sequence[KeptHead] = ()) -> Iterator[str]:
    """A sentence for everything that is not as it was written, of one school or of all."""
    schools = [school] if school else list(School.objects.order_by("abbreviation"))
    for one in schools:
        for sentence in _of_school(one, kept):
            yield f"{one.abbreviation}: {sentence}"
    known = {one.abbreviation for one in schools}
    if not school:
        for name in sorted({head.school for head in kept} - known):
            yield f"{name}: heads of this school are kept, but there is no such school"
    prefix = f"{school.abbreviation}: " if school else ""
    yield from (f"{prefix}{sentence}" for sentence in verifying.facts(school))
    yield from guards.findings()


def _of_school(school: School, kept: Sequence[KeptHead]) -> Iterator[str]:
    for kind in registry.chains.kinds():
        yield from kind.findings(school)
    yield from verifying.gatherings(school)
    if kept:
        yield from _of_heads(chain.compared(school, kept))


def _of_heads(compared: Compared) -> Iterator[str]:
    if compared.behind:
        last = compared.behind[-1]
        yield (
            f"behind kept head {last.number} of {last.gathered_at}: what came after the last head that is there"
            " was lost. After a restore, `manage.py reseal` records it"
        )
    for head in compared.rewritten:
        yield (
            f"kept head {head.number} of {head.gathered_at} is not the gathering {head.number} of the database:"
            " its chains were rewritten, or went on after a restore, which `manage.py reseal` records"
        )


def proofs(schools: Iterable[School], kept: Sequence[KeptHead], kept_in: str) -> Iterator[str]:
    """Up to where it is proved, a sentence for each school; `kept_in` names where the kept heads come from."""
    for school in schools:
        compared = chain.compared(school, kept)
        seals = chain.excused(school)
        for row in dict.fromkeys(seals[head.key] for head in compared.excused):
            lost = ", ".join(
                str(head.number) for head in compared.excused if seals[head.key] == row
            )
            yield (
                f"{school.abbreviation}: kept heads lost by a restore: {lost}; sealed anew after head {row.since}"
                f" by {row.made_by.full_name} on {moment(row.made_at)}: {row.reason}"
            )
        newest = chain.newest_gathering(school)
        inside = f"head {newest.number} of {moment(newest.gathered_at)}" if newest else "none"
        if compared.proved:
            head = compared.proved
            yield (
                f"{school.abbreviation}: proved up to head {head.number} of {head.gathered_at}, kept in {kept_in};"
                f" the newest in the database is {inside}"
            )
        else:
            why = f"{kept_in} keeps none that is there" if kept else "no kept head was given"
            yield (
                f"{school.abbreviation}: {why}: whoever can write everything could have rewritten all of it;"
                f" the newest head in the database is {inside}"
            )
