"""What a person types into a cell, and what a cell shows: the words and figures of the book. No Django here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gradebook.rules.columns import TESTS, Column, Component, ValueKind, typed_level
from gradebook.rules.entries import as_whole_mark, keyed_mark
from gradebook.rules.errors import RulesError
from gradebook.rules.scheme import AssessedBy, Scheme, SecondaryScheme
from gradebook.rules.shapes import Absence, Cell
from schoolbook.rules.names import plain, tidy

LONGEST_TEXT, LONGEST_NOTE = 1000, 200


class State(StrEnum):
    """What stands in a cell: nothing, a value, V, M, or the zero that a recorded decision put in place of V."""

    BLANK = "blank"
    VALUE = "value"
    ABSENT = "absent"
    EXEMPT = "exempt"
    ZERO = "zero"


class TextTooLong(RulesError):
    """A remark or note longer than the book has room for."""

    template_vi = "Dài quá {most} ký tự, hãy viết gọn hơn."
    template_en = "That is longer than {most} characters; make it shorter."


class DecisionMissing(RulesError):
    """A zero in place of an absence without the decision behind it."""

    template_vi = "Ghi 0 (Chưa đạt) thay cho vắng phải kèm số quyết định, ví dụ “0V 12/QĐ”."
    template_en = "A zero (Chưa đạt) in place of an absence needs the decision, such as “0V 12/QĐ”."


class NotForThisColumn(RulesError):
    """V or M in a column that is no test."""

    template_vi = "Cột này không ghi “{given}”."
    template_en = "This column does not take “{given}”."


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell holds: at most one of `score`, `level`, `text`; as `note`, the reason of V or a zero."""

    state: State = State.BLANK
    score: Decimal | None = None
    level: str = ""
    text: str = ""
    note: str = ""

    @property
    def shown(self) -> str:
        """As the cell shows it and as it can be typed again, with a decimal comma: "8,5", "V ốm", "Đ"."""
        if self.state is State.VALUE:
            if self.score is not None:
                return spelt(self.score)
            return self.level or self.text
        if self.state is State.ABSENT:
            return f"V {self.note}".strip()
        if self.state is State.ZERO:
            return f"0V {self.note}"
        return "M" if self.state is State.EXEMPT else ""

    @property
    def cell(self) -> Cell:
        """What the engine reads: V waits for its make-up test, a recorded zero is a decided absence."""
        if self.state is State.ABSENT:
            return Absence()
        if self.state is State.ZERO:
            return Absence(self.note)
        return self.score if self.score is not None else self.level or None


BLANK = Entry()


def spelt(mark: Decimal) -> str:
    """A mark as the books write it: 8,5 and 10, whole ones without a decimal."""
    text = str(mark)
    return (text[:-2] if text.endswith(".0") else text).replace(".", ",")


_ABSENT = re.compile(r"(?:v|vắng|vang)(?:\s+(?P<note>.*))?", re.IGNORECASE | re.DOTALL)
_ZERO = re.compile(r"(?:0v|cđv|cdv)(?:\s+(?P<note>.*))?", re.IGNORECASE | re.DOTALL)
_EXEMPT = frozenset({"m", "mg", "mien", "mien giam"})


def read(typed: str, column: Column) -> Entry:
    """What was typed into a cell of this column.

    Accepted: nothing; a mark as `keyed_mark` takes it; a level in full or by its initials; V with an optional reason;
    M; "0V" with a decision; in a column of text, anything. Nothing is rounded. Raises RulesError with the sentence.
    """
    if column.kind is ValueKind.TEXT:
        return _text(typed)
    typed = tidy(typed)
    if not typed or typed == "-":
        return BLANK
    absent, zero = _ABSENT.fullmatch(typed), _ZERO.fullmatch(typed)
    if absent or zero or plain(typed) in _EXEMPT:
        if column.component not in TESTS:
            raise NotForThisColumn(given=typed)
        if zero:
            return _zero(zero["note"] or "")
        return Entry(State.ABSENT, note=_note(absent["note"])) if absent else Entry(State.EXEMPT)
    if column.kind is ValueKind.LEVEL:
        return Entry(State.VALUE, level=typed_level(typed, column.levels))
    mark = keyed_mark(typed)
    assert mark is not None  # something was typed
    if column.kind is ValueKind.WHOLE:
        mark = as_whole_mark(mark)
    return Entry(State.VALUE, score=mark)


def _text(typed: str) -> Entry:
    lines = [tidy(line) for line in unicodedata.normalize("NFC", typed).splitlines()]
    text = "\n".join(lines).strip()
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(most=LONGEST_TEXT)
    return Entry(State.VALUE, text=text) if text else BLANK


def _note(text: str | None) -> str:
    note = tidy(text or "")
    if len(note) > LONGEST_NOTE:
        raise TextTooLong(most=LONGEST_NOTE)
    return note


def _zero(text: str) -> Entry:
    note = _note(text)
    if not note:
        raise DecisionMissing()
    return Entry(State.ZERO, note=note)


def taken_over(
    scheme: Scheme, component: Component, assessed_by: AssessedBy | None, term: int
) -> Column | None:
    """The column of a result that another system computed; None where the sheet has no such result."""
    if assessed_by is None or not isinstance(scheme, SecondaryScheme):
        return None
    if component is Component.YEAR_RESULT and term == 1:
        return None
    if assessed_by is AssessedBy.SCORE:
        return Column(component, 1, ValueKind.MARK, component.value)
    return Column(component, 1, ValueKind.LEVEL, component.value, levels=scheme.comment_levels)
