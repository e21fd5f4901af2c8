"""A sheet with a history, for tests that tamper with it as superuser."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gradebook.models import Mark, MarkSheet, SignOff
from schoolbook.models import ActLink, Gathering, School, User
from schoolbook.services import chain, rows
from tests import cast
from tests.gradebook.book import class_place, place
from tests.gradebook.closing import typed

HISTORY = "gradebook_historicalmark"
COPIED = (
    "id, school_id, sheet_id, student_id, component, number, state, level, text, note, origin, source,"
    " history_type, history_user_id, actor_name, request_id"
)
OFF = "ALTER TABLE gradebook_mark DISABLE TRIGGER USER"
ON = "ALTER TABLE gradebook_mark ENABLE TRIGGER USER"
RELINK = """
DO $$
DECLARE line gradebook_historicalmark; sheet bigint := 0; n integer; before text;
BEGIN
    FOR line IN SELECT * FROM gradebook_historicalmark ORDER BY sheet_id, link_number, history_id LOOP
        IF line.sheet_id <> sheet THEN sheet := line.sheet_id; n := 0; before := ''; END IF;
        n := n + 1; line.link_number := n; line.link := before;
        before := encode(sha256(convert_to(gradebook_mark_said(line), 'UTF8')), 'hex');
        UPDATE gradebook_historicalmark SET link_number = n, link = before WHERE history_id = line.history_id;
    END LOOP;
END
$$
"""


def gather(school: School | None = None) -> Gathering | None:
    """Gather the heads of Sông Lam, or of another."""
    return chain.gather(school=school or cast.song_lam(), actor=User.objects.system())


def write() -> None:
    """Five saves on one sheet, one on another and one on the class's, gathered."""
    for number, text in enumerate(("8", "7,5", "6", "9"), start=1):
        typed(place(), text, ("regular", number))
    typed(place(), "5", ("regular", 1), seen=1)
    typed(place(term=2), "10")
    typed(class_place(), "Tốt", ("conduct", 1), person=cast.LAN)
    gather()


def row(number: int) -> Any:
    """The row of this number in the chain of Toán in 6A, term 1."""
    kept: Any = Mark.history
    return kept.get(sheet__class_subject__subject__code="toan", sheet__term=1, link_number=number)


def changed(at: Any, score: int, version: int) -> list[str]:
    """Statements that change a mark and add a row of history, as a service would."""
    return [
        f"UPDATE gradebook_mark SET score = {score}, version = {version} WHERE id = {at.id}",
        f"INSERT INTO {HISTORY} ({COPIED}, score, version, history_date) SELECT {COPIED}, {score},"
        f" {version}, now() FROM {HISTORY} WHERE history_id = {at.history_id}",
    ]


def sign(sheet: MarkSheet, actor: User) -> SignOff:
    """Confirm a sheet as it stands."""
    kept: Any = Mark.history
    newest = kept.filter(sheet=sheet).latest("link_number")
    with transaction.atomic():
        return rows.enter(
            SignOff(
                school=sheet.school,
                sheet=sheet,
                signed_by=actor,
                signed_at=timezone.now(),
                cells=5,
                digest="0" * 64,
                link_number=newest.link_number,
            ),
            actor=actor,
        )


def links() -> QuerySet[ActLink]:
    """The acts of Sông Lam."""
    return ActLink.objects.filter(school=cast.song_lam()).order_by("number")
