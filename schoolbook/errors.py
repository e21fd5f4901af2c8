"""What a service raises when it will not do as asked: a sentence for a person, and what the page needs to help.

Missing and foreign objects are Django's `Http404`, too little right is Django's `PermissionDenied`; both come from
`access`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class SchoolbookError(Exception):
    """The root of the errors that a person is told about."""


@dataclass
class Invalid(SchoolbookError):
    """What was sent breaks a rule; the page shows each sentence beside its field and keeps the input."""

    errors: Mapping[str, StrOrPromise] = field(default_factory=dict)

    @classmethod
    def of(cls, error: ValidationError) -> Invalid:
        """What Django's validation found: for each field its first sentence."""
        return cls({name: texts[0] for name, texts in error.message_dict.items()})


@dataclass
class Conflict(SchoolbookError):
    """Somebody else has changed the same thing since it was shown.

    `version` and `values` are the newer state; `author` and `at` say who made it and when.
    """

    version: int
    values: Mapping[str, str]
    author: str
    at: datetime


class SecondFactorMissing(PermissionDenied):
    """The duties give the right, but it sleeps until the person has set up a second factor."""


class SecondFactorNeeded(SchoolbookError):
    """The act asks for a second factor of the last minutes; the page asks for it in place and sends the act again."""
