"""Start, stop and find again the processes that the demo and the tests run. Linux only; knows no Django.

A process started here ends when whoever started it ends, even by SIGKILL: the kernel sends it the signal named in
`on_parent_death`. Should that fail (a crashed machine, another kernel), `end` finds what was left by the folder or the
mark it carries.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_PROC = Path("/proc")
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Account:
    """The system user as whom a server runs."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Found:
    """A running process, as /proc tells it."""

    pid: int
    parent: int
    started: str

    def alive(self) -> bool:
        """Is it still this process? A number is given again to another, a number and a start time never are."""
        now = _found(self.pid)
        return now is not None and now.started == self.started


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until `condition` is true (True) or `seconds` have gone by (False)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    folder: Path,
    environment: Mapping[str, str],
    account: Account | None = None,
    on_parent_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a server in a process group of its own (Ctrl-C reaches only us), its output appended to `log`.

    Call it from a thread that lives as long as the server should: the kernel counts the thread as the parent.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def die_with_parent() -> None:
        # After a change of user and before exec, so that neither clears it.
        libc.prctl(_PR_SET_PDEATHSIG, int(on_parent_death))
        if os.getppid() != parent:
            os._exit(1)

    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            process_group=0,
            umask=0o077,
            preexec_fn=die_with_parent,  # noqa: PLW1509 -- one system call, no lock is taken
            **as_account(account),
        )


def as_account(account: Account | None) -> dict[str, Any]:
    """The arguments that make `subprocess` run something as this account and with none of our groups."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def stop(
    processes: Sequence[subprocess.Popen[bytes]], *steps: tuple[signal.Signals, float]
) -> None:
    """Send each signal in turn to those that still run, each with its seconds of patience, until all have ended."""
    for signal_number, patience in steps:
        for process in processes:
            process.send_signal(signal_number)  # Does nothing to one that has ended.
        if wait_until(lambda: all(child.poll() is not None for child in processes), patience):
            return


def in_folder(name: str, folder: Path) -> list[Found]:
    """Processes called `name` whose current folder is `folder`: a server of ours sits in its data."""
    return [
        found
        for found in _all()
        if _read(found.pid, "comm").strip() == name and _current_folder(found.pid) == str(folder)
    ]


def marked(variable: str, value: str) -> list[Found]:
    """Processes, other than this one, that were started with `variable=value` in their environment."""
    mark = f"{variable}={value}"
    return [
        found
        for found in _all()
        if found.pid != os.getpid() and mark in _read(found.pid, "environ").split("\0")
    ]


def end(found: Sequence[Found], *steps: tuple[signal.Signals, float]) -> None:
    """End processes that are not our children: the first ones of each family by signal, then whoever remains.

    A server's own children are left to the server as long as it lives; it knows better how to end them.
    """
    pids = {process.pid for process in found}
    heads = [process for process in found if process.parent not in pids]
    for targets in (heads, found):
        for signal_number, patience in steps:
            for process in targets:
                if process.alive():
                    _signal(process.pid, signal_number)
            if wait_until(lambda: not any(process.alive() for process in found), patience):
                return


def hold(path: Path) -> IO[str] | None:
    """Take the lock file `path` for as long as the returned file stays open, or None when another process has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    lock = os.fdopen(descriptor, "r+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _all() -> Iterator[Found]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (found := _found(int(entry.name))):
            yield found


def _found(pid: int) -> Found | None:
    # The command stands in brackets and may hold spaces and brackets itself: count from the last bracket.
    fields = _read(pid, "stat").rpartition(")")[2].split()
    if not fields or fields[0] == "Z":
        return None
    return Found(pid=pid, parent=int(fields[1]), started=fields[19])


def _read(pid: int, name: str) -> str:
    try:
        return (_PROC / str(pid) / name).read_text(encoding="utf-8", errors="replace")
    except OSError:  # It ended, or belongs to somebody else.
        return ""


def _current_folder(pid: int) -> str:
    try:
        return os.readlink(_PROC / str(pid) / "cwd")
    except OSError:
        return ""


def _signal(pid: int, signal_number: signal.Signals) -> None:
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return
