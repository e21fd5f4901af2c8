"""What the chain of a sheet says of a row of history, exactly as `gradebook_mark_said` in the database does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from schoolbook.rules.chain import canonical, digest, moment


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the history of marks."""

    sheet_id: int
    link_number: int
    link: str
    history_id: int
    id: int
    school_id: int
    student_id: int
    component: str
    number: int
    state: str
    score: Decimal | None
    level: str
    text: str
    note: str
    origin: str
    source: str
    version: int
    history_type: str
    history_change_reason: str | None
    history_user_id: int
    actor_name: str
    request_id: str
    client_key: UUID | None
    act_id: int | None
    dispensation_id: int | None
    history_date: datetime


def said(row: Row, previous: str) -> str:
    """The text of a row whose link follows `previous`, "" for the first of its sheet."""
    return canonical(
        [
            1,
            row.sheet_id,
            row.link_number,
            previous,
            row.history_id,
            row.id,
            row.school_id,
            row.student_id,
            row.component,
            row.number,
            row.state,
            None if row.score is None else str(row.score),
            row.level,
            row.text,
            row.note,
            row.origin,
            row.source,
            row.version,
            row.history_type,
            row.history_change_reason,
            row.history_user_id,
            row.actor_name,
            row.request_id,
            None if row.client_key is None else str(row.client_key),
            row.act_id,
            row.dispensation_id,
            moment(row.history_date),
        ]
    )


def link(row: Row, previous: str) -> str:
    """The link that the row has to have."""
    return digest(said(row, previous))
