"""The sheet of Toán in 6A: its addresses, and edits as a script sends them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from schoolbook.models import ClassSubject
from schoolbook.services import drafts
from tests import cast
from tests.cast import Person


def maths(name: str = "6A") -> ClassSubject:
    """Toán of a class."""
    return ClassSubject.objects.get(class_group=cast.class_group(name), subject__code="toan")


def address(term: int = 1, *, save: bool = False) -> str:
    """Of the sheet of Toán in 6A."""
    name = "gradebook:save_subject_sheet" if save else "gradebook:subject_sheet"
    return reverse(name, kwargs={"class_subject_id": maths().pk, "term": term})


def edit(
    typed: str,
    *,
    pupil: str = cast.PUPILS[0],
    seen: int = 0,
    key: UUID | None = None,
    component: str = "regular",
    number: int = 1,
) -> dict[str, Any]:
    """One edit as a script sends it."""
    return {
        "key": str(key or uuid4()),
        "student": cast.pupil(pupil).pk,
        "component": component,
        "number": number,
        "typed": typed,
        "seen": seen,
    }


def send(client: Client, *edits: dict[str, Any], account: Person = cast.CHI, term: int = 1) -> Any:
    """Send a batch of edits of an account."""
    body = {"account": drafts.account(cast.user(account)), "edits": edits}
    return send_raw(client, json.dumps(body), term=term)


def send_raw(client: Client, body: str | bytes, term: int = 1) -> Any:
    """Send anything as a batch."""
    return client.post(
        address(term, save=True),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )
