"""What an import refuses beyond what a cell alone can be wrong in, as sentences that a person understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from schoolbook import excel
from schoolbook.rules.cells import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By the ids that schoolbook.rules.imports and this package give.
SENTENCES: dict[str, StrOrPromise] = {
    # The file as a whole
    "several_tables": _(
        "Several sheets hold such a table: %(sheets)s. Keep one of them in the file, or put them together."
    ),
    "no_rows": _("There is no row below the headings."),
    "another_year": _(
        "The title says school year %(there)s, but you chose %(chosen)s. Choose the right year or file."
    ),
    # Cells
    "too_long": _("This is longer than %(limit)s characters."),
    "not_a_name": _("“%(text)s” is not a name of a person."),
    "class_became_date": _(
        "Excel made a date of the name of the class: %(text)s. Format the column as text and retype it."
    ),
    # Pupils
    "class_unknown": _("There is no class “%(text)s” in the school year %(year)s."),
    "born_in_future": _("The date of birth is in the future."),
    "national_id_taken": _("The pupil with code %(code)s has this identity code already."),
    "national_id_twice": _("The identity code %(code)s stands in several rows: %(addresses)s."),
    "place_planned": _(
        "A change of class is already planned for this pupil in these days. Change it on the pupil's page."
    ),
    # Staff
    "username_unknown": _("There is no account “%(text)s” at this school."),
    "username_of_another": _("The code %(code)s belongs to the account %(username)s."),
    "account_twice": _("Two rows mean the account %(username)s: %(addresses)s."),
    "account_deactivated": _(
        "The account %(username)s is deactivated. Reactivate it on its page first."
    ),
    "namesake": _(
        "The account %(username)s has the same name and no staff code yet. If it is this person, write that user name "
        "into the column “%(heading)s”; if not, give that account its own code first."
    ),
    "no_username": _("No user name can be made of this name."),
    "department_unknown": _("The school has no department “%(text)s”. It has: %(names)s."),
    "departments_planned": _(
        "This person is in several departments, or a change is planned already. Change it on the page of the "
        "department."
    ),
    # Assignments
    "subject_unknown": _("The school does not teach “%(text)s”. Write the subject as in its list."),
    "subject_not_in_class": _("%(class)s does not have the subject %(subject)s. Add it first."),
    "teacher_missing": _("Write the staff code or the user name of the teacher."),
    "teacher_unknown": _("Nobody at this school has the staff code or user name “%(text)s”."),
    "teachers_differ": _("The code belongs to %(code)s, the user name to %(username)s."),
    "teacher_named_otherwise": _("The code belongs to %(name)s, but the file says “%(text)s”."),
    "teacher_deactivated": _("The account of %(name)s is deactivated."),
    "assignment_twice": _("%(what)s stands in several rows: %(addresses)s."),
    "assignment_planned": _(
        "This teacher teaches it beside another, or a change is planned already. Change it on the page of assignments."
    ),
}


def sentence(refusal: Refusal) -> str:
    """What was refused, as a sentence in the language of the request; the cell's address is not in it."""
    text = SENTENCES.get(refusal.sentence)
    return excel.sentence(refusal) if text is None else str(text) % dict(refusal.params)
