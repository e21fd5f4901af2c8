"""`python -m gradebook.rules FILE`: questions in, one JSON object a line; answers out, in order.

FILE may be `-` for standard input. Ends with 0 when every line was read, with 2 when the file
cannot be read or a line is no JSON object; the line's number is then named. Needs the standard
library only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NoReturn, cast

from gradebook.rules.command import answer

USAGE = "usage: python -m gradebook.rules FILE   (- reads standard input)"
FAILED = 2


def main(arguments: Sequence[str]) -> int:
    """Answer every line of the file named, and return the exit status."""
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        _say(USAGE)
        return FAILED
    try:
        lines = _lines(arguments[0])
    except (OSError, UnicodeDecodeError) as failure:
        _say(f"cannot read {arguments[0]}: {failure}")
        return FAILED
    status = 0
    for number, line in lines:
        question = _question(line)
        if question is None:
            _say(f"line {number} is not a JSON object")
            status = FAILED
            continue
        _write(answer(question))
    return status


def _lines(name: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    text = raw.decode("utf-8-sig")
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _question(line: str) -> dict[str, object] | None:
    try:
        read = json.loads(line, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return cast("dict[str, object]", read) if isinstance(read, dict) else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _write(result: dict[str, object]) -> None:
    text = "{" + ", ".join([f'"{name}": {_json(value)}' for name, value in result.items()]) + "}"
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _json(value: object) -> str:
    """A number with decimals, which only an id can be, as it was read; no float comes between."""
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
