"""Approved corrections in tests, through the service that writes them; and an app that handles requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.http import urlencode

from gradebook.models import Mark
from gradebook.selectors.books import Place
from gradebook.services import corrections
from schoolbook import registry
from tests import cast


def correct(
    where: Place,
    text: str,
    cell: tuple[str, int] = ("final", 1),
    *,
    pupil: str = cast.PUPILS[0],
    number: int = 12,
) -> None:
    """Write what a request of this number, approved by Bình, asked for; An writes it."""
    student = cast.pupil(pupil)
    kept = Mark.objects.filter(
        sheet__term=where.term,
        sheet__class_subject=where.class_subject_id,
        student=student,
        component=cell[0],
        number=cell[1],
    ).first()
    corrections.apply_correction(
        place=where,
        student_id=student.pk,
        wanted=[corrections.Corrected(*cell, kept.version if kept else 0, text)],
        approval=corrections.Approval(number, cast.user(cast.BINH), "Cộng nhầm điểm"),
        actor=cast.user(cast.AN),
    )


@contextmanager
def handled() -> Iterator[None]:
    """Lets some app handle requests for corrections."""
    usual = registry.corrections
    registry.corrections = registry.Corrections()
    registry.corrections.provide(
        lambda asked: f"/corrections/file/?{urlencode(asked)}",
        lambda number: f"/corrections/{number}/",
    )
    try:
        yield
    finally:
        registry.corrections = usual


@contextmanager
def unhandled() -> Iterator[None]:
    """Lets no app handle them."""
    usual = registry.corrections
    registry.corrections = registry.Corrections()
    try:
        yield
    finally:
        registry.corrections = usual
