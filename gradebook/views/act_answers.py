"""What a script is told of an act: as JSON, cell by cell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from gradebook.rules.typed import spelt
from gradebook.rules.verdicts import from_json
from gradebook.selectors.sheet import sheet
from gradebook.services.acts import Done, NotAsShown
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
    results = {
        str(pk): {
            period: spelt(result.average) if result.average is not None else result.level or ""
            for period, result in computed.by_period.items()
        }
        for outcome in found.outcomes
        for pk, computed in outcome.results.items()
    }
    missing = sum(sheet(outcome.book).missing for outcome in found.outcomes)
    more = {"undo": undo} if undo else {}
    return JsonResponse({"answers": answers, "results": results, "missing": missing, **more})


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
