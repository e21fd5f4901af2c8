"""Every address of the site, by name, with example arguments: what the walks over all URLs go along."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from schoolbook.models import ActivationSlip, School, SlipKind, User
from schoolbook.services import slips
from tests import cast


def names() -> list[str]:
    """The full name of every URL; a URL without one cannot have a row in the policy."""
    return sorted(_names(get_resolver(), ""))


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"
        else:
            yield from _names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


def takes_an_id(name: str) -> bool:
    """Whether the address names something that could be another school's."""
    return name.removeprefix("schoolbook:") in {*OF_A_SCHOOL, *OF_AN_ACCOUNT, "confirm_slip"}


OF_A_SCHOOL = ("school", "edit_school", "school_history")
OF_AN_ACCOUNT = ("account", "issue_slip", "deactivate", "reactivate")


def address(name: str, school: School) -> str:
    """The address of a URL for a school; new kinds of arguments are added here."""
    short = name.removeprefix("schoolbook:")
    arguments: dict[str, object] = {}
    if short in OF_A_SCHOOL:
        arguments = {"school_id": school.pk}
    elif short in OF_AN_ACCOUNT:
        arguments = {"user_id": _somebody(school).pk}
    elif short == "confirm_slip":
        arguments = {"slip_id": _slip(school).pk}
    elif short == "end_session":
        arguments = {"public_id": UUID(int=0)}
    return reverse(name, kwargs=arguments)


def _somebody(school: School) -> User:
    return cast.user(cast.CHI if school == cast.song_lam() else cast.KHANH)


def _slip(school: School) -> ActivationSlip:
    somebody = _somebody(school)
    if found := ActivationSlip.objects.open().filter(user=somebody).first():
        return found
    return slips.issue_as_operator(
        username=somebody.username, kind=SlipKind.PASSWORD, actor=User.objects.system()
    ).slip
