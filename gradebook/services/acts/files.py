"""An import of marks from a workbook in the layout of vnEdu or the sector's database, looked at and not yet done."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradebook import words
from gradebook.models import ActKind, EntryAct
from gradebook.rules.entering import Why
from gradebook.rules.headings import BY_NAME, result_of
from gradebook.rules.layout import Layout, MarkCell, PupilRow, has_table, read_layout
from gradebook.rules.titles import parts_of_name
from gradebook.rules.verdicts import Part, Said
from gradebook.selectors.books import Book, Place
from gradebook.services.acts import differences
from gradebook.services.acts.previewing import Asked, Looked, Wanted, look, record
from gradebook.services.acts.sentences import sentence
from gradebook.services.acts.shelf import Shelf
from schoolbook import access, excel
from schoolbook.errors import Invalid
from schoolbook.models import ClassGroup, SchoolYear, Subject, User
from schoolbook.rules import school_year
from schoolbook.rules.cells import Refusal, Sheet
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action

if TYPE_CHECKING:
    from schoolbook.excel.reading import Readable

LONGEST_FILE_NAME = 200
MOST_SENTENCES = 5


@dataclass(frozen=True)
class Chosen:
    """Into what a file is imported: a year and term, or one sheet of it; and from where figures are taken over."""

    year: SchoolYear
    term: int
    target: Book | None = None
    source: str = ""


@dataclass(frozen=True)
class Found:
    """What a sheet of the file says of one class and subject."""

    layout: Layout
    group: ClassGroup
    subject: Subject
    class_subject_id: int
    rows: tuple[PupilRow, ...]
    refused: tuple[Said, ...]


def start(*, file: Readable, file_name: str, chosen: Chosen, actor: User) -> EntryAct:
    """Read a workbook and record what it would do; no mark is changed. The file is read and thrown away.

    A sheet about another year, term, class or subject, or one that this person may not enter, is refused as a whole;
    a row without a known code and a cell that is no mark are refused by themselves. With a source everything is marked
    as taken over, results included.

    Raises PermissionDenied, and Invalid with a sentence for a file in which nothing can be read.
    """
    access.require_anywhere(actor, Action.ENTER_MARKS)
    data = file.read(excel.LIMITS.size + 1)
    sheets = _sheets(data)
    shelf = Shelf(chosen.year, actor)
    found, parts = _found(sheets, shelf, chosen)
    shelf.load(one.group for one in found)
    for one in found:
        parts.append(_looked(one, shelf, chosen, actor))
    if not any(part.cells for part in parts):
        raise Invalid({"file": _nothing(parts)})
    act = EntryAct(
        kind=ActKind.TAKE_OVER if chosen.source else ActKind.IMPORT,
        year=chosen.year,
        source=chosen.source,
        file_name=tidy(file_name)[:LONGEST_FILE_NAME] or "–",
        file_digest=hashlib.sha256(data).hexdigest(),
    )
    return record(act, parts, actor)


def _sheets(data: bytes) -> list[Sheet]:
    try:
        sheets = excel.read(data).sheets
    except excel.SpreadsheetError as error:
        raise Invalid({"file": str(error)}) from error
    found = [sheet for sheet in sheets if has_table(sheet)]
    if not found:
        wanted = {"headings": BY_NAME["full_name"].heading}
        raise Invalid({"file": sentence(Refusal("", "no_heading", wanted))})
    return found


def _nothing(parts: Sequence[Part]) -> str:
    """Why nothing of a file can be taken."""
    said = [
        f"{'!'.join(filter(None, [part.name, one.address]))}: {one.sentence}"
        for part in parts
        for one in part.refused
    ]
    return " ".join(said[:MOST_SENTENCES]) or _("There is no mark in this file.")


# Which class and subject ---------------------------------------------------------------------------


def _found(sheets: Iterable[Sheet], shelf: Shelf, chosen: Chosen) -> tuple[list[Found], list[Part]]:
    """What the sheets are about, and those of them that are refused."""
    found: list[Found] = []
    refused: list[Part] = []
    taken: set[int] = set()
    for sheet in sheets:
        layout = read_layout(sheet)
        why = layout.refusals or _other_time(layout, chosen)
        books = [] if why else _books(layout, shelf, chosen)
        refused.extend(_refused(layout.sheet, one) for one in why)
        for one in books:
            if isinstance(one, Refusal):
                refused.append(_refused(layout.sheet, one))
            elif one.class_subject_id in taken:
                refused.append(_refused(layout.sheet, Refusal("", "sheet_twice")))
            else:
                taken.add(one.class_subject_id)
                found.append(one)
    return found, refused


def _refused(name: str, refusal: Refusal) -> Part:
    return Part(title=name, name=name, refused=(Said(sentence(refusal), refusal.address),))


def _other_time(layout: Layout, chosen: Chosen) -> list[Refusal]:
    title = layout.title
    if title.year is not None and title.year != chosen.year.start:
        there = school_year.name(title.year)
        return [Refusal("", "another_year", {"there": there, "chosen": chosen.year.name})]
    if title.term not in {None, chosen.term}:
        said = {"there": str(title.term), "chosen": str(chosen.term)}
        return [Refusal("", "another_term", said)]
    return []


def _books(layout: Layout, shelf: Shelf, chosen: Chosen) -> list[Found | Refusal]:
    """Of each class in a sheet its rows; by the rows, the title, the name of the sheet, or what was chosen."""
    title, of_name, target = layout.title, parts_of_name(layout.sheet), chosen.target
    group, subject = shelf.class_group(title.classes), shelf.subject(title.subjects)
    if title.classes and group is None:
        said = {"text": title.classes[-1], "year": chosen.year.name}
        return [Refusal("", "class_unknown", said)]
    if title.subjects and subject is None:
        return [Refusal("", "subject_unknown", {"text": title.subjects[-1]})]
    subject = subject or shelf.subject(of_name)
    usual = group or shelf.class_group(of_name)
    if target is not None and target.class_subject is not None:
        subject = subject or target.class_subject.subject
        usual = usual or target.class_group
    by_class: dict[ClassGroup | None, list[PupilRow]] = defaultdict(list)
    refused: dict[ClassGroup | None, list[Said]] = defaultdict(list)
    for row in layout.rows:
        own, why = _class_of(row, group, subject, shelf)
        if why is None:
            by_class[own or usual].append(row)
        else:
            refused[usual].append(_said(row, why))
    if subject is None:
        return [Refusal("", "subject_not_said")]
    if None in by_class or not by_class:
        return [Refusal("", "class_not_said" if None in by_class or not refused else "no_rows")]
    return [
        _book(layout, shelf, chosen, one, subject, tuple(rows), tuple(refused.get(one, ())))
        for one, rows in by_class.items()
        if one is not None
    ]


def _class_of(
    row: PupilRow, group: ClassGroup | None, subject: Subject | None, shelf: Shelf
) -> tuple[ClassGroup | None, Refusal | None]:
    """The class that a row names, if it names one; and why it cannot be so."""
    named = {"text": row.subject, "subject": subject.name if subject else ""}
    if row.subject and subject is not None and shelf.subject([row.subject]) != subject:
        return None, Refusal(row.address, "row_of_another_subject", named)
    if not row.class_name:
        return None, None
    own = shelf.class_group([row.class_name])
    if own is None:
        said = {"text": row.class_name, "year": shelf.year.name}
        return None, Refusal(row.address, "class_unknown", said)
    if group is not None and own != group:
        said = {"text": row.class_name, "class": group.name}
        return None, Refusal(row.address, "row_of_another_class", said)
    return own, None


def _book(
    layout: Layout,
    shelf: Shelf,
    chosen: Chosen,
    group: ClassGroup,
    subject: Subject,
    rows: tuple[PupilRow, ...],
    refused: tuple[Said, ...],
) -> Found | Refusal:
    taught = shelf.taught(group, subject)
    named = {"class": group.name, "subject": subject.name}
    if taught is None:
        return Refusal("", "subject_not_in_class", named)
    target = chosen.target
    if target is not None and target.place.class_subject_id != taught:
        there, wanted = f"{subject.name} · {group.name}", words.sheet_title(target)
        return Refusal("", "another_sheet", {"there": there, "target": wanted})
    if not shelf.may_enter(taught):
        return Refusal("", "not_assigned", named)
    return Found(layout, group, subject, taught, rows, refused)


# What becomes of its rows --------------------------------------------------------------------------


def _looked(found: Found, shelf: Shelf, chosen: Chosen, actor: User) -> Part:
    layout = found.layout
    refused = [*found.refused]
    pupils: dict[int, list[PupilRow]] = defaultdict(list)
    for row in found.rows:
        pupil = Refusal("", "") if row.refusals else shelf.pupil(found.group, row)
        if isinstance(pupil, Refusal):
            refused += [_said(row, why) for why in row.refusals or (pupil,)]
        else:
            pupils[pupil.id].append(row)
    once = {pk: rows[0] for pk, rows in pupils.items() if len(rows) == 1}
    for rows in pupils.values():
        addresses = ", ".join(row.address for row in rows)
        for row in rows if len(rows) > 1 else ():
            code = {"code": next(iter(row.codes.values())), "addresses": addresses}
            refused.append(_said(row, Refusal(row.address, "code_twice", code)))
    wanted, wrong = [], []
    for pk, row in once.items():
        for cell, key in _cells(row, layout.components, chosen):
            if cell.refusal is not None:
                wrong.append(_said(row, cell.refusal))
            else:
                wanted.append(Wanted(pk, *key, cell.text, None, cell.address))
    place = Place(chosen.term, class_subject_id=found.class_subject_id)
    asked = Asked(place, wanted, layout.sheet, (*refused, *wrong), _notes(layout))
    looked = look(asked, actor, chosen.source)
    if not chosen.source:
        notes = (*looked.part.notes, *differences.said(looked, once))
        looked = replace(looked, part=replace(looked.part, notes=notes))
    return _without_columns(looked, layout)


def _cells(
    row: PupilRow, named: Mapping[str, tuple[str, int]], chosen: Chosen
) -> Iterable[tuple[MarkCell, tuple[str, int]]]:
    """The cells of a row with the component and number of each; results of the other system where they are taken."""
    for cell in row.cells:
        yield cell, named[cell.column]
    for cell in row.averages if chosen.source else ():
        if component := result_of(cell.column, chosen.term):
            yield cell, (component, 1)


def _said(row: PupilRow, refusal: Refusal) -> Said:
    who = " · ".join(filter(None, [next(iter(row.codes.values()), ""), row.full_name]))
    return Said(sentence(refusal), refusal.address, who)


def _notes(layout: Layout) -> list[Said]:
    notes = []
    if layout.unread:
        columns = {"columns": ", ".join(layout.unread)}
        notes.append(Said(_("These columns are not read: %(columns)s.") % columns))
    if count := layout.hidden_rows:
        hidden = ngettext(
            "%(count)s row that is hidden in Excel is read, too.",
            "%(count)s rows that are hidden in Excel are read, too.",
            count,
        )
        notes.append(Said(hidden % {"count": count}))
    return notes


def _without_columns(looked: Looked, layout: Layout) -> Part:
    """The part, where a column that the sheet does not have is refused once and not for every pupil."""
    part = looked.part
    absent = {key for key, head in part.heads.items() if not head}
    if not absent:
        return part
    name_of = {f"{c}-{n}": name for name, (c, n) in layout.components.items()}
    said = [
        Said(words.reason(Why.NO_COLUMN), "", BY_NAME[name_of[key]].heading)
        for key in sorted(absent)
        if key in name_of
    ]
    cells = [one for one in part.cells if f"{one.component}-{one.number}" not in absent]
    heads = {key: head for key, head in part.heads.items() if head}
    return replace(part, cells=tuple(cells), refused=(*part.refused, *said), heads=heads)
