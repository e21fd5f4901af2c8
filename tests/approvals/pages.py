"""What tests of the pages of those who deal with requests have in common."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals.models import CorrectionRequest
from approvals.services import expiring
from gradebook.models import Mark
from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import lock, typed, unlock


def close_class() -> None:
    """Fill Toán of 6A with a term of marks of every pupil, 6,5 the last of each, and lock it."""
    cells = {**book.TERM_OF_MARKS, ("final", 1): "6,5"}
    book.fill(book.place(), cast.user(cast.CHI), dict.fromkeys(book.pupils(), cells))
    lock()


def path(row: CorrectionRequest, name: str = "correction") -> str:
    """The address of a request, or of a step of it."""
    return reverse(f"approvals:{name}", args=[row.pk])


def change_meanwhile(row: CorrectionRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the last mark of the pupil of a request change while nobody tells the app of corrections."""
    with monkeypatch.context() as patched:
        patched.setattr(expiring, "expire_overtaken", lambda **_news: None)
        unlock(class_group_id=row.class_group_id)
        seen = Mark.objects.get(student=row.student, component="final").version
        answer = typed(book.place(), "4", pupil=row.student.full_name, seen=seen)
    assert not answer.sentence
