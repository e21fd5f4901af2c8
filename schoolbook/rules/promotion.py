"""How classes and subjects go on from one year to the next. No Django here."""

from __future__ import annotations

import re
from collections.abc import Collection


def next_name(name: str, grade: int) -> str:
    """What a class is called a grade higher: "6A1" becomes "7A1". A name that does not say its grade stays."""
    found = re.match(r"(\D*)(\d+)(.*)", name, re.DOTALL)
    if found is None or int(found[2]) != grade:
        return name
    return f"{found[1]}{grade + 1}{found[3]}"


def goes_on(code: str, *, usual_before: Collection[str], usual_after: Collection[str]) -> bool:
    """Whether a class keeps a subject a grade higher: unless it is usual before and not after."""
    return code not in usual_before or code in usual_after


def begins(usual_before: Collection[str], usual_after: Collection[str]) -> set[str]:
    """The subjects that begin in the grade: usual there and not before."""
    return set(usual_after) - set(usual_before)
