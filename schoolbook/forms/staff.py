"""Forms of the staff list, duties, departments and the admin board."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolbook import clock
from schoolbook.forms.base import DayField, Refusable, TidyField
from schoolbook.forms.people import ColleagueField, VersionedForm, reason_field
from schoolbook.models import Department, School
from schoolbook.models.duties import DEPARTMENT, TEAM
from schoolbook.rules.board import FEWEST_ON_BOARD, MOST_ON_BOARD
from schoolbook.rules.permissions import CHARGED, Role
from schoolbook.selectors.staff import State, Wanted
from schoolbook.services.duties import BoardMember

KINDS = [(DEPARTMENT, _("department")), (TEAM, _("team"))]


class StaffFilterForm(forms.Form):
    """Which people the staff list shows; nonsense shows everybody."""

    words = forms.CharField(label=_("Name or user name"), required=False, max_length=100)
    department = forms.ChoiceField(label=_("Department"), required=False)
    duty = forms.ChoiceField(label=_("Duty"), required=False)
    state = forms.ChoiceField(
        label=_("Accounts"),
        required=False,
        choices=[
            (State.ACTIVE, _("those who work here")),
            (State.DEACTIVATED, _("deactivated")),
            (State.ALL, _("all accounts")),
        ],
    )

    def __init__(
        self,
        *args: Any,
        departments: Sequence[Department],
        roles: Mapping[Role, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields
        offered["department"].choices = [
            ("", _("all departments")),
            *((str(one.pk), one.name) for one in departments),
        ]
        listed = [*CHARGED, Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER]
        offered["duty"].choices = [("", _("all duties")), *((role, roles[role]) for role in listed)]

    def wanted(self) -> Wanted:
        """What the list is narrowed to."""
        self.is_valid()
        said = self.cleaned_data
        department = said.get("department", "")
        return Wanted(
            words=said.get("words", ""),
            department=int(department) if department else None,
            role=said.get("duty", ""),
            state=State(said.get("state", "")),
        )


class GiveDutyForm(Refusable):
    """Which duty, from when, until when, and what is written down of it."""

    role = forms.ChoiceField(label=_("Duty"))
    begins_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it empty if no end is decided. An inspector always has one."),
    )
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("– none –"),
        help_text=_("Only for a head of department."),
    )
    task = TidyField(
        label=_("Written duty"),
        max_length=300,
        required=False,
        help_text=_("In the words of the decision; for a vice-principal the areas in charge."),
    )
    reason = reason_field()

    def __init__(
        self, *args: Any, school: School, roles: Mapping[Role, str], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"begins_on": clock.today()}
        super().__init__(*args, **kwargs)
        offered: Any = self.fields
        offered["role"].choices = [("", _("– choose –")), *((r, roles[r]) for r in CHARGED)]
        offered["department"].queryset = school.departments.filter(is_active=True).order_by("name")

    def clean(self) -> None:
        """A vice-principal has areas."""
        said = self.cleaned_data
        if said.get("role") == Role.VICE_PRINCIPAL and not said.get("task"):
            self.add_error("task", gettext("Write down which areas this person is in charge of."))


class DepartmentForm(VersionedForm):
    """Name and kind of a department, and whether it is in use."""

    name = TidyField(label=capfirst(_("name")), max_length=100)
    kind = forms.ChoiceField(label=capfirst(_("kind")), choices=KINDS, widget=forms.RadioSelect)
    is_active = forms.BooleanField(label=_("In use"), required=False)
    reason = reason_field()


class OpenDepartmentForm(Refusable):
    """A new department or team."""

    name = TidyField(
        label=_("Name"), max_length=100, help_text=_("As it is called at the school: “Tổ Toán”.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial=DEPARTMENT
    )


class JoinForm(Refusable):
    """Who does something from a day on."""

    user = ColleagueField(label=_("Person"))
    day = DayField(label=_("From"))
    reason = reason_field()

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        kwargs["initial"] = {"day": clock.today()}
        super().__init__(*args, **kwargs)
        self.fields["user"].of(school)  # type: ignore[attr-defined]


class BoardForm(Refusable):
    """The decision, and up to five members, each with a written duty (R-004)."""

    decision_number = TidyField(label=_("Number of the decision"), max_length=60)
    decided_on = DayField(
        label=_("Date of the decision"),
        help_text=_(
            "From this day on the board administers; other administrators end the day before."
        ),
    )
    # Where the service puts what is wrong with the members as a whole.
    members = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        kwargs["initial"] = {"decided_on": clock.today()}
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_ON_BOARD + 1):
            needed = number <= FEWEST_ON_BOARD
            user = ColleagueField(
                label=_("Member %(number)s") % {"number": number}, required=needed
            )
            user.of(school)
            task = TidyField(
                label=_("Written duty of member %(number)s") % {"number": number},
                max_length=300,
                required=needed,
            )
            self.fields[f"user{number}"], self.fields[f"task{number}"] = user, task

    def rows(self) -> Iterator[tuple[Any, Any]]:
        """The two fields of each member."""
        for number in range(1, MOST_ON_BOARD + 1):
            yield self[f"user{number}"], self[f"task{number}"]

    def clean(self) -> None:
        """Each member has a duty, and each duty somebody who has it."""
        for number in range(1, MOST_ON_BOARD + 1):
            user = self.cleaned_data.get(f"user{number}")
            task = self.cleaned_data.get(f"task{number}")
            if user and not task and f"task{number}" not in self.errors:
                sentence = gettext("Write down what this person is charged with.")
                self.add_error(f"task{number}", ValidationError(sentence))
            if task and not user and f"user{number}" not in self.errors:
                sentence = gettext("Choose who is charged with this.")
                self.add_error(f"user{number}", ValidationError(sentence))

    @property
    def board(self) -> list[BoardMember]:
        """The members who were named."""
        said = self.cleaned_data
        return [
            BoardMember(said[f"user{number}"], said[f"task{number}"])
            for number in range(1, MOST_ON_BOARD + 1)
            if said.get(f"user{number}")
        ]
