"""What a new school year would be if it went on from the one before; a proposal, nothing is written here."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    HomeroomAssignment,
    School,
    SchoolYear,
    Subject,
    TeachingAssignment,
)
from schoolbook.rules.promotion import begins, goes_on, next_name
from schoolbook.rules.subjects import Level, first_grades, last_grades, usual_subjects
from schoolbook.selectors import years as years_of


@dataclass(frozen=True)
class NewSubject:
    """A subject of a new class, and who would go on teaching it: each with whether they give the assessment."""

    subject: Subject
    periods: int
    assessed_by: str
    in_term1: bool
    in_term2: bool
    teachers: tuple[tuple[Any, bool], ...] = ()


@dataclass(frozen=True)
class NewClass:
    """A class of the new year; `source` is the old class it goes on from, or 0 for a new one."""

    source: int
    old_name: str
    name: str
    grade: int
    specialised_subject_id: int | None
    homeroom: Any | None
    subjects: tuple[NewSubject, ...]

    @property
    def kept(self) -> list[NewSubject]:
        """The subjects whose teachers could go on."""
        return [one for one in self.subjects if one.teachers]


@dataclass(frozen=True)
class Proposal:
    """The classes of the new year, the old classes whose pupils leave, and new names that are taken already."""

    start: int
    classes: tuple[NewClass, ...]
    leaving: tuple[str, ...]
    clashes: tuple[str, ...]
    digest: str

    @property
    def sources(self) -> list[int]:
        """The old classes that go on."""
        return [one.source for one in self.classes if one.source]


def proposal(school: School, old: SchoolYear) -> Proposal:
    """How the year after an old one would begin; in five queries however many classes there are."""
    level = Level(school.level)
    groups = list(old.class_groups.order_by("grade", "name"))
    taught: dict[int, list[ClassSubject]] = defaultdict(list)
    rows = ClassSubject.objects.filter(class_group__year=old).select_related("subject")
    for row in rows.order_by("subject__place", "id"):
        taught[row.class_group_id].append(row)
    going_on = _GoingOn(level, *_people(old), own={one.code: one for one in school.subjects.all()})
    made = [_first(g, taught[g.pk]) for g in groups if g.grade in first_grades(level)]
    made += [going_on.next(g, taught[g.pk]) for g in groups if g.grade not in last_grades(level)]
    kept, clashes = _apart(made)
    return Proposal(
        start=old.start + 1,
        classes=tuple(kept),
        leaving=tuple(g.name for g in groups if g.grade in last_grades(level)),
        clashes=tuple(clashes),
        digest=_digest(kept),
    )


def _people(old: SchoolYear) -> tuple[dict[int, list[tuple[Any, bool]]], dict[int, Any]]:
    """Who teaches which subject of a class, and who has which homeroom, as the year stands or ended."""
    day = years_of.day_of(old)
    teachers: dict[int, list[tuple[Any, bool]]] = defaultdict(list)
    held = TeachingAssignment.objects.on(day).filter(class_subject__class_group__year=old)
    for one in held.filter(user__is_active=True).select_related("user").order_by("id"):
        teachers[one.class_subject_id].append((one.user, one.gives_final))
    homes = HomeroomAssignment.objects.on(day).filter(class_group__year=old, user__is_active=True)
    return teachers, {one.class_group_id: one.user for one in homes.select_related("user")}


def _apart(made: Sequence[NewClass]) -> tuple[list[NewClass], list[str]]:
    """Each name once, a class that goes on before a new one; and the names that were taken already."""
    kept: dict[str, NewClass] = {}
    in_order = sorted(made, key=lambda one: (not one.source, one.grade, one.name))
    clashes = [one.name for one in in_order if kept.setdefault(one.name, one) is not one]
    return sorted(kept.values(), key=lambda one: (one.grade, one.name)), clashes


def _first(group: ClassGroup, taught: Sequence[ClassSubject]) -> NewClass:
    """A new, empty class of the first grade, with the subjects of the one that has its name now."""
    subjects = tuple(_same(row) for row in taught)
    special = group.specialised_subject_id
    return NewClass(0, "", group.name, group.grade, special, None, subjects)


def _same(row: ClassSubject, teachers: Sequence[tuple[Any, bool]] = ()) -> NewSubject:
    return NewSubject(
        row.subject, row.periods, row.assessed_by, row.in_term1, row.in_term2, tuple(teachers)
    )


@dataclass(frozen=True)
class _GoingOn:
    """What the classes of the next year are made of."""

    level: Level
    teachers: dict[int, list[tuple[Any, bool]]]
    homerooms: dict[int, Any]
    own: dict[str, Subject]

    def next(self, group: ClassGroup, taught: Sequence[ClassSubject]) -> NewClass:
        """The same class a grade higher."""
        return NewClass(
            source=group.pk,
            old_name=group.name,
            name=next_name(group.name, group.grade),
            grade=group.grade + 1,
            specialised_subject_id=group.specialised_subject_id,
            homeroom=self.homerooms.get(group.pk),
            subjects=self._subjects(group.grade, taught),
        )

    def _subjects(self, grade: int, taught: Sequence[ClassSubject]) -> tuple[NewSubject, ...]:
        """Those that go on with their periods and teachers, and those that begin in the grade."""
        before = {entry.code for entry in usual_subjects(self.level, grade)}
        after = {entry.code: entry for entry in usual_subjects(self.level, grade + 1)}
        kept = [
            _same(row, self.teachers[row.pk])
            for row in taught
            if goes_on(row.subject.code, usual_before=before, usual_after=after)
        ]
        there = {one.subject.code for one in kept}
        new = [
            NewSubject(self.own[code], after[code].periods, self.own[code].assessed_by, True, True)
            for code in begins(before, after) - there
            if code in self.own
        ]
        return tuple(sorted([*kept, *new], key=lambda one: (one.subject.place, one.subject.pk)))


def _digest(classes: Sequence[NewClass]) -> str:
    """SHA-256 over all that is proposed: the page carries it to the service, which compares."""
    lines = []
    for one in classes:
        home = one.homeroom.pk if one.homeroom else 0
        lines.append(f"{one.source} {one.name} {one.grade} {one.specialised_subject_id} {home}")
        for taught in one.subjects:
            people = [(user.pk, final) for user, final in taught.teachers]
            how = (taught.assessed_by, taught.in_term1, taught.in_term2)
            lines.append(f"{taught.subject.pk} {taught.periods} {how} {people}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
