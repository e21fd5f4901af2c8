"""The document of one sheet: what its template is told, and the facts that its digest is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from gradebook.pdf.table import Table, counts, tables
from gradebook.selectors import corrected
from gradebook.selectors.books import Book
from gradebook.selectors.corrected import Corrected, Correction
from gradebook.selectors.sheet import Sheet, sheet
from gradebook.selectors.verifying import head_of
from schoolbook import printing
from schoolbook.rules import paper
from schoolbook.rules.permissions import Role
from schoolbook.rules.subjects import Level

TEMPLATE = "print/gradebook/sheet.html"
KIND = "gradebook.sheet"
OLD_BOOK = frozenset({"tt58", "tt26"})


@dataclass(frozen=True, slots=True)
class Note:
    """A correction as the foot of the sheet tells it."""

    pupil: str
    column: str
    correction: Correction
    at: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: whose, how, and the names that are known."""

    role: str
    how: str
    names: tuple[str, ...]


def html_of(book: Book, leaders: Sequence[str]) -> str:
    """The HTML of a sheet that somebody was let to see; `leaders` are the homeroom teachers. In six queries or so."""
    shown = sheet(book)
    struck = corrected.of_sheet(book.sheet)
    laid_out = tables(shown, struck)
    head = head_of(book.sheet)
    title = _title(book)
    framed = printing.frame(
        book.school,
        f"{title} – {_about(book)}",
        kind=KIND,
        facts=[title, _about(book), *facts(laid_out)],
        heads=[head] if head else [],
        start=book.year.start,
    )
    context = {
        "title": title,
        "book": book,
        "facts": _lines_about(book),
        "tables": laid_out,
        "counts": counts(shown),
        "notes": list(_notes(shown, struck)),
        "counted": corrected.counted(struck),
        "sources": sorted({cell.source for row in shown.rows for cell in row.cells if cell.source}),
        "over": any(one.is_taken_over for row in shown.rows for one in row.results),
        "confirmed": _confirmed(book),
        "signatures": _signatures(book, leaders),
        "dated": printing.dated(framed.place, printing.now().date()),
        "pupils": sum(not row.has_left for row in shown.rows),
        "pupil_word": "học viên" if book.school.level == Level.CONTINUING else "học sinh",
    }
    return printing.rendered(TEMPLATE, framed, context)


def facts(laid_out: Sequence[Table]) -> list[object]:
    """Everything that the tables state, as plain values."""
    return [
        [
            [list(one) for one in table.top],
            list(table.below),
            [
                [line.order, line.code, line.name, line.born_on, list(line.notes)]
                + [[*cell.struck, cell.text, cell.taken_over] for cell in line.cells]
                for line in table.lines
            ],
        ]
        for table in laid_out
    ]


def _title(book: Book) -> str:
    """What the book is called by its circular."""
    pupils = "HỌC VIÊN" if book.school.level == Level.CONTINUING else "HỌC SINH"
    if book.is_primary:
        return "BẢNG THEO DÕI KẾT QUẢ ĐÁNH GIÁ GIÁO DỤC"
    if book.scheme.id in OLD_BOOK:
        return "SỔ GỌI TÊN VÀ GHI ĐIỂM"
    return f"SỔ THEO DÕI VÀ ĐÁNH GIÁ {pupils}"


def _what(book: Book) -> str:
    if book.class_subject:
        return f"Môn học: {book.class_subject.subject.name}"
    if book.is_primary:
        return "Phẩm chất, năng lực và nhận xét của giáo viên chủ nhiệm"
    conduct = "Hạnh kiểm" if book.scheme.id in OLD_BOOK else "Kết quả rèn luyện"
    return f"{conduct} và nhận xét của giáo viên chủ nhiệm"


def _lines_about(book: Book) -> list[str]:
    term = f"Học kì {paper.ROMAN[book.term]}"
    year = f"Năm học {book.year.name}"
    return [_what(book), f"Lớp: {book.class_group.name}", term, year]


def _about(book: Book) -> str:
    return " – ".join(_lines_about(book))


def _notes(shown: Sheet, struck: Corrected) -> Iterator[Note]:
    for row in shown.rows:
        for cell in row.cells:
            for one in struck.get((row.pupil.id, *cell.column.key), ()):
                at = paper.minute_said(timezone.localtime(one.at))
                yield Note(row.pupil.name, cell.column.name, one, at)


def _confirmed(book: Book) -> str:
    """The electronic confirmation of the sheet in a sentence; empty where there is none."""
    word = book.word
    if word is None or word.ending == "taken_back":
        return ""
    at = paper.minute_said(timezone.localtime(word.at))
    if word.ended_at:
        ended = paper.minute_said(timezone.localtime(word.ended_at))
        return f"Xác nhận trên hệ thống của {word.by} lúc {at} không còn hiệu lực từ {ended}."
    return f"{word.by} đã xác nhận trên hệ thống lúc {at} (mã xác nhận {paper.short(word.digest)})."


def _signatures(book: Book, leaders: Sequence[str]) -> list[Signature]:
    """Who signs the sheet: teachers of the subject, the homeroom teacher, the head of the school with the stamp."""
    level, own = book.school.level, book.regulation.words
    sign = "(Ký, ghi rõ họ tên)"
    teacher = paper.title_of(Role.SUBJECT_TEACHER, level, own)
    leader = paper.title_of(Role.HOMEROOM_TEACHER, level, own)
    head = paper.title_of(Role.PRINCIPAL, level, own)
    found = [Signature(teacher.upper(), sign, book.teachers)] if book.class_subject else []
    return [
        *found,
        Signature(leader.upper(), sign, tuple(leaders)),
        Signature(head.upper(), "(Ký, ghi rõ họ tên, đóng dấu)", ()),
    ]
