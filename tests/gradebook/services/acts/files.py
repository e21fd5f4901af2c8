"""Workbooks of marks as other systems and people make them, and what tests of acts do with them."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

from gradebook import access, excel
from gradebook.models import ActKind, EntryAct, Mark
from gradebook.rules.verdicts import from_json
from gradebook.selectors.books import Place, marks_of
from gradebook.selectors.sheet import sheet as sheet_of
from gradebook.services import acts, marks
from gradebook.services.acts import Asked, Chosen, Wanted
from gradebook.services.marks import Edit
from schoolbook.models import ClassSubject
from tests import cast
from tests.schoolbook.excel.files import xlsx

HEADS = ["STT", "Mã học sinh", "Họ và tên", "ĐĐGtx", None, None, None, "ĐĐGgk", "ĐĐGck", "ĐTBmhkI"]
SUB_HEADS = [None, None, None, "1", "2", "3", "4"]
TITLE = ["2026-2027 – Học kỳ: 1 – Lớp: 6A", "Môn học: Toán"]
BAO, ANH, CHAU = cast.PUPILS
CODES = {BAO: "HS001", ANH: "HS002", CHAU: "HS003"}


def maths(name="6A", code="toan"):
    return ClassSubject.objects.get(class_group=cast.class_group(name), subject__code=code)


def place(term=1, name="6A", code="toan"):
    return Place(term, class_subject_id=maths(name, code).pk)


def row(name, *figures, code=None, number=1):
    return [number, CODES.get(name) if code is None else code, name, *figures]


def table(*rows, title=TITLE, heads=HEADS, sub_heads=SUB_HEADS, more=None):
    """An .xlsx file with one sheet; headings in rows 5 and 6, merged as in the layout unless `sub_heads` is none."""

    def fill(book, page):
        page.write_row(0, 0, title)
        page.write_row(4, 0, heads)
        page.write_row(5, 0, sub_heads or [])
        for at, line in enumerate(rows, start=6):
            for column, value in enumerate(line):
                if value is not None:
                    page.write(at, column, value)
        if more:
            more(book, page)

    return xlsx(fill)


def start(data, *, person=cast.CHI, term=1, source="", target=None, name="bang-diem.xlsx"):
    actor = cast.user(person)
    year = cast.class_group().year
    book = access.book(actor, target) if target else None
    chosen = Chosen(year, term, book, source)
    return acts.start(file=BytesIO(data), file_name=name, chosen=chosen, actor=actor)


def paste(*cells, kind=ActKind.PASTE, person=cast.CHI, where=None):
    """A paste of cells given as pupil, component, number, typed and perhaps the version that was seen."""
    wanted = [
        Wanted(cast.pupil(name).pk, component, number, typed, *(seen or [0]))
        for name, component, number, typed, *seen in cells
    ]
    asked = [Asked(where or place(), wanted)]
    return acts.preview(kind=kind, asked=asked, actor=cast.user(person))


def apply(act, *, person=cast.CHI, leave_out=False):
    return acts.apply(act_id=act.pk, leave_out=leave_out, actor=cast.user(person))


def undo(act, *, person=cast.CHI):
    return acts.undo(act_id=act.pk, actor=cast.user(person))


def enter(*cells, person=cast.CHI, where=None):
    """Type cells, each a pupil, component, number, typed and version."""
    edits = [
        Edit(uuid4(), cast.pupil(name).pk, component, number, typed, seen)
        for name, component, number, typed, seen in cells
    ]
    outcome = marks.save(place=where or place(), edits=edits, actor=cast.user(person))
    assert outcome.is_whole, outcome.answers


def parts(act):
    return from_json(EntryAct.objects.get(pk=act.pk).content)


def verdicts(act):
    """What becomes of each cell: address or component, verdict, before and after."""
    return [
        (cell.address or f"{cell.component} {cell.number}", cell.verdict.value, cell.before, cell.after)
        for part in parts(act)
        for cell in part.cells
    ]  # fmt: skip


def refused(act):
    """Address and sentence of all that is refused."""
    said = [(one.address, one.sentence) for part in parts(act) for one in part.refused]
    return said + [
        (cell.address, cell.sentence)
        for part in parts(act)
        for cell in part.cells
        if cell.verdict.value == "refused"
    ]


def counts(act):
    act = EntryAct.objects.get(pk=act.pk)
    return {name: getattr(act, name) for name in ("new", "changed", "same", "refused")}


def cells(where=None):
    """What the cells of a sheet hold, as it is shown, without blank ones."""
    book = access.book(cast.user(cast.CHI), where or place())
    held = marks_of(book.sheets.values())[book.term]
    return {key: one.entry.shown for key, one in held.items() if one.entry.shown}


def everything():
    """Every mark with its history, to see that nothing was written."""
    return (
        sorted(Mark.objects.values_list("pk", "version", "state", "score", "text")),
        Mark.history.count(),
    )


def exported(where=None, person=cast.CHI):
    return excel.workbook([sheet_of(access.book(cast.user(person), where or place()))])
