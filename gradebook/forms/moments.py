"""Moments as people type them: by the clock of Viet Nam, whatever that of the server is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from schoolbook.rules.calendar import VIET_NAM

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)
FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M")
SHOWN = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and an hour in Viet Nam; also typed as papers write it, "17:00 22/12/2026"."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format=SHOWN)

    def __init__(self, **options: Any) -> None:
        limits = [MinValueValidator(FIRST), MaxValueValidator(LAST)]
        super().__init__(input_formats=FORMATS, validators=limits, **options)

    def to_python(self, value: Any) -> datetime | None:
        """Read it as a moment in Viet Nam."""
        with timezone.override(VIET_NAM):
            found: datetime | None = super().to_python(value)
        return found

    def prepare_value(self, value: Any) -> Any:
        """Show it as a moment in Viet Nam."""
        return value.astimezone(VIET_NAM).replace(tzinfo=None) if _is_aware(value) else value


def _is_aware(value: Any) -> bool:
    return isinstance(value, datetime) and timezone.is_aware(value)
