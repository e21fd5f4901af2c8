"""The marks of a demo school, entered by its teachers: a full first term, and a second one under way."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import transaction

from gradebook import access
from gradebook.models import Mark
from gradebook.rules.columns import TERMS, Column, Component, ValueKind
from gradebook.selectors.books import Book, Place, Pupil, pupils
from gradebook.services import marks
from gradebook.services.marks import Edit
from schoolbook.models import ClassGroup, HomeroomAssignment, School, TeachingAssignment, User

# By how good a pupil is, from 0 to 3; all of it invented.
SUBJECT_COMMENTS = (
    "Cần cố gắng hơn, chú ý nghe giảng.",
    "Có tiến bộ, cần làm bài tập đều.",
    "Nắm vững kiến thức, tích cực phát biểu.",
    "Học rất tốt, tư duy nhanh.",
)
CLASS_COMMENTS = (
    "Còn đi học muộn, cần cố gắng.",
    "Ngoan, cần mạnh dạn hơn.",
    "Chăm ngoan, hòa đồng với bạn bè.",
    "Gương mẫu, tích cực trong mọi hoạt động.",
)
# How far the second term is: these have been entered, a test in the middle of the term in some classes only.
UNDER_WAY = {
    (Component.REGULAR, 1),
    (Component.REGULAR, 2),
    (Component.MONTH, 1),
    (Component.MONTH, 2),
}
MIDDLE = {
    (Component.MIDTERM, 1),
    (Component.LEVEL, 1),
    (Component.TEST, 1),
    *((Component.QUALITY_MIDDLE, number) for number in range(1, 6)),
    *((Component.COMPETENCE_MIDDLE, number) for number in range(1, 11)),
}
NOT_EVERYBODY = {Component.TEST_AGAIN, Component.RETEST, Component.CONDUCT_SUMMER}
ABSENT_OFTEN, COMMENTED_OFTEN, BETTER = 0.004, 0.3, 0.85


@transaction.atomic
def fill(school: School, _system: User) -> None:
    """Let every teacher enter what has been assessed until now; the same every time, and once."""
    if Mark.objects.filter(school=school).exists():
        return
    chance = random.Random(f"marks {school.abbreviation}")  # noqa: S311 - believable, not secret
    groups = list(school.class_groups.order_by("grade", "name"))
    gifts: dict[int, float] = {}
    for turn, (place, actor) in enumerate(_places(groups)):
        book = access.book(actor, place)
        if not book.is_taught:
            continue
        columns = _columns(book, with_middle=turn % 3 == 0)
        edits = list(_edits(book, columns, pupils(book), gifts, chance))
        marks.save(place=place, edits=edits, actor=actor)


def _places(groups: Sequence[ClassGroup]) -> Iterator[tuple[Place, User]]:
    """Every sheet, with who fills it."""
    teaching = TeachingAssignment.objects.filter(
        class_subject__class_group__in=groups, ends_on__isnull=True
    ).select_related("user")
    for row in teaching.order_by("id"):
        for term in TERMS:
            yield Place(term, class_subject_id=row.class_subject_id), row.user
    homerooms = HomeroomAssignment.objects.filter(
        class_group__in=groups, ends_on__isnull=True
    ).select_related("user")
    for led in homerooms.order_by("id"):
        for term in TERMS:
            yield Place(term, class_group_id=led.class_group_id), led.user


def _columns(book: Book, *, with_middle: bool) -> list[Column]:
    if book.term == 1:
        return [column for column in book.columns if column.component not in NOT_EVERYBODY]
    entered = UNDER_WAY | (MIDDLE if with_middle else set())
    return [column for column in book.columns if (column.component, column.number) in entered]


def _edits(
    book: Book,
    columns: Iterable[Column],
    listed: Iterable[Pupil],
    gifts: dict[int, float],
    chance: random.Random,
) -> Iterator[Edit]:
    for pupil in listed:
        if pupil.left_on is not None:
            continue
        gift = gifts.setdefault(pupil.id, chance.gauss(7.2, 1.1))
        here = gift + chance.gauss(0, 0.7)
        for column in columns:
            typed = _typed(column, here, chance, in_class=book.class_subject is None)
            if typed:
                key = UUID(int=chance.getrandbits(128), version=4)
                yield Edit(key, pupil.id, column.component.value, column.number, typed, 0)


def _typed(column: Column, gift: float, chance: random.Random, *, in_class: bool) -> str:
    """What the teacher types: a believable mark, level or remark of a pupil this gifted, now and then V or nothing."""
    if column.kind is ValueKind.TEXT:
        if column.required or chance.random() > COMMENTED_OFTEN:
            return ""
        words = CLASS_COMMENTS if in_class else SUBJECT_COMMENTS
        return words[_step(gift)]
    if column.kind is ValueKind.LEVEL:
        rank = {0: 2, 1: 1}.get(_step(gift + chance.gauss(0, 0.5)), 0)
        if len(column.levels) == len(("Đ", "CĐ")):
            rank = int(gift < 4 and chance.random() > BETTER)  # noqa: PLR2004 - hardly ever
        return column.levels[min(rank, len(column.levels) - 1)]
    if column.component is Component.REGULAR and chance.random() < ABSENT_OFTEN:
        return "V ốm"
    tenths = min(100, max(10, round((gift + chance.gauss(0, 0.8)) * 10)))
    if column.kind is ValueKind.WHOLE:
        return str(round(tenths / 10))
    quarter = round(tenths / 5) * 5  # people mark in halves more often than in tenths
    tenths = quarter if chance.random() < BETTER else tenths
    return f"{tenths // 10},{tenths % 10}"


def _step(gift: float) -> int:
    """From 0 to 3: how good."""
    return sum(gift >= bound for bound in (5.0, 6.5, 8.0))
