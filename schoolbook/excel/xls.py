"""An .xls file before it is read: its stream of records taken out, looked through, and wrapped anew.

The compound file around the stream is made here, so that no loop or false length in the original reaches the reader.
[MS-CFB] and [MS-XLS] name the records and fields.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from schoolbook.excel.errors import Limits, Problem, SpreadsheetError
from schoolbook.excel.scan import Scan
from schoolbook.rules.cells import Area

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
SHIFTS = {9: 512, 12: 4096}
MINI, ENTRY, HEADER = 64, 128, 512
STREAM, ROOT = 2, 5
SMALLEST = 4096  # a shorter stream lives among the small ones
# Records
BOUNDSHEET, FILEPASS, DIMENSIONS, SST, CONTINUE, EOF = 0x85, 0x2F, 0x200, 0xFC, 0x3C, 0x0A
FORMULAS = {0x06, 0x206, 0x406}
CELLS = {0x203, 0x204, 0x205, 0xFD, 0x27E, 0xBD, 0xD6, *FORMULAS}
MULRK, STRING, MERGED, ROW = 0xBD, 0x207, 0xE5, 0x208
ZERO_HEIGHT = 0x20
FAULTS = (struct.error, IndexError, KeyError, UnicodeError, ValueError, OverflowError)


def prepare(data: bytes, limits: Limits) -> tuple[bytes, list[Scan]]:
    """The workbook wrapped anew, and what was seen of each of its sheets, in their order.

    Raises SpreadsheetError.
    """
    try:
        streams = _Compound(data).streams()
        if "EncryptedPackage" in streams:
            raise SpreadsheetError(Problem.PASSWORD)
        name = next((n for n in ("Workbook", "Book") if n in streams), None)
        if name is None:
            raise SpreadsheetError(Problem.WRONG_TYPE)
        stream = bytearray(streams[name])
        scans = _look_through(stream, limits)
        return wrap(name, bytes(stream)), scans
    except FAULTS as error:
        raise SpreadsheetError(Problem.DAMAGED) from error


class _Compound:
    """A compound file: a small file system in sectors."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = SHIFTS[struct.unpack_from("<H", data, 30)[0]]
        self.fat = self._numbers(self._fat_sectors())

    def streams(self) -> dict[str, bytes]:
        """Every stream by its name.

        Raises what is in FAULTS.
        """
        directory, mini_fat = (struct.unpack_from("<I", self.data, at)[0] for at in (48, 60))
        entries = self._chain(directory)
        (start,) = struct.unpack_from("<I", entries, 116)
        small = self._chain(start) if start != END else b""
        steps = self._numbers(_walk(mini_fat, self.fat)) if mini_fat != END else []
        found: dict[str, bytes] = {}
        for at in range(0, len(entries) - ENTRY + 1, ENTRY):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<II", entries, at + 116)
            if kind != STREAM:
                continue
            name = entries[at : at + max(length - 2, 0)].decode("utf-16-le")
            if size >= SMALLEST:
                content = self._chain(start)
            else:
                content = b"".join(small[i * MINI : (i + 1) * MINI] for i in _walk(start, steps))
            found.setdefault(name, content[:size])
        return found

    def _fat_sectors(self) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        (following,) = struct.unpack_from("<I", self.data, 68)
        seen = set()
        while following not in {END, FREE}:
            if following in seen:
                raise ValueError("a loop of sectors")
            seen.add(following)
            *more, following = self._numbers([following])
            sectors += more
        return [sector for sector in sectors if sector != FREE]

    def _numbers(self, sectors: list[int]) -> list[int]:
        content = b"".join(self._sector(sector) for sector in sectors)
        return list(struct.unpack(f"<{len(content) // 4}I", content))

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(sector) for sector in _walk(start, self.fat))

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self.size
        content = self.data[at : at + self.size]
        if not content:
            raise IndexError(number)
        return content.ljust(self.size, b"\0")  # some programs cut the last one short


def _walk(start: int, steps: list[int]) -> list[int]:
    found: list[int] = []
    while start != END:
        found.append(start)
        if len(found) > len(steps):
            raise ValueError("a loop of sectors")
        start = steps[start]
    return found


def wrap(name: str, stream: bytes) -> bytes:
    """A compound file with this one stream."""
    size = SHIFTS[12]
    stream = stream.ljust(SMALLEST, b"\0")
    length = -(-len(stream) // size)
    tables = -(-(length + 3) // (size // 4 - 1))
    if tables > 109:  # noqa: PLR2004 - so many the header names; a file of the permitted size has 3
        raise OverflowError("too long for one header")
    # In this order: tables, directory, a blank place for small streams, the stream.
    directory, small, first = tables, tables + 1, tables + 2
    fat = [FAT] * tables + [END, END, *range(first + 1, first + length), END]
    fat += [FREE] * (tables * size // 4 - len(fat))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII109I",
        SIGNATURE, 0x3E, 4, 0xFFFE, 12, 6,
        1, tables, directory, 0, SMALLEST, END, 0, END, 0,
        *range(tables), *[FREE] * (109 - tables),
    )  # fmt: skip
    entries = _entry("Root Entry", ROOT, 1, small, size) + _entry(
        name, STREAM, NONE, first, len(stream)
    )
    blocks = [header, struct.pack(f"<{len(fat)}I", *fat), entries, b"", stream]
    padded = [block.ljust(max(-(-len(block) // size), 1) * size, b"\0") for block in blocks]
    return b"".join(padded)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIQ", text, len(text), kind, 1, NONE, NONE, child, start, size)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """Each record from a place to the end of its part: kind, where its content begins, and the content."""
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        content = bytes(stream[at + 4 : at + 4 + length])
        if len(content) < length:
            raise IndexError("the last record is cut short")
        yield kind, at + 4, content
        if kind == EOF:
            return
        at += 4 + length


def _look_through(stream: bytearray, limits: Limits) -> list[Scan]:
    places: list[tuple[int, str, bool]] = []
    strings, room = 0, 0
    for kind, _, content in _records(bytes(stream), 0):
        if kind == FILEPASS and any(content[:2]):
            raise SpreadsheetError(Problem.PASSWORD)
        if kind == BOUNDSHEET:
            (at,) = struct.unpack_from("<I", content)
            places.append((at, _name(content[6:]), not content[4] & 3 and not content[5]))
        elif kind == SST:
            strings, room = struct.unpack_from("<I", content, 4)[0], len(content)
        elif kind == CONTINUE:
            room += len(content)
    if len(places) > limits.sheets:
        raise SpreadsheetError(Problem.TOO_MANY_SHEETS, limit=str(limits.sheets))
    if strings > room or len({at for at, *_ in places}) < len(places):
        raise ValueError("more strings than bytes, or one place for two sheets")
    scans = []
    for at, name, read in places:
        scan = Scan(name, limits)
        _look_through_sheet(stream, at, scan, read=read)
        scans.append(scan)
    return scans


def _name(content: bytes) -> str:
    """The name of a sheet as Excel 97 and later write it; only sentences show it."""
    if content[1] & 1:
        return content[2 : 2 + content[0] * 2].decode("utf-16-le")
    return content[2 : 2 + content[0]].decode("latin-1")


def _look_through_sheet(stream: bytearray, start: int, scan: Scan, *, read: bool) -> None:
    frozen = bytes(stream)
    for kind, at, content in _records(frozen, start):
        if kind == DIMENSIONS:
            # The reader would make as much room as this record claims.
            stream[at : at + len(content)] = bytes(len(content))
        elif not read:
            # Nobody imports a hidden sheet: its cells become records that say nothing.
            if kind in CELLS or kind == STRING:
                struct.pack_into("<H", stream, at - 4, 0xFFFF)
        elif kind in CELLS:
            row, column = struct.unpack_from("<HH", content)
            last = (
                struct.unpack_from("<H", content, len(content) - 2)[0] if kind == MULRK else column
            )
            scan.content(row + 1, last + 1)
            if kind in FORMULAS:
                scan.formula(Area(row + 1, column + 1, row + 1, column + 1))
        elif kind == MERGED:
            (count,) = struct.unpack_from("<H", content)
            for first, last, left, right in struct.iter_unpack("<4H", content[2 : 2 + count * 8]):
                scan.merge(Area(first + 1, left + 1, last + 1, right + 1))
        elif kind == ROW and struct.unpack_from("<H", content, 12)[0] & ZERO_HEIGHT:
            scan.hidden_rows.add(struct.unpack_from("<H", content)[0] + 1)
