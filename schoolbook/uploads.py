"""Files that people send: what is too big is thrown away as it comes, so it fills neither memory nor disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from schoolbook import excel

# What a form may hold beside its one file.
FORM = 64 * 1024


class Quota(FileUploadHandler):
    """Stands before the handlers that keep a file, and lets no more through than the biggest file that is read.

    The other fields of the form arrive all the same, so that its page can say what was wrong; the form learns of it
    by `was_too_big`.
    """

    def handle_raw_input(self, *args: Any, **_more: Any) -> None:
        """Learn how much is announced."""
        _input, _meta, self._announced, *_rest = args
        self._seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with a file, unless the whole is announced as too big."""
        super().new_file(*args, **kwargs)
        self._seen = 0
        if self._announced > excel.LIMITS.size + FORM:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the chunk on as long as the file is not too big."""
        self._seen += len(raw_data)
        if self._seen > excel.LIMITS.size:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""

    def _refuse(self) -> None:
        refused: set[str] = self.request.__dict__.setdefault("_too_big", set())
        refused.add(str(self.field_name))
        raise SkipFile


def was_too_big(request: HttpRequest, field: str) -> bool:
    """Whether the file of this field was thrown away because of its size."""
    return field in request.__dict__.get("_too_big", set())
