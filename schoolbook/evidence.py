"""Files of evidence: what is taken, and in which form it is kept (decision 0011).

A file is what its content says. What is kept is written anew from its pages or pixels, by a process of its own; the
SHA-256 of the file as it came is kept beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

import structlog
from django.utils.translation import gettext_lazy as _

from schoolbook import untrusted
from schoolbook.errors import Invalid
from schoolbook.rules.names import tidy
from schoolbook.untrusted.terms import (
    ANSWER,
    MEGABYTE,
    PAGES,
    PIXELS,
    TIME,
    Kind,
    Refusal,
    Unwelcome,
    kind_of,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = structlog.get_logger(__name__)

# What a form lets people choose from; what comes is looked at all the same.
ACCEPT = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
}
ENDINGS = {Kind.PDF: ".pdf", Kind.JPEG: ".jpg", Kind.PNG: ".png"}
LONGEST_NAME = 120
NAMELESS = "minh chứng"
# One at a time in each process: a server has little memory, and most files take a fraction of a second.
_TURN = BoundedSemaphore()
_WAIT = 10  # seconds
_PROGRAM = Path(untrusted.__file__).with_name("__main__.py")

SENTENCES: dict[Refusal, StrOrPromise] = {
    Refusal.EMPTY: _("There is nothing in this file. Check that you have chosen the right one."),
    Refusal.TOO_BIG: _("The file is bigger than %(megabytes)s MB. Scan it anew in less detail."),
    Refusal.WRONG_TYPE: _(
        "Only PDF, JPEG and PNG files are evidence. Save or photograph it as one of these."
    ),
    Refusal.DAMAGED: _(
        "The file is damaged or not complete. Open it, save it under a new name and choose the new file."
    ),
    Refusal.PASSWORD: _(
        "The PDF is protected with a password. Save it without one and choose the new file."
    ),
    Refusal.ACTIVE: _(
        "The PDF holds more than pages: a program, an attached file, a film, or a form that acts. "
        "Print it into a new PDF and choose that."
    ),
    Refusal.TOO_MANY_PAGES: _("The PDF has more than %(pages)s pages. Choose those that matter."),
    Refusal.TOO_MUCH: _(
        "The file holds far more than can be seen. Print it into a new PDF, or photograph it, and choose that."
    ),
    Refusal.TOO_MANY_PIXELS: _(
        "The picture has more than %(pixels)s million dots. Take it again in less detail."
    ),
    Refusal.MOVING: _("This is a moving picture. Choose one that stands still."),
    Refusal.BUSY: _("Too many files are being looked at just now. Send it again in a minute."),
}


@dataclass(frozen=True, slots=True)
class Clean:
    """A file of evidence as it is to be kept, and what it was when it came."""

    kind: Kind
    content: bytes
    received_sha256: str
    name: str


def cleaned(content: bytes, name: str, *, limit: int) -> Clean:
    """Look at a file that somebody sent as evidence, and write it anew; `limit` is in bytes.

    It takes a fraction of a second, at worst half a minute: call it before rows are locked. Raises Invalid with a
    sentence for "file" for everything that is not taken.
    """
    try:
        kind = _kind(content, limit)
        kept = _rewritten(content, kind)
    except Unwelcome as unwelcome:
        raise Invalid({"file": sentence(unwelcome.refusal, limit=limit)}) from unwelcome
    received = hashlib.sha256(content).hexdigest()
    return Clean(kind, kept, received, display_name(name, kind))


def sentence(refusal: Refusal, *, limit: int = 0) -> str:
    """Why a file is not taken, for the person who chose it."""
    numbers = {"megabytes": limit // MEGABYTE, "pages": PAGES, "pixels": PIXELS // 10**6}
    return str(SENTENCES[refusal]) % numbers


def display_name(name: str, kind: Kind) -> str:
    """What the file is called where it is listed and when it is fetched: no folder, nothing that cannot be seen.

    The ending is that of what it is.
    """
    last = re.split(r"[/\\]", name.replace("\x00", "/"))[-1]
    stem = re.sub(r"\.[A-Za-z][A-Za-z0-9]{0,4}$", "", tidy(last)).strip(" .")
    ending = ENDINGS[kind]
    return (stem[: LONGEST_NAME - len(ending)].rstrip(" .") or NAMELESS) + ending


def _kind(content: bytes, limit: int) -> Kind:
    if not content:
        raise Unwelcome(Refusal.EMPTY)
    if len(content) > limit:
        raise Unwelcome(Refusal.TOO_BIG)
    kind = kind_of(content)
    if kind is None:
        raise Unwelcome(Refusal.WRONG_TYPE)
    return kind


def _rewritten(content: bytes, kind: Kind) -> bytes:
    """What the other process makes of the file. Raises Unwelcome."""
    if not _TURN.acquire(timeout=_WAIT):
        raise Unwelcome(Refusal.BUSY)
    try:
        code, answer = _run(content, kind)
    finally:
        _TURN.release()
    head, _line, kept = answer.partition(b"\n")
    said = _said(head) if code == 0 else {}
    if said.get("kind") == kind and kind_of(kept) is kind:
        return kept
    refusal = said.get("refused")
    if refusal is None:
        # It was ended, for its time or memory, or ended itself.
        log.warning("evidence_not_read", kind=kind.value, size=len(content), code=code)
        raise Unwelcome(Refusal.TOO_MUCH)
    raise Unwelcome(Refusal(refusal))


def _said(head: bytes) -> dict[str, Any]:
    try:
        said = json.loads(head)
    except ValueError:
        return {}
    known = isinstance(said, dict) and said.get("refused", Refusal.DAMAGED) in set(Refusal)
    return said if known else {}


def _run(content: bytes, kind: Kind) -> tuple[int, bytes]:
    """How the process ended (negative: by which signal), and what it answered.

    Both files are in memory and have no name. It inherits nothing: no environment, no open file, no folder.
    """
    with open(os.memfd_create("in"), "w+b") as sent, open(os.memfd_create("out"), "w+b") as got:
        sent.write(content)
        sent.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own program, and one of three words
            [sys.executable, "-I", str(_PROGRAM), kind.value],
            stdin=sent,
            stdout=got,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        try:
            code = process.wait(TIME)
        except subprocess.TimeoutExpired:
            code = -9
        finally:
            process.kill()
            process.wait()
        got.seek(0)
        return code, got.read(ANSWER)
