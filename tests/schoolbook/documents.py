"""Documents that stand in for those of the apps above, so that long work can be tried without them."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404

from schoolbook import registry
from schoolbook.models import School, User
from schoolbook.registry import Composed, Document

SHEET = (
    "<!doctype html><html lang='vi'><head><meta charset='utf-8'>"
    "<link rel='stylesheet' href='asset:document.css'></head><body>{body}</body></html>"
)
KIND = "tests.pages"
# More rows than any page is laid out with in a second, and a text that needs hundreds of megabytes.
ENDLESS = "<table>" + "<tr>" + "<td>8,5</td>" * 40 + "</tr>"
HUGE = "<p>" + "chữ số " * 5_000_000


def sheet(body: str) -> str:
    """A whole part around this."""
    return SHEET.format(body=body)


def compose(user: User, arguments: Mapping[str, object]) -> Composed:
    """So many parts, each of which names the school as it is called now."""
    if arguments.get("wrong") == "gone":
        raise Http404
    if arguments.get("wrong") == "refused":
        raise PermissionDenied
    if arguments.get("wrong") == "fault":
        raise ZeroDivisionError("Nguyễn Thị Thùy Dương")
    school = School.objects.get(pk=user.school_id or 0)
    parts = int(str(arguments.get("parts", 1)))
    body = f"<p>{school.name}</p>" + "<table><tr><td>8,5</td></tr></table>" * int(
        str(arguments.get("rows", 1))
    )
    return Composed("Sổ theo dõi 6A", [sheet(f"<h1>Phần {n + 1}</h1>{body}") for n in range(parts)])


def announce() -> None:
    """Put the kind into the registry."""
    registry.documents.add(Document(KIND, lambda _user, _arguments: "Sổ theo dõi 6A", compose))
