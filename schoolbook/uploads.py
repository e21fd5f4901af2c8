"""Files that people send: what is too big is thrown away as it comes, so it fills neither memory nor disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from schoolbook import clock, excel
from schoolbook.models import User
from schoolbook.registry import uploads as announced
from schoolbook.rules.regulation import MOST_EVIDENCE_MEGABYTES
from schoolbook.selectors.schools import regulation_on

# What a form may hold beside its files.
FORM = 64 * 1024
MEGABYTE = 2**20
# What a form with evidence may bring in one go, whatever a school allows for one file.
EVIDENCE = MOST_EVIDENCE_MEGABYTES * MEGABYTE


@dataclass(frozen=True, slots=True)
class Cap:
    """How many bytes a file of this field may have, and all files of its form together."""

    each: int
    together: int


SPREADSHEET = Cap(excel.LIMITS.size, excel.LIMITS.size)


def evidence(user: User) -> int:
    """How many bytes a file of evidence may have, as this person's school has decided."""
    if user.school is None:
        return 0
    return regulation_on(user.school, clock.today()).evidence_megabytes * MEGABYTE


class Quota(FileUploadHandler):
    """Stands before the handlers that keep a file, and lets no more through than the field of this form may bring.

    That is a spreadsheet, where no app has announced anything else (`registry.uploads`). The other fields of the form
    arrive all the same, so that its page can say what was wrong; the form learns of it by `was_too_big`.
    """

    def handle_raw_input(self, *args: Any, **_more: Any) -> None:
        """Learn how much is announced."""
        _input, _meta, self._announced, *_rest = args
        self._seen = self._seen_in_all = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with a file, unless the whole is announced as too big."""
        super().new_file(*args, **kwargs)
        self._seen = 0
        assert self.request is not None
        self._cap = _cap(self.request, str(self.field_name))
        if self._announced > self._cap.together + FORM:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the chunk on as long as the file is not too big, nor are all of them."""
        self._seen += len(raw_data)
        self._seen_in_all += len(raw_data)
        if self._seen > self._cap.each or self._seen_in_all > self._cap.together:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""

    def _refuse(self) -> None:
        refused: dict[str, Cap] = self.request.__dict__.setdefault("_too_big", {})
        refused[str(self.field_name)] = self._cap
        raise SkipFile


def _cap(request: HttpRequest, field_name: str) -> Cap:
    """What this field of the form may bring; only who is signed in may bring more than a spreadsheet."""
    match = getattr(request, "resolver_match", None)
    known = announced.find(match.view_name if match else "", field_name)
    user = getattr(request, "user", None) if known else None
    if known is None or user is None or not user.is_authenticated:
        return SPREADSHEET
    return Cap(known.each(user), known.together)


def was_too_big(request: HttpRequest, field: str) -> bool:
    """Whether a file of this field was thrown away because of its size."""
    return field in request.__dict__.get("_too_big", {})


def refusal(request: HttpRequest, field: str) -> str:
    """Why a file of this field was thrown away, in a sentence; empty if none was."""
    cap: Cap | None = request.__dict__.get("_too_big", {}).get(field)
    if cap is None:
        return ""
    each, together = cap.each // MEGABYTE, cap.together // MEGABYTE
    if together <= each:
        return _("The file is bigger than %(megabytes)s MB. Scan it anew in less detail.") % {
            "megabytes": each
        }
    return _(
        "A file may have %(each)s MB, and all together %(together)s MB: send them one by one, or scan them anew in "
        "less detail."
    ) % {"each": each, "together": together}
