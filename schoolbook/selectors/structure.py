"""Years, classes and subjects as the pages of the set-up show them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from schoolbook.models import ClassGroup, ClassSubject, School, SchoolYear, Subject
from schoolbook.rules.subjects import Level, usual_subjects
from schoolbook.selectors import history

YEAR_FIELDS = ("term1_begins_on", "term1_ends_on", "term2_begins_on", "term2_ends_on")
CLASS_FIELDS = ("name", "specialised_subject")
SUBJECT_FIELDS = ("name", "assessed_by")
TAUGHT_FIELDS = ("periods", "assessed_by", "in_term1", "in_term2")


def years(school: School) -> QuerySet[Any]:
    """The years of a school, newest first, each with its number of classes; in one query."""
    return school.years.annotate(classes=Count("class_groups")).order_by("-start")


def classes(year: SchoolYear) -> list[Any]:
    """The classes of a year, each with its number of subjects; in one query."""
    found = year.class_groups.select_related("specialised_subject")
    return list(found.annotate(subjects=Count("class_subjects")).order_by("grade", "name"))


def subjects(school: School) -> list[Any]:
    """The subjects of a school in the order of its books, each with its number of classes; in one query."""
    return list(school.subjects.annotate(classes=Count("class_subjects")).order_by("place", "id"))


def taught(group: ClassGroup) -> list[ClassSubject]:
    """The subjects of a class in the order of the books; in one query."""
    found = group.class_subjects.select_related("subject")
    return list(found.order_by("subject__place", "subject__name", "id"))


def usual_lacking(group: ClassGroup, school: School) -> list[Subject]:
    """The subjects that the grade usually has and the class does not; in one query."""
    usual = {entry.code for entry in usual_subjects(Level(school.level), group.grade)}
    lacking = school.subjects.filter(code__in=usual).exclude(class_subjects__class_group=group)
    return list(lacking.order_by("place", "id"))


def lacking(group: ClassGroup, school: School) -> QuerySet[Subject]:
    """All subjects of the school that the class does not have."""
    return school.subjects.exclude(class_subjects__class_group=group).order_by("place", "id")


def parallel(group: ClassGroup) -> list[ClassGroup]:
    """The other classes of the same year and grade; in one query."""
    same = ClassGroup.objects.filter(year_id=group.year_id, grade=group.grade)
    return list(same.exclude(pk=group.pk).order_by("name"))


def mark(row: SchoolYear | ClassGroup | Subject) -> int:
    """The state of a year, class or subject; see `history.mark`."""
    return history.mark(type(row), Q(id=row.pk))


def taught_mark(group: ClassGroup) -> int:
    """The state of the subjects of a class; see `history.mark`."""
    return history.mark(ClassSubject, Q(class_group_id=group.pk))


def panel(row: SchoolYear | ClassGroup | Subject) -> history.Panel:
    """The changes of a year, class or subject; in one or two queries."""
    kinds = {SchoolYear: YEAR_FIELDS, ClassGroup: CLASS_FIELDS, Subject: SUBJECT_FIELDS}
    return history.panel(row, kinds[type(row)])


def taught_panel(group: ClassGroup) -> history.Panel:
    """The changes of the subjects of a class after they were entered; in two queries."""
    return history.panel_of(
        ClassSubject,
        Q(class_group_id=group.pk) & ~Q(history_type="+"),
        TAUGHT_FIELDS,
        related=["subject"],
        about=lambda row: str(row.subject.name),
    )
