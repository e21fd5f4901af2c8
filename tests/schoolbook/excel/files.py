"""Workbooks for tests: .xlsx from parts of XML, .xls from records, each as odd as a test needs it."""

from __future__ import annotations

import io
import struct
import zipfile

import xlsxwriter

NAMESPACES = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def xlsx(fill):
    """What XlsxWriter makes: `fill(book, sheet)` writes into the first sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("Lớp 6A"))
    return target.getvalue()


def changed(data, changes):
    """The same package with some parts replaced, added, or removed (None); a function gets the old part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts[name]) if callable(change) else change
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


def with_sheet(xml):
    """A workbook whose only sheet holds this XML."""
    sheet = f"<worksheet {NAMESPACES}>{xml}</worksheet>"
    return changed(
        xlsx(lambda _book, page: page.write(0, 0, "x")), {"xl/worksheets/sheet1.xml": sheet}
    )


# .xls ------------------------------------------------------------------------------------------------


def record(kind, content=b""):
    """One record of a BIFF stream."""
    return struct.pack("<HH", kind, len(content)) + content


def string(text, length="<H"):
    """A text of BIFF8, two bytes a letter."""
    encoded = text.encode("utf-16-le")
    return struct.pack(length, len(encoded) // 2) + b"\1" + encoded


def label(row, column, text):
    """A cell of text."""
    return record(0x204, struct.pack("<HHH", row, column, 0) + string(text))


def number(row, column, value, style=0):
    """A cell of a number; style 1 is a date."""
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def formula(row, column, value):
    """A cell of a formula, =1, with the value that was left there."""
    head = struct.pack("<HHHd", row, column, 0, value)
    return record(0x06, head + struct.pack("<HIH", 0, 0, 3) + b"\x1e\1\0")


def hidden_row(row):
    """A row of no height."""
    return record(0x208, struct.pack("<HHHHHHI", row, 0, 9, 300, 0, 0, 0x120))


def merged(*areas):
    """Merged areas, each of first row, last row, first column, last column."""
    return record(
        0xE5, struct.pack("<H", len(areas)) + b"".join(struct.pack("<4H", *a) for a in areas)
    )


BOF_BOOK, BOF_SHEET = (
    record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 6)) for kind in (5, 0x10)
)
EOF = record(0x0A)
STYLES = record(0xE0, bytes(20)) + record(0xE0, struct.pack("<HH16x", 0, 14))


def biff(sheets, extra=b""):
    """The stream of a workbook: each sheet a name, whether it is hidden (0, 1), and its records."""
    bodies = [BOF_SHEET + b"".join(records) + EOF for _, _, records in sheets]
    names = [struct.pack("<B", hidden) + b"\0" + string(name, "<B") for name, hidden, _ in sheets]
    start = len(BOF_BOOK + extra + STYLES + EOF) + sum(
        len(record(0x85, b"0000" + n)) for n in names
    )
    stream = BOF_BOOK + extra + STYLES
    for name, body in zip(names, bodies, strict=True):
        stream += record(0x85, struct.pack("<I", start) + name)
        start += len(body)
    return stream + EOF + b"".join(bodies)


def compound(streams):
    """A compound file of 512-byte sectors as old programs make it; short streams lie in the small sectors."""
    fat: list[int] = []
    small_fat: list[int] = []
    sectors, small, entries = [], b"", []

    def add(content):
        first = len(fat)
        count = -(-len(content) // 512)
        fat.extend([*range(first + 1, first + count), 0xFFFFFFFE])
        sectors.append(content.ljust(count * 512, b"\0"))
        return first

    for name, content in streams.items():
        if len(content) >= 4096:
            start = add(content)
        else:
            start = len(small_fat)
            count = max(-(-len(content) // 64), 1)
            small += content.ljust(count * 64, b"\0")
            small_fat.extend([*range(start + 1, start + count), 0xFFFFFFFE])
        entries.append(_entry(name, 2, start, len(content)))
    root = add(small) if small else 0xFFFFFFFE
    table = struct.pack(f"<{len(small_fat)}I", *small_fat)
    mini = add(table.ljust(512, b"\xff")) if small else 0xFFFFFFFE
    directory = add(b"".join([_entry("Root Entry", 5, root, len(small)), *entries]))
    tables = 1
    while tables * 128 < len(fat) + tables:
        tables += 1
    first = len(fat)
    fat += [0xFFFFFFFD] * tables
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    header = struct.pack(
        "<8s16xHHHHH10xIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6,
        tables, directory, 0, 4096, mini, 1 if small else 0, 0xFFFFFFFE, 0, first,
    )  # fmt: skip
    others = [*range(first + 1, first + tables), *[0xFFFFFFFF] * (109 - tables)]
    header += struct.pack("<108I", *others)
    return header + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name, kind, start, size):
    text = name.encode("utf-16-le") + b"\0\0"
    links = (0xFFFFFFFF,) * 3
    return struct.pack("<64sHBB3I36xIQ", text, len(text), kind, 1, *links, start, size)


def xls(*records, name="6a", extra=b""):
    """A workbook with one sheet of these records."""
    return compound({"Workbook": biff([(name, 0, records)], extra)})
