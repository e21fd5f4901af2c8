"""Names of people, schools and accounts, as plain text. No Django here.

Vietnamese text is kept in NFC, so that "ế" typed as one code point or as three is the same name.
"""

from __future__ import annotations

import re
import unicodedata

ABBREVIATION = re.compile(r"[a-z0-9]{2,20}")


def tidy(text: str) -> str:
    """The text in NFC, without spaces around it and with single spaces inside, without control characters.

    Direction marks go too: they can make a name read as another one.
    """
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(" " if ch.isspace() else ch for ch in composed if _is_visible(ch))
    return " ".join(visible.split())


def _is_visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}


def plain(text: str) -> str:
    """The text in lower case without Vietnamese diacritics: "Đặng Thị Tâm" becomes "dang thi tam"."""
    folded = text.lower().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", folded)
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch))


def is_abbreviation(text: str) -> bool:
    """Whether the text can stand after the point of a user name (R-017, R-018).

    Lower-case letters without diacritics and digits, 2 to 20 of them.
    """
    return ABBREVIATION.fullmatch(text) is not None


def username(full_name: str, abbreviation: str, number: int = 1) -> str:
    """The user name that the provincial rule gives (R-017, regulation 004 Article 3.2a).

    Given name, initials of family and middle names, a point, the abbreviation of the school: "Hồ Thị Mai" at
    `thcshm` is `maiht.thcshm`. The rule says nothing of namesakes: the second gets the number 2 before the point
    (R-019).

    Raises ValueError when the name has no letter or the abbreviation is none.
    """
    words = re.findall(r"[a-z]+", plain(full_name))
    if not words:
        raise ValueError(f"no user name can be made of {full_name!r}")
    if not is_abbreviation(abbreviation):
        raise ValueError(f"{abbreviation!r} is not an abbreviation")
    initials = "".join(word[0] for word in words[:-1])
    suffix = str(number) if number > 1 else ""
    return f"{words[-1]}{initials}{suffix}.{abbreviation}"
