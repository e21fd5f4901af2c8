"""What a script is told of the cells it sent."""

from __future__ import annotations

from typing import Any

from gradebook.rules.typed import spelt
from gradebook.selectors.books import Book
from gradebook.selectors.entering import missing
from gradebook.services.marks import Answer, Outcome
from gradebook.views.sheet_state import may_file_after
from schoolbook.jinja import format_date_time


def answers_of(outcome: Outcome) -> dict[str, Any]:
    """The answers in the order of the edits, the results of the pupils concerned, and how many marks are missing."""
    return {
        "answers": [answer_of(answer, outcome.book) for answer in outcome.answers],
        "results": results_of(outcome),
        "missing": missing(outcome.book),
    }


def answer_of(answer: Answer, book: Book) -> dict[str, Any]:
    """One answer, in words where a person will read it."""
    edit = answer.edit
    return {
        "key": str(edit.key),
        "student": edit.student_id,
        "component": edit.component,
        "number": edit.number,
        "status": answer.status.value,
        "shown": answer.shown,
        "version": answer.version,
        "sentence": answer.sentence,
        "file": may_file_after(book, answer.why),
        "author": answer.author,
        "at": format_date_time(answer.at) if answer.at else "",
    }


def results_of(outcome: Outcome) -> dict[str, dict[str, str]]:
    """The computed figures by pupil and period, as the sheet shows them."""
    found: dict[str, dict[str, str]] = {}
    for student, results in outcome.results.items():
        found[str(student)] = {
            period: spelt(result.average) if result.average is not None else result.level or ""
            for period, result in results.by_period.items()
        }
    return found
