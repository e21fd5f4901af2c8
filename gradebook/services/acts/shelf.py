"""What a file of marks is compared with: the classes of a year, what they are taught, and who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gradebook.rules.layout import PupilRow
from gradebook.rules.titles import class_named, keyed_classes, subject_named
from schoolbook import access
from schoolbook.models import ClassGroup, ClassSubject, Enrolment, SchoolYear, Subject, User
from schoolbook.rules.cells import Refusal
from schoolbook.rules.imports import keyed_subjects
from schoolbook.rules.names import search_key
from schoolbook.rules.permissions import Action


@dataclass(frozen=True, slots=True)
class Known:
    """A pupil of a class, by name."""

    id: int
    name: str


class Shelf:
    """The books of one school year, found by what files call them. Built in four queries."""

    def __init__(self, year: SchoolYear, actor: User) -> None:
        self.year = year
        groups = ClassGroup.objects.filter(year=year)
        self._classes = keyed_classes((group.name, group) for group in groups)
        subjects = Subject.objects.filter(school=year.school_id)
        self._subjects = keyed_subjects((one.code, one.name, one) for one in subjects)
        taught = ClassSubject.objects.filter(class_group__year=year)
        self._taught = {
            (group, subject): pk
            for pk, group, subject in taught.values_list("pk", "class_group", "subject")
        }
        entered = access.class_subjects(actor, Action.ENTER_MARKS)
        self._entered = set(entered.filter(class_group__year=year).values_list("pk", flat=True))
        self._pupils: dict[int, dict[str, Known]] = {}

    def class_group(self, names: Iterable[str]) -> ClassGroup | None:
        """The class that one of these names means."""
        return class_named(names, self._classes)

    def subject(self, names: Iterable[str]) -> Subject | None:
        """The subject that one of these names means."""
        return subject_named(names, self._subjects)

    def taught(self, group: ClassGroup, subject: Subject) -> int | None:
        """The subject as it is taught to the class."""
        return self._taught.get((group.pk, subject.pk))

    def may_enter(self, class_subject_id: int) -> bool:
        """Whether this person may enter its marks."""
        return class_subject_id in self._entered

    def load(self, groups: Iterable[ClassGroup]) -> None:
        """Learn who is, or was, in these classes; in one query."""
        places = Enrolment.objects.filter(class_group__in={group.pk for group in groups})
        names = ("class_group", "student", "student__code", "student__national_id")
        found: dict[int, dict[str, Known]] = defaultdict(dict)
        for group, pk, code, national_id, name in places.values_list(*names, "student__full_name"):
            for text in filter(None, (code, national_id)):
                found[group][text.casefold()] = Known(pk, name)
        self._pupils = found

    def pupil(self, group: ClassGroup, row: PupilRow) -> Known | Refusal:
        """The pupil whom a row is about, by its codes and never by the name alone; or why nobody is."""
        known: Mapping[str, Known] = self._pupils.get(group.pk, {})
        found = {
            one.id: one
            for one in (known.get(code.casefold()) for code in row.codes.values())
            if one is not None
        }
        if not found:
            codes = ", ".join(dict.fromkeys(row.codes.values()))
            return Refusal(row.address, "pupil_unknown", {"class": group.name, "code": codes})
        if len(found) > 1:
            return Refusal(row.address, "codes_differ")
        [pupil] = found.values()
        if row.full_name and search_key(row.full_name) != search_key(pupil.name):
            said = {"name": pupil.name, "text": row.full_name}
            return Refusal(row.address, "named_otherwise", said)
        return pupil
