"""The process itself: a kind as argument, a file as standard input; out comes a line of JSON, then the file anew.

Whatever goes wrong in it, at worst the process ends: it has little memory and time, no environment, and can start
nothing.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

# Started alone (`python -I`), it knows the installed packages only.
sys.path.append(str(Path(__file__).resolve().parents[2]))

from schoolbook.untrusted import pdfs, pictures
from schoolbook.untrusted.terms import (
    ANSWER,
    MEMORY,
    WORK,
    Kind,
    Refusal,
    Unwelcome,
)


def limit() -> None:
    """Give up what it does not need; nothing gives it back."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, WORK),
        (resource.RLIMIT_FSIZE, ANSWER),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    # Where the whole machine runs out of memory, this is what ends first.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def answer(kind: Kind, content: bytes) -> tuple[dict[str, str], bytes]:
    """What to say of the file, and the file as it is to be kept."""
    try:
        kept = pdfs.rewritten(content) if kind is Kind.PDF else pictures.rewritten(content, kind)
    except Unwelcome as unwelcome:
        return {"refused": unwelcome.refusal}, b""
    except MemoryError:
        return {"refused": Refusal.TOO_MUCH}, b""
    except Exception as error:  # whatever a library says of a file that is not as it should be
        return {"refused": Refusal.DAMAGED, "because": type(error).__name__}, b""
    return {"kind": kind}, kept


if __name__ == "__main__":
    limit()
    said, file = answer(Kind(sys.argv[1]), sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + file)
    sys.stdout.buffer.flush()
