"""Sheets, marks, acts over many of them, results, and what opens and closes them."""

from gradebook.models.acts import ActKind, ActState, EntryAct
from gradebook.models.closing import (
    BookKind,
    Dispensation,
    Freezes,
    FrozenStanding,
    LockAct,
    LockKind,
    LockState,
    SignOff,
)
from gradebook.models.results import ResultPeriod, SubjectResult
from gradebook.models.sheets import Mark, MarkSheet, Origin, Phrase, ResultCheck
from gradebook.models.watching import BookRemark, Lateness, MonthFigure
from gradebook.models.windows import PlanState, Window, WindowPlan

__all__ = [
    "ActKind",
    "ActState",
    "BookKind",
    "BookRemark",
    "Dispensation",
    "EntryAct",
    "Freezes",
    "FrozenStanding",
    "Lateness",
    "LockAct",
    "LockKind",
    "LockState",
    "Mark",
    "MarkSheet",
    "MonthFigure",
    "Origin",
    "Phrase",
    "PlanState",
    "ResultCheck",
    "ResultPeriod",
    "SignOff",
    "SubjectResult",
    "Window",
    "WindowPlan",
]
