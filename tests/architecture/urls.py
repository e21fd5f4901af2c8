"""Every address of the site, by name, with example arguments: what the walks over all URLs go along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from schoolbook.excel import Heading, write_table
from schoolbook.models import ActivationSlip, ClassGroup, ImportAct, School, SlipKind, Student, User
from schoolbook.rules.imports import ImportKind
from schoolbook.services import imports, slips
from tests import cast


def names() -> list[str]:
    """The full name of every URL; a URL without one cannot have a row in the policy."""
    return sorted(name for name, _pattern in _patterns(get_resolver(), ""))


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry
        else:
            yield from _patterns(
                entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            )


@cache
def arguments(name: str) -> tuple[str, ...]:
    """What the address of this name takes."""
    return tuple(dict(_patterns(get_resolver(), ""))[name].pattern.converters)


def takes_an_id(name: str) -> bool:
    """Whether the address names something that could be another school's."""
    return bool(set(arguments(name)) & set(EXAMPLES))


def address(name: str, school: School) -> str:
    """The address of a URL with an example of that school for each of its arguments."""
    given = {
        argument: EXAMPLES[argument](school) if argument in EXAMPLES else OTHERS[argument]
        for argument in arguments(name)
    }
    return reverse(name, kwargs=given)


def _somebody(school: School) -> User:
    return cast.user(cast.CHI if school == cast.song_lam() else cast.KHANH)


def _slip(school: School) -> ActivationSlip:
    somebody = _somebody(school)
    if found := ActivationSlip.objects.open().filter(user=somebody).first():
        return found
    return slips.issue_as_operator(
        username=somebody.username, kind=SlipKind.PASSWORD, actor=User.objects.system()
    ).slip


def _class_group(school: School) -> ClassGroup:
    """6A, or 10A next door."""
    return ClassGroup.objects.filter(school=school).order_by("id")[0]


def _student(school: School) -> Student:
    """Somebody of that class."""
    return Student.objects.filter(school=school).order_by("id")[0]


def _import(school: School) -> ImportAct:
    """One that was looked at only."""
    if found := ImportAct.objects.filter(school=school).first():
        return found
    return imports.start(
        file=BytesIO(
            write_table([Heading("Mã GV"), Heading("Họ tên")], [["GV9", "Lý Thu"]], sheet="GV")
        ),
        file_name="giao-vien.xlsx",
        kind=ImportKind.STAFF,
        year=None,
        day=None,
        actor=cast.user(cast.AN if school == cast.song_lam() else cast.KHANH),
    )


# Arguments that name something of a school, and those that do not.
EXAMPLES: dict[str, Callable[[School], object]] = {
    "school_id": lambda school: school.pk,
    "user_id": lambda school: _somebody(school).pk,
    "slip_id": lambda school: _slip(school).pk,
    "class_group_id": lambda school: _class_group(school).pk,
    "student_id": lambda school: _student(school).pk,
    "import_id": lambda school: _import(school).pk,
}
OTHERS: dict[str, object] = {"public_id": UUID(int=0), "kind": "students"}
# The arguments whose object is a class or in one: some duties reach only some of them.
IN_A_CLASS = {"class_group_id", "student_id"}
