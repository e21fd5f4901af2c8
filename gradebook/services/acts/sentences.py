"""What an import of marks refuses beyond what every import does, as sentences that a person understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from schoolbook.rules.cells import Refusal
from schoolbook.services import imports

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By the ids that gradebook.rules.layout and this package give.
SENTENCES: dict[str, StrOrPromise] = {
    # The sheet as a whole
    "no_mark_columns": _("There is no column of marks here, such as “ĐĐGtx” or “ĐĐGck”."),
    "another_term": _(
        "The title says term %(there)s, but you chose term %(chosen)s. Choose the right term or file."
    ),
    "class_not_said": _(
        "Neither the title nor the name of the sheet says which class it is about."
    ),
    "subject_not_said": _(
        "Neither the title nor the name of the sheet says which subject it is about."
    ),
    "another_sheet": _("This is about %(there)s, but you are importing into %(target)s."),
    "not_assigned": _("%(subject)s in %(class)s is not assigned to you."),
    "sheet_twice": _("Another sheet of this file is about the same class and subject."),
    # Rows
    "row_of_another_class": _("The row says class “%(text)s”, but the title says %(class)s."),
    "row_of_another_subject": _("The row says subject “%(text)s”, but the title says %(subject)s."),
    "pupil_unknown": _("Nobody in class %(class)s has this code: %(code)s."),
    "codes_differ": _("The codes of this row belong to different pupils."),
    "named_otherwise": _("The code belongs to %(name)s, but the file says “%(text)s”."),
    # Cells
    "mark_became_date": _(
        "Excel made a date of this mark: %(text)s. Format the column as text and retype it."
    ),
    "mark_too_precise": _("“%(text)s” has more than one decimal. Nothing is rounded silently."),
    "mark_leading_zero": _("“%(text)s” could be 0,5 or 5. Write it with a comma or without 0."),
}


def sentence(refusal: Refusal) -> str:
    """What was refused, as a sentence in the language of the request; the cell's address is not in it."""
    text = SENTENCES.get(refusal.sentence)
    return imports.sentence(refusal) if text is None else str(text) % dict(refusal.params)
