"""An .xlsx file before it is read: taken apart within limits, looked through, and put together from what was seen.

What the reader gets holds the cells and nothing else: no macros, pictures or links to other files. As it is put
together here, the reader cannot find in it what was not counted, whatever the original says about itself.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from schoolbook.excel.errors import Limits, Problem, SpreadsheetError
from schoolbook.excel.scan import Scan, area, place
from schoolbook.rules.cells import Area

WORKBOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
NEEDED = (
    "[content_types].xml",
    "_rels/.rels",
    WORKBOOK,
    LINKS,
    "xl/styles.xml",
    "xl/sharedstrings.xml",
)
SPELT = {
    "[content_types].xml": "[Content_Types].xml",
    "xl/sharedstrings.xml": "xl/sharedStrings.xml",
}
BLANK_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, LookupError, OverflowError,
)  # fmt: skip
Attributes = dict[str, str]


def prepare(data: bytes, limits: Limits) -> tuple[bytes, list[Scan]]:
    """The workbook put together anew, and what was seen of each of its sheets, in their order.

    A hidden sheet becomes a blank one: lists behind drop-down menus are long, and nobody means to import them.

    Raises SpreadsheetError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _Parts(archive, limits)
            if WORKBOOK not in parts.names:
                raise SpreadsheetError(Problem.WRONG_TYPE)
            return _rebuild(parts, limits)
    except (*ZIP_FAULTS, expat.ExpatError) as error:
        raise SpreadsheetError(Problem.DAMAGED) from error


class _Parts:
    """The parts of the package by their name in lower case; what is read adds up."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        infos = archive.infolist()
        if len(infos) > limits.entries:
            raise SpreadsheetError(Problem.UNPACKS_TOO_BIG)
        self.names = {info.filename.replace("\\", "/").lower(): info for info in infos}
        self.archive, self.left = archive, limits.unpacked

    def read(self, name: str) -> bytes:
        """One part, unpacked.

        Raises SpreadsheetError when it does not fit into what is left.
        """
        info = self.names.get(name)
        if info is None:
            raise SpreadsheetError(Problem.DAMAGED)
        if info.file_size > self.left:
            raise SpreadsheetError(Problem.UNPACKS_TOO_BIG)
        with self.archive.open(info) as part:
            content = part.read()
        self.left -= len(content)
        return content


def _rebuild(parts: _Parts, limits: Limits) -> tuple[bytes, list[Scan]]:
    contents = {name: parts.read(name) for name in NEEDED if name in parts.names}
    links = {link["Id"]: link for link in _elements(contents.get(LINKS, b""), "Relationship")}
    scans = []
    sheets: dict[str, bytes] = {}
    for sheet in _elements(contents[WORKBOOK], "sheet"):
        scan = Scan(sheet["name"], limits)
        scans.append(scan)
        if len(scans) > limits.sheets:
            raise SpreadsheetError(Problem.TOO_MANY_SHEETS, limit=str(limits.sheets))
        link = links[next((value for key, value in sheet.items() if _local(key) == "id"), "")]
        if not link["Type"].endswith("/worksheet"):
            continue
        name = posixpath.normpath(posixpath.join("/xl", link["Target"])).lstrip("/")
        if sheet.get("state", "visible") != "visible":
            sheets.setdefault(name, BLANK_SHEET)
            continue
        sheets[name] = parts.read(name.lower())
        _look_through(sheets[name], scan)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(SPELT.get(name, name), content)
        for name, content in sheets.items():
            archive.writestr(name, content)
    return packed.getvalue(), scans


def _look_through(content: bytes, scan: Scan) -> None:
    row, column = 0, 0
    inside = False  # a cell, and nothing of it was seen yet but its place

    def element(name: str, attributes: Attributes) -> None:
        nonlocal row, column, inside
        local = _local(name)
        if local == "c":
            if "r" in attributes:
                row, column = place(attributes["r"])
            else:
                column += 1
            inside = True
        elif local in {"v", "is"} and inside:
            scan.content(row, column)
        elif local == "f" and inside:
            whole = "ref" in attributes and attributes.get("t") in {"array", "dataTable"}
            scan.formula(area(attributes["ref"]) if whole else Area(row, column, row, column))
        elif local == "row":
            row, column = int(attributes.get("r", row + 1)), 0
            if attributes.get("hidden") in {"1", "true"}:
                scan.hidden_rows.add(row)
        else:
            inside = False
            if local == "mergeCell":
                scan.merge(area(attributes["ref"]))

    _parse(content, element)


def _elements(content: bytes, wanted: str) -> list[Attributes]:
    """The attributes of every element of that name."""
    found: list[Attributes] = []

    def element(name: str, attributes: Attributes) -> None:
        if _local(name) == wanted:
            found.append(attributes)

    _parse(content, element)
    return found


def _parse(content: bytes, element: Callable[[str, Attributes], None]) -> None:
    # Entities, with which a small text becomes a huge one, need a document type; Excel writes none.
    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.Parse(content, True)


def _refuse_document_type(*_declared: object) -> None:
    raise SpreadsheetError(Problem.DAMAGED)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
