"""What a script is told of an act: as JSON, cell by cell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from gradebook.rules.typed import spelt
from gradebook.rules.verdicts import from_json
from gradebook.selectors.results import stored
from gradebook.selectors.sheet import sheet, shown_periods
from gradebook.services.acts import Done, NotAsShown
from gradebook.services.marks import Outcome
from schoolbook.errors import Invalid

JSON = "application/json"


def is_fetch(request: HttpRequest) -> bool:
    """Whether a script asks, and not a person's form."""
    return request.get_preferred_type(["text/html", JSON]) == JSON


def looked(act: Any) -> JsonResponse:
    """What an act would do."""
    cells = [
        {
            "student": cell.student_id,
            "component": cell.component,
            "number": cell.number,
            "verdict": cell.verdict.value,
            "before": cell.before,
            "after": cell.after,
            "sentence": cell.sentence,
        }
        for part in from_json(act.content)
        for cell in part.cells
    ]
    counts = {name: getattr(act, name) for name in ("new", "changed", "same", "refused")}
    apply = reverse("gradebook:apply_act", kwargs={"act_id": act.pk})
    return JsonResponse({"act": act.pk, **counts, "cells": cells, "apply": apply})


def done(found: Done, *, undo: str = "") -> JsonResponse:
    """What an act did: the cells as they stand, the results that follow, and how many marks are still missing."""
    answers = [_answer(one) for one in found.answers]
    results: dict[str, dict[str, str]] = {}
    for outcome in found.outcomes:
        results |= _results(outcome)
    missing = sum(sheet(outcome.book).missing for outcome in found.outcomes)
    more = {"undo": undo} if undo else {}
    return JsonResponse({"answers": answers, "results": results, "missing": missing, **more})


def _results(outcome: Outcome) -> dict[str, dict[str, str]]:
    """The results of the pupils by period: as they were just worked out or, for an act sent again, as they stand."""
    figures: dict[tuple[int, str], Any] = {
        (pk, period): result
        for pk, computed in outcome.results.items()
        for period, result in computed.by_period.items()
    }
    pupils = {one.edit.student_id for one in outcome.answers}
    shown_here = shown_periods(outcome.book)
    found = {str(pk): dict.fromkeys(shown_here, "") for pk in pupils} if shown_here else {}
    for (pk, period), result in (figures or stored(outcome.book)).items():
        if pk in pupils:
            shown = result.level or "" if result.average is None else spelt(result.average)
            found[str(pk)][period] = shown
    return found


def _answer(one: Any) -> dict[str, object]:
    return {
        "student": one.edit.student_id,
        "component": one.edit.component,
        "number": one.edit.number,
        "key": str(one.edit.key),
        "status": one.status.value,
        "shown": one.shown,
        "version": one.version,
        "sentence": one.sentence,
    }


def not_done(error: NotAsShown | Invalid) -> JsonResponse:
    """Why nothing was written, and which cells stand in the way."""
    if isinstance(error, Invalid):
        sentence, cells = " ".join(map(str, error.errors.values())), []
    else:
        sentence = error.sentence
        cells = [
            {
                "student": one.student_id,
                "component": one.component,
                "number": one.number,
                "sentence": one.sentence,
            }
            for one in error.cells
        ]
    return JsonResponse({"sentence": sentence, "cells": cells}, status=409)
