"""Comparing what is in the database with what the clients were told: nothing lost, nothing wrong, nothing doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from bench.teachers import Ledger
from gradebook.models import Mark
from gradebook.selectors.books import entry_of
from schoolbook.models import User
from schoolbook.selectors import verification
from schoolbook.selectors.verifying import steady
from schoolbook.services import chain

UNEQUAL = """
SELECT count(*) FROM gradebook_mark m JOIN LATERAL (
    SELECT * FROM gradebook_historicalmark h WHERE h.id = m.id ORDER BY history_id DESC LIMIT 1
) h ON true
WHERE (m.state, m.score, m.level, m.text, m.note, m.version)
    IS DISTINCT FROM (h.state, h.score, h.level, h.text, h.note, h.version)
    OR m.version <> (SELECT count(*) FROM gradebook_historicalmark c WHERE c.id = m.id)
"""


@dataclass
class Verdict:
    """How many edits were acknowledged, and what is wrong with how many."""

    acknowledged: int
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not sum(self.wrong.values())


def compare(ledgers: Iterable[Ledger]) -> Verdict:
    """Look each acknowledged edit up by its key, and every mark's history; half-applied ones are counted, too."""
    ledgers = list(ledgers)
    kept: dict[str, Any] = {}
    doubled = 0
    for row in Mark.history.filter(client_key__isnull=False).select_related("sheet").iterator():
        key = str(row.client_key)
        doubled += key in kept
        kept[key] = row
    verdict = Verdict(sum(len(ledger.acknowledged) for ledger in ledgers))
    verdict.wrong["doubled"] = doubled
    for ledger in ledgers:
        for key, (cell, shown, version) in ledger.acknowledged.items():
            row = kept.get(key)
            if row is None:
                verdict.wrong["lost"] += 1
                continue
            found = (
                row.sheet.class_subject_id,
                row.sheet.term,
                row.student_id,
                row.component,
                row.number,
            )
            told = (cell.class_subject, cell.term, cell.student, cell.component, cell.number)
            if found != told or (entry_of(row).shown, row.version) != (shown, version):
                verdict.wrong["wrong"] += 1
    sent = set().union(*(ledger.sent for ledger in ledgers))
    verdict.wrong["never sent"] = len(set(kept) - sent)
    with connection.cursor() as cursor:
        cursor.execute(UNEQUAL)
        verdict.wrong["half applied"] = cursor.fetchone()[0]
    verdict.wrong["found by verify_audit"] = _found()
    return verdict


def _found() -> int:
    """What the verification of all chains says, with heads that are gathered now."""
    chain.gather_all(actor=User.objects.system())
    with steady():
        return sum(1 for _finding in verification.findings(None, []))
