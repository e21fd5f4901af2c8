"""Long lists: a page of them at a time, and all of them as a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

T = TypeVar("T")
PAGE_SIZE = 50
NOT_IN_A_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Part(Generic[T]):
    """The rows of one page, where they stand in the whole list, and the addresses of the pages beside it."""

    rows: Sequence[T]
    first: int
    last: int
    total: int
    previous_href: str | None
    next_href: str | None


def part_of(
    request: HttpRequest, found: QuerySet[Any, T] | Sequence[T], *, size: int = PAGE_SIZE
) -> Part[T]:
    """The page that `?page=` asks for; the last one if there are not so many, the first for nonsense.

    The addresses of the pages beside it keep everything else that was asked for. A queryset costs two queries.
    """
    asked = request.GET.get("page", "")
    # The paginator takes what is below the first page for what is beyond the last.
    page = Paginator(found, size).get_page(1 if asked.strip().startswith(("-", "0")) else asked)
    return Part(
        rows=list(page.object_list),
        first=page.start_index(),
        last=page.end_index(),
        total=page.paginator.count,
        previous_href=_href(request, page.number - 1) if page.has_previous() else None,
        next_href=_href(request, page.number + 1) if page.has_next() else None,
    )


def with_same_query(request: HttpRequest, address: str) -> str:
    """Another address for the same list: with the filters of this request, without its page."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{address}?{query.urlencode()}" if query else address


def spreadsheet(content: bytes, name: str) -> HttpResponse:
    """A workbook to download, under a name that may have Vietnamese letters and any signs: class 6/1, for instance."""
    response = HttpResponse(content, content_type=XLSX)
    file_name = NOT_IN_A_FILE_NAME.sub("-", name).strip(" .-")
    response["Content-Disposition"] = content_disposition_header(True, f"{file_name}.xlsx")
    return response


def _href(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"
