"""What a process that renders may not do, from before it sees the first document: no network, no programs, few files.

Three fences, one inside the other. Python's audit hook is always there. The kernel's are put up where it has them: a
system call filter (seccomp) refuses sockets and programs, Landlock refuses files, also to the libraries below Python.
None of them can be taken down again.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
import sysconfig
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_libc = ctypes.CDLL(None, use_errno=True)
# Where libraries and fonts lie that are opened only when they are needed.
SYSTEM = ("/usr/lib", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/usr/share/fonts")
SYSTEM_FONTS = ("/usr/share/fontconfig", "/usr/local/share/fonts", "/var/cache/fontconfig")
DEVICES = ("/dev/null", "/dev/urandom")
FILE_BYTES, OPEN_FILES = 16 * 1024 * 1024, 64


def die_with(parent: int) -> None:
    """Let the kernel end this process when its parent ends, however that ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def limit(*, memory: int) -> None:
    """So many bytes of memory more than now, few files, no core dump; the first to go when the machine is full."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, used + memory),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),  # it would hold what the documents say
    ):
        hard = resource.getrlimit(what)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit_time(seconds: int) -> None:
    """So many seconds of the processor from now on; then the kernel ends this process."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def confine(*, readable: Sequence[Path], writable: Path) -> None:
    """Put up the fences: from now on only these files, those of Python and its libraries, and a folder to write in."""
    paths = sysconfig.get_paths()
    python = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    allowed = [*readable, *map(Path, (*python, *SYSTEM, *SYSTEM_FONTS, *DEVICES))]
    # Before Python's own fence, for which opening the folders would be the first offence.
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _landlock(allowed, writable)
    _refuse_calls()
    _refuse_events(allowed, writable)


# Python ----------------------------------------------------------------------------------------------

_NEVER = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system")
_FILES = {"open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.rmdir", "os.mkdir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _refuse_events(allowed: Sequence[Path], writable: Path) -> None:
    """Refuse what Python's own code tries, in words that name it."""
    roots = tuple(os.path.realpath(path) for path in (*allowed, writable))
    own = os.path.realpath(writable)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_NEVER):
            raise PermissionError(errno.EPERM, f"a document asks for {event}")
        if event not in _FILES or not isinstance(arguments[0], str | bytes | os.PathLike):
            return
        where = os.path.realpath(os.fsdecode(arguments[0]))
        changes = event not in {"open", "os.listdir", "os.scandir"}
        if event == "open":
            changes = bool((arguments[2] or 0) & _WRITING)
        if where != os.devnull and not _within(where, (own,) if changes else roots):
            raise PermissionError(errno.EACCES, "a document asks for a file that is none of its")

    sys.addaudithook(hook)


def _within(where: str, roots: Sequence[str]) -> bool:
    return any(where == root or where.startswith(f"{root}/") for root in roots)


# The kernel: system calls ----------------------------------------------------------------------------

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
# By machine: its number in the kernel, and socket, socketpair, connect, bind, listen, accept, sendto, sendmsg,
# accept4, sendmmsg, execve, execveat, ptrace, process_vm_readv, process_vm_writev, io_uring_setup.
_MACHINES = {
    "x86_64": (
        0xC000003E,
        (41, 53, 42, 49, 50, 43, 44, 46, 288, 307, 59, 322, 101, 310, 311, 425),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 199, 203, 200, 201, 202, 206, 211, 242, 269, 221, 281, 117, 270, 271, 425),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _refuse_calls() -> bool:
    """Let the kernel refuse every new socket and program; whether it does."""
    if platform.machine() not in _MACHINES:
        return False
    machine, numbers = _MACHINES[platform.machine()]
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for number in numbers:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO)]
    if platform.machine() == "x86_64":  # calls of the x32 interface have numbers of their own
        steps += [(0x35, 0, 1, 0x40000000), (_RETURN, 0, 0, _ERRNO)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(steps), ctypes.addressof(kept))
    return _libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0) == 0


# The kernel: files -----------------------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EVERYTHING = (1 << 13) - 1  # what the first version of Landlock knows; execute is the first bit
_READ_FILE, _READ_DIR, _WRITE_FILE = 1 << 2, 1 << 3, 1 << 1


def _landlock(allowed: Sequence[Path], writable: Path) -> bool:
    """Let the kernel refuse every other file, also to libraries that are not Python; whether it does."""
    handled = ctypes.c_uint64(_EVERYTHING)
    ruleset = _libc.syscall(_CREATE_RULESET, ctypes.byref(handled), ctypes.c_size_t(8), 0)
    if ruleset < 0:
        return False
    for path in allowed:
        rights = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
        _allow(ruleset, path, rights | (_WRITE_FILE if str(path) == os.devnull else 0))
    _allow(ruleset, writable, _EVERYTHING & ~1)
    done = _libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return done


def _allow(ruleset: int, path: Path, rights: int) -> None:
    with suppress(OSError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", rights, descriptor)
        _libc.syscall(_ADD_RULE, ruleset, 1, rule, 0)
        os.close(descriptor)
