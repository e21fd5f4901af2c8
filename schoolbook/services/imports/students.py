"""Pupils with their classes, matched by the pupil code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schoolbook import clock
from schoolbook.models import ClassGroup, Enrolment, ImportAct, SchoolYear, Student
from schoolbook.rules import names
from schoolbook.rules.imports import class_keys
from schoolbook.rules.preview import Entry, Outcome
from schoolbook.rules.tables import Row
from schoolbook.services import rows as row_service
from schoolbook.services.imports.plan import KEY, LAST_DAY, Comparison, Plan
from schoolbook.services.imports.writing import Writer

# The particulars that a row may bring, and what a new pupil has where it brings none.
PARTICULARS = (
    "code",
    "full_name",
    "born_on",
    "sex",
    "national_id",
    "birth_place",
    "ethnicity",
    "priority",
    "address",
    "note",
)
KEYS = ("sort_key", "search_key", "exact_key")
WITH_CLASS = "class_name"


class Classes:
    """The classes of a year by how people write them."""

    def __init__(self, year: SchoolYear) -> None:
        self._close: dict[str, ClassGroup] = {}
        self._loose: dict[str, list[ClassGroup]] = {}
        for group in ClassGroup.objects.filter(year=year):
            close, loose = class_keys(group.name)
            self._close[close] = group
            self._loose.setdefault(loose, []).append(group)

    def find(self, text: str) -> ClassGroup | None:
        """The class of this name; none too where two are meant alike, such as 6/1 and 61."""
        close, loose = class_keys(text)
        meant = self._loose.get(loose, [])
        return self._close.get(close) or (meant[0] if len(meant) == 1 else None)


@dataclass(frozen=True)
class Known:
    """What the school has already: pupils by their code, those withdrawn apart, and who has which identity code."""

    standing: Mapping[str, int]
    withdrawn: Mapping[str, int]
    national_ids: Mapping[str, tuple[int, str]]
    pupils: Mapping[int, Student]
    places: Mapping[int, list[Enrolment]]

    def find(self, code: str) -> Student | None:
        """The pupil of this code."""
        return self.pupils.get(self.standing.get(code.casefold(), 0))


def plan(act: ImportAct, *, lock: bool) -> Plan:
    """Compare the rows of the act with the pupils of the school; five queries, whatever their number."""
    assert act.year is not None
    comparison = Comparison(act)
    known = _known(act, comparison.good_rows(), lock=lock)
    classes = Classes(act.year)
    for row in comparison.good_rows():
        _compare(row, comparison, known, classes, act)
    comparison.refuse_repeated("national_id", "national_id_twice", "code", of="national_id")
    return Plan(comparison.preview(), _Write(act, known, classes))


def _known(act: ImportAct, found: Sequence[Row], *, lock: bool) -> Known:
    codes = {str(row.values["code"]).casefold() for row in found}
    standing: dict[str, int] = {}
    withdrawn: dict[str, int] = {}
    national_ids: dict[str, tuple[int, str]] = {}
    everybody = Student.every.filter(school=act.school_id).order_by("pk")
    for key, code, national_id, withdrawn_on in everybody.values_list(
        "pk", "code", "national_id", "withdrawn_on"
    ):
        if withdrawn_on is None and national_id:
            national_ids[national_id] = (key, code)
        if code.casefold() in codes:
            (standing if withdrawn_on is None else withdrawn)[code.casefold()] = key
    pupils = Student.every.filter(pk__in={*standing.values(), *withdrawn.values()}).order_by("pk")
    places = (
        Enrolment.objects.filter(student__in=list(standing.values()))
        .between(act.day, LAST_DAY)
        .select_related("class_group__year")
        .order_by("pk")
    )
    if lock:
        pupils = pupils.select_for_update(no_key=True, of=("self",))
        places = places.select_for_update(no_key=True, of=("self",))
    by_pupil: dict[int, list[Enrolment]] = {}
    in_order = {pupil.pk: pupil for pupil in pupils}
    for place in places:
        by_pupil.setdefault(place.student_id, []).append(place)
    return Known(standing, withdrawn, national_ids, in_order, by_pupil)


def _compare(
    row: Row, comparison: Comparison, known: Known, classes: Classes, act: ImportAct
) -> None:
    assert act.year is not None
    values: dict[str, Any] = dict(row.values)
    pupil = known.find(values["code"])
    values[KEY] = values["code"] = pupil.code if pupil else values["code"]
    group = classes.find(values[WITH_CLASS])
    if group is None:
        named = {"text": values[WITH_CLASS], "year": act.year.name}
        comparison.refuse(row, WITH_CLASS, "class_unknown", **named)
    else:
        values[WITH_CLASS] = group.name
    if values["born_on"] >= clock.today():
        comparison.refuse(row, "born_on", "born_in_future")
    holder = known.national_ids.get(values.get("national_id", ""))
    if holder and holder[0] != (pupil.pk if pupil else None):
        comparison.refuse(row, "national_id", "national_id_taken", code=holder[1])
    if pupil:
        places = known.places.get(pupil.pk, [])
        present = {name: getattr(pupil, name) for name in PARTICULARS}
        present[WITH_CLASS] = _class_now(places, act.day, act.year)
        comparison.present[values[KEY]] = present
        if present[WITH_CLASS] != values[WITH_CLASS] and not _free(places, act.day):
            comparison.refuse(row, WITH_CLASS, "place_planned")
    comparison.take(row, values)


def _class_now(places: Sequence[Enrolment], day: date, year: SchoolYear) -> str:
    for place in places:
        if place.begins_on <= day:
            group = place.class_group
            return group.name if group.year_id == year.pk else f"{group.name} ({group.year.name})"
    return ""


def _free(places: Sequence[Enrolment], day: date) -> bool:
    """Whether nothing is known of the time from that day on but, at most, that the present place goes on."""
    return all(place.begins_on <= day and place.ends_on is None for place in places)


class _Write:
    """Writes pupils and then their places: those that end first, so that the new ones find room."""

    def __init__(self, act: ImportAct, known: Known, classes: Classes) -> None:
        self.act, self.known, self.classes = act, known, classes

    def __call__(self, entries: Sequence[Entry], writer: Writer) -> None:
        pupils = {entry.code: self._pupil(entry) for entry in entries}
        particulars = {
            entry.code
            for entry in entries
            if entry.outcome is Outcome.NEW or any(c.field != WITH_CLASS for c in entry.changes)
        }
        written = [pupils[code] for code in pupils if code in particulars]
        fields = (*PARTICULARS, *KEYS, "version", "withdrawn_on")
        writer.change([pupil for pupil in written if pupil.pk], fields)
        writer.make([pupil for pupil in written if not pupil.pk])
        moving = [entry for entry in entries if self._moves(entry)]
        ended = [
            close_before(place, self.act.day)
            for entry in moving
            for place in self.known.places.get(pupils[entry.code].pk, ())
        ]
        writer.change(ended, ("ends_on", "withdrawn_on", "end_reason"))
        writer.make([self._place(entry, pupils[entry.code]) for entry in moving])

    def _pupil(self, entry: Entry) -> Student:
        """The pupil as the row wants it; one who was withdrawn comes back as if entered for the first time."""
        pupil = self.known.find(entry.code)
        wanted = {name: entry.values[name] for name in PARTICULARS if name in entry.values}
        if pupil is None:
            there = self.known.pupils.get(self.known.withdrawn.get(entry.code.casefold(), 0))
            pupil = there or Student(school_id=self.act.school_id, version=0)
            wanted = {name: wanted.get(name, "") for name in PARTICULARS}
            pupil.withdrawn_on = None
        for name, value in wanted.items():
            setattr(pupil, name, value)
        pupil.version += 1
        pupil.sort_key = names.sort_key(pupil.full_name)
        pupil.search_key = names.search_key(pupil.full_name)
        pupil.exact_key = names.exact_key(pupil.full_name)
        return pupil

    @staticmethod
    def _moves(entry: Entry) -> bool:
        new = entry.outcome is Outcome.NEW
        return new or any(change.field == WITH_CLASS for change in entry.changes)

    def _place(self, entry: Entry, pupil: Student) -> Enrolment:
        return Enrolment(
            school_id=self.act.school_id,
            student=pupil,
            class_group=self.classes.find(str(entry.values[WITH_CLASS])),
            begins_on=self.act.day,
        )


def close_before(row: Any, day: date) -> Any:
    """Let a dated row end the day before; one that would only begin on that day should never have been."""
    if row.begins_on == day:
        row.withdrawn_on = clock.today()
    else:
        row.ends_on = row_service.day_before(day)
    return row
