"""Which passwords say too much about their owner or the school (ASVS 5.0, 6.2.11). No Django here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schoolbook.rules import names

PRODUCT = "schoolbook"
# A context word of so many letters spoils a password by itself; shorter ones only where little else remains.
TELLING = 6
ENOUGH_OF_ONES_OWN = 4


def words_about(*texts: str) -> set[str]:
    """The words of names and abbreviations, and all of each run together, in plain lower-case letters."""
    found = {PRODUCT}
    for text in texts:
        words = re.findall(r"[a-z0-9]+", names.plain(text))
        found.update(word for word in words if len(word) > 1)
        found.add("".join(words))
    return found - {""}


def tells_too_much(password: str, words: Iterable[str]) -> bool:
    """Whether the password holds a telling word, or little more than context words and figures."""
    rest = "".join(re.findall(r"[a-z0-9]+", names.plain(password)))
    for word in sorted(words, key=len, reverse=True):
        if word in rest:
            if len(word) >= TELLING:
                return True
            rest = rest.replace(word, " ")
    touched = " " in rest
    return touched and len(re.findall(r"[a-z]", rest)) < ENOUGH_OF_ONES_OWN
