"""Names of people, schools and accounts, as plain text. No Django here.

Vietnamese text is kept in NFC, so that "ế" typed as one code point or as three is the same name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ABBREVIATION = re.compile(r"[a-z0-9]{2,20}")
# The letters that Vietnamese adds to the alphabet, and where they stand among those that share a base.
BREVE, CIRCUMFLEX, HORN = "\u0306", "\u0302", "\u031b"
RANKS = {
    "a": "a0",
    "a" + BREVE: "a1",
    "a" + CIRCUMFLEX: "a2",
    "d": "d0",
    "đ": "d1",
    "e": "e0",
    "e" + CIRCUMFLEX: "e1",
    "o": "o0",
    "o" + CIRCUMFLEX: "o1",
    "o" + HORN: "o2",
    "u": "u0",
    "u" + HORN: "u1",
}
# Huyền, hỏi, ngã, sắc, nặng: the order of dictionaries; ngang, which has no mark, is "1".
TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
# "Hoà" and "Hòa", "Thuý" and "Thúy" are one name in two spellings: the mark stands on either of two vowels.
OPEN_GLIDE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])$")
APOSTROPHES = re.compile("['’ʼ‘`´]")


@dataclass(frozen=True)
class Name:
    """A full name in its parts; what is not there is empty."""

    family: str
    middle: str
    given: str


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


def split_name(full_name: str) -> Name:
    """Family name, middle names and given name: the first word, what is between, the last word.

    A single word is a given name. Two words of a double family name cannot be told from a middle name.
    """
    words = tidy(full_name).split()
    if not words:
        return Name("", "", "")
    return Name(words[0] if len(words) > 1 else "", " ".join(words[1:-1]), words[-1])


def sort_key(full_name: str) -> str:
    """What to sort people by, as a school expects: given name first, then family and middle names.

    Word by word, the letters decide in the order of the alphabet (a ă â b c d đ e ê …, with f j w z where Vietnamese
    dictionaries put them), then the tone (ngang, huyền, hỏi, ngã, sắc, nặng). Case, spaces, punctuation and the form
    in which the text was typed make no difference, nor where a tone mark stands in its syllable.

    The key is ASCII and is compared byte by byte: store it in a column with COLLATE "C". A Vietnamese name needs less
    than twice its length and one more for each word; a letter of another script needs 7.
    """
    words = _words(full_name)
    return "".join(_word_key(word) for word in words[-1:] + words[:-1])


def _word_key(word: str) -> str:
    # A tone (1 to 6) ends the word. It sorts before any letter, so that "An" and "Án" stand before "Anh".
    letters, tones = [], ""
    for letter, tone in _letters(word):
        tones += tone
        if letter in RANKS:
            letters.append(RANKS[letter])
        elif letter.isascii():
            letters.append("9" + letter if letter.isdigit() else letter)
        else:
            letters.append(f"~{ord(letter[0]):06x}")
    return "".join(letters) + (tones or "1")


def _letters(word: str) -> list[tuple[str, str]]:
    """Each letter of the word, decomposed and without its tone, and that tone; foreign marks are dropped."""
    found: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFD", word):
        letter, tone = found[-1] if found else ("", "")
        if not unicodedata.combining(character):
            found.append((character, ""))
        elif character in TONES:
            found[-1:] = [(letter, tone + TONES[character])]
        elif letter + character in RANKS:
            found[-1:] = [(letter + character, tone)]
    return [pair for pair in found if pair[0]]


def _words(text: str) -> list[str]:
    """The words in lower case, in NFC, without punctuation; an apostrophe joins what it stands between."""
    joined = APOSTROPHES.sub("", tidy(text.lower()))
    return "".join(
        ch if ch.isalnum() or unicodedata.combining(ch) else " " for ch in joined
    ).split()


def search_key(text: str) -> str:
    """The words of a text in lower case without diacritics, for search and for comparing headings."""
    return " ".join(_words(plain(text)))


def exact_key(text: str) -> str:
    """The words of a text in lower case with their diacritics, "hoà" spelt as "hòa"."""
    return " ".join(OPEN_GLIDE.sub(_earlier_tone, word) for word in _words(text))


def _earlier_tone(match: re.Match[str]) -> str:
    glide, vowel = match[0][0], match[0][1]
    apart = unicodedata.normalize("NFD", vowel)
    return unicodedata.normalize("NFC", glide + apart[1:]) + apart[0]


def search_terms(query: str) -> tuple[list[str], list[tuple[str, str]]]:
    """What to look for: beginnings of words in the `search_key`, and beginnings of words in the `exact_key`.

    A word typed without diacritics finds all that are written with any; a word typed with diacritics finds exactly
    those. For the latter there are two spellings, of which one is enough: "hoà" may become "Hòa" or "Hoàng". In a
    database, store both keys with a space in front and ask for each term with a space in front.
    """
    words = _words(query)
    return (
        [word for word in words if plain(word) == word],
        [(word, exact_key(word)) for word in words if plain(word) != word],
    )


def matches(query: str, text: str) -> bool:
    """Whether every word of the query begins a word of the text, see `search_terms`. An empty query finds all."""
    without, exactly = search_terms(query)
    in_plain, in_exact = f" {search_key(text)}", f" {exact_key(text)}"
    return all(f" {word}" in in_plain for word in without) and all(
        any(f" {word}" in in_exact for word in spellings) for spellings in exactly
    )
