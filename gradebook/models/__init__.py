"""Sheets, marks, acts over many of them, and results."""

from gradebook.models.acts import ActKind, ActState, EntryAct
from gradebook.models.results import ResultPeriod, SubjectResult
from gradebook.models.sheets import Mark, MarkSheet, Origin, Phrase, ResultCheck

__all__ = [
    "ActKind",
    "ActState",
    "EntryAct",
    "Mark",
    "MarkSheet",
    "Origin",
    "Phrase",
    "ResultCheck",
    "ResultPeriod",
    "SubjectResult",
]
