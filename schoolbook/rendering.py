"""Documents rendered in a child process: HTML goes in by a pipe, PDF comes out, and nothing else is within its reach.

The child is forked from a process that has WeasyPrint loaded and the fonts decoded. It has limits of memory and time,
no network, no files but the packaged ones, and no connection to the database. One child renders all parts of a
document, one after the other.
"""

from __future__ import annotations

import gc
import io
import logging
import os
import signal
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import billiard
import pikepdf
from django.conf import settings

from schoolbook import confined

# How often whoever waits for a part may say that it still lives.
PULSE_SECONDS = 5.0
_DONE, _NO_MEMORY, _FAILED = b"+", b"m", b"!"


class RenderingFailed(Exception):
    """A part was not rendered. Its text says no more than the kind of error: a message could quote a document."""


class TooMuchMemory(RenderingFailed):
    """It asked for more memory than it may have."""


class TooLong(RenderingFailed):
    """It took longer than it may."""


class Crashed(RenderingFailed):
    """The child ended by itself, or somebody ended it."""


def prepare() -> None:
    """Load WeasyPrint and decode the fonts, once, in the process whose children will render."""
    from schoolbook import pdf  # noqa: PLC0415 - the web asks for documents and never loads the engine

    pdf.warm()


def rendered(
    parts: Sequence[str], *, meanwhile: Callable[[], None]
) -> Generator[bytes, None, None]:
    """The PDF of each part, in order; `meanwhile` is called every few seconds while one is being rendered.

    Close it when no more are wanted. Raises TooMuchMemory, TooLong, Crashed and RenderingFailed.
    """
    prepare()
    with _child() as child:
        for number, part in enumerate(parts):
            if number == 0:
                child.send(part)
            made = child.receive(meanwhile)
            if number + 1 < len(
                parts
            ):  # so that the child has work while this one is being dealt with
                child.send(parts[number + 1])
            yield made


def assembled(parts: Sequence[bytes], *, title: str) -> tuple[bytes, int]:
    """One PDF of all parts, under this title, and how many pages it has."""
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as source:
                whole.pages.extend(source.pages)
        with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
        whole.Root.Lang = pikepdf.String("vi")
        target = io.BytesIO()
        whole.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return target.getvalue(), len(whole.pages)


# The parent's side -----------------------------------------------------------------------------------


class _Child:
    """A process that renders, and the pipe to it."""

    def __init__(self, process: Any, pipe: Any) -> None:
        self.process, self._pipe = process, pipe

    def send(self, html: str) -> None:
        """Give it the next part."""
        try:
            self._pipe.send_bytes(html.encode())
        except OSError as error:
            raise self._ended() from error

    def receive(self, meanwhile: Callable[[], None]) -> bytes:
        """The PDF of the part that it was given."""
        # The processor's time is limited by the kernel; this also ends what merely waits, and is twice as patient.
        deadline = time.monotonic() + 2 * settings.RENDER_SECONDS
        try:
            while not self._pipe.poll(min(PULSE_SECONDS, max(0, deadline - time.monotonic()))):
                if time.monotonic() >= deadline:
                    raise TooLong
                meanwhile()
            answer: bytes = self._pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._ended() from error
        if answer[:1] == _NO_MEMORY:
            raise TooMuchMemory
        if answer[:1] != _DONE:
            raise RenderingFailed(answer[1:].decode(errors="replace"))
        return answer[1:]

    def _ended(self) -> RenderingFailed:
        """Why there is no answer."""
        self.process.join()
        return TooLong() if self.process.exitcode == -signal.SIGXCPU else Crashed()

    def end(self) -> None:
        """End it, whatever it is doing."""
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        self._pipe.close()


@contextmanager
def _child() -> Iterator[_Child]:
    with TemporaryDirectory(prefix="schoolbook-render-") as folder:
        ours, theirs = billiard.Pipe()
        process = billiard.Process(
            target=_serve, args=(theirs, os.getpid(), Path(folder)), daemon=False
        )
        process.start()
        theirs.close()
        child = _Child(process, ours)
        try:
            yield child
        finally:
            child.end()


# The child's side ------------------------------------------------------------------------------------


def _serve(pipe: Any, parent: int, folder: Path) -> None:
    """Render what comes, until nothing comes any more. Never returns: nothing of the parent's is cleaned up here."""
    try:
        _shut_in(pipe, parent, folder)
        _answer(pipe)
    except BaseException:  # noqa: S110 - the parent sees that the pipe is closed
        pass
    finally:
        os._exit(1)


def _shut_in(pipe: Any, parent: int, folder: Path) -> None:
    from schoolbook import pdf  # noqa: PLC0415 - loaded by the parent

    confined.die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    gc.freeze()  # what came from the parent is not looked through, and so stays shared with it
    _close_all_but(pipe.fileno())
    os.environ.update(TMPDIR=str(folder), HOME=str(folder))
    confined.limit(memory=settings.RENDER_MEMORY_MB * 1024 * 1024)
    assets = {path.parent for path, _kind in pdf.ASSETS.values()}
    confined.confine(readable=sorted(assets), writable=folder)


def _close_all_but(kept: int) -> None:
    """Let go of every file and connection of the parent, without a word to whoever is at their other ends."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    for number in map(int, os.listdir("/proc/self/fd")):
        if number > 2 and number != kept:  # noqa: PLR2004 - the standard ones
            with suppress(OSError):
                os.close(number)


def _answer(pipe: Any) -> None:
    import tempfile  # noqa: PLC0415

    from schoolbook import pdf  # noqa: PLC0415 - loaded by the parent

    tempfile.tempdir = os.environ["TMPDIR"]
    fonts = pdf.fonts()
    while True:
        html = pipe.recv_bytes().decode()
        confined.limit_time(settings.RENDER_SECONDS)
        try:
            answer = _DONE + pdf.pdf_of(html, fonts)
        except MemoryError:
            answer = _NO_MEMORY
        except Exception as error:  # its kind is all that may be told
            answer = _FAILED + type(error).__name__.encode()
        pipe.send_bytes(answer)
