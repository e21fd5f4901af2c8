"""The form of a school's regulation: every parameter in plain language, and the decision behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolbook import clock
from schoolbook.forms.base import DayField, TidyField
from schoolbook.forms.people import ColleagueField, VersionedForm
from schoolbook.models import School
from schoolbook.models.duties import ROLE_NAMES
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import (
    APPROVERS,
    LAST_DAY_TO_CLOSE,
    LIMITS,
    WORDS,
    FormNeeded,
    Regulation,
    SignOffMode,
)
from schoolbook.selectors.schools import WITNESS_NAMES

LONGEST_WORD = 60
PUPIL = _("pupil")


def _number(name: str, **options: Any) -> forms.IntegerField:
    least, most = LIMITS[name]
    return forms.IntegerField(min_value=least, max_value=most, **options)


class RegulationForm(VersionedForm):
    """A new version of the regulation; field names are those of the parameters."""

    correction_approver = forms.ChoiceField(
        label=_("Who approves the correction of a mark"),
        choices=[(role, ROLE_NAMES[role]) for role in APPROVERS],
    )
    correction_witnesses = forms.MultipleChoiceField(
        label=_("Who has to witness a correction"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(WITNESS_NAMES.items()),
    )
    correction_deputy = ColleagueField(
        label=_("Who decides where nobody else can"),
        required=False,
        empty_label=_("– nobody –"),
        help_text=_(
            "Nobody approves what they asked for themselves. Then a principal decides, or a vice-principal; "
            "this person, if there is no other."
        ),
    )
    correction_form = forms.ChoiceField(
        label=_("When a change of a mark needs the paper form"),
        choices=[
            (FormNeeded.ALWAYS, _("always")),
            (FormNeeded.AFTER_WINDOW, _("after the time for entry is over")),
            (FormNeeded.AFTER_LOCK, _("after the book is locked")),
        ],
    )
    evidence_megabytes = _number(
        "evidence_megabytes", label=_("Megabytes that a file of evidence may have")
    )
    attendance_close_day = forms.IntegerField(
        label=_("Day of the month on which the attendance of the month before closes"),
        min_value=1,
        max_value=LAST_DAY_TO_CLOSE,
    )
    attendance_close_inclusive = forms.BooleanField(
        label=_("On that day itself it can still be changed"), required=False
    )
    attendance_auto_unexcused = forms.BooleanField(
        label=_("An absence without a word by then counts as without permission"), required=False
    )
    seal_on_sign_out = forms.BooleanField(
        label=_("Marks are sealed when the teacher signs out"),
        required=False,
        help_text=_("A later change is then a correction."),
    )
    sign_off = forms.ChoiceField(
        label=_("How books are signed"),
        choices=[
            (SignOffMode.PAPER, _("on paper, after printing")),
            (SignOffMode.ELECTRONIC, _("by a confirmation in the program")),
            (SignOffMode.CERTIFICATE, _("with a digital certificate")),
        ],
    )
    lock_decider = forms.ChoiceField(
        label=_("Who decides about windows of entry, locks and unlocks, beside the principal"),
        choices=[(role, ROLE_NAMES[role]) for role in APPROVERS],
    )
    remind_days = _number(
        "remind_days", label=_("Days before the end of entry on which teachers are reminded")
    )
    extra_regular = _number(
        "extra_regular",
        label=_("Regular assessments more than the circular asks for that a teacher may give"),
    )
    password_reminder_days = _number(
        "password_reminder_days", label=_("Days after which people are reminded of their password")
    )
    idle_minutes = _number(
        "idle_minutes", label=_("Minutes without use after which a session ends")
    )
    idle_minutes_admin = _number(
        "idle_minutes_admin", label=_("The same for those who manage accounts")
    )
    in_force_from = DayField(
        label=_("In force from"),
        help_text=_("What was before stays under the version of its time."),
    )
    decision_number = TidyField(label=_("Number of the decision"), max_length=60)
    decided_on = DayField(label=_("Date of the decision"))

    def __init__(
        self, *args: Any, present: Regulation, school: School | None = None, **kwargs: Any
    ) -> None:
        today = clock.today()
        kwargs["initial"] = {**initial(present), "in_force_from": today, "decided_on": today}
        super().__init__(*args, **kwargs)
        if school:
            deputy: Any = self.fields["correction_deputy"]
            deputy.of(school)
        for key in WORDS:
            self.fields[f"word_{key}"] = TidyField(
                label=usual_word(key), max_length=LONGEST_WORD, required=False
            )

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields under headings, in the order of the page."""
        words = [self[f"word_{key}"] for key in WORDS]
        return [
            (
                gettext("Corrections"),
                [*self._some("correction_"), self["evidence_megabytes"]],
            ),
            (gettext("Attendance"), self._some("attendance_")),
            (
                gettext("Books"),
                [
                    self["lock_decider"],
                    self["remind_days"],
                    self["seal_on_sign_out"],
                    self["sign_off"],
                    self["extra_regular"],
                ],
            ),
            (gettext("Accounts"), [self["password_reminder_days"], *self._some("idle_")]),
            (gettext("Own words, where the usual one is not used"), words),
            (
                gettext("The decision"),
                [self["decision_number"], self["decided_on"], self["in_force_from"]],
            ),
        ]

    def _some(self, prefix: str) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def parameters(self) -> Regulation:
        """What was chosen, once the form is valid."""
        said = self.cleaned_data
        chosen = {one.name: said[one.name] for one in fields(Regulation) if one.name != "words"}
        chosen["correction_deputy"] = getattr(said["correction_deputy"], "pk", None)
        words = {key: said[f"word_{key}"] for key in WORDS if said[f"word_{key}"]}
        return Regulation.from_json({**chosen, "words": words})


def usual_word(key: str) -> Any:
    """What something is called where the school has no word of its own."""
    return PUPIL if key == "pupil" else ROLE_NAMES[Role(key)]


def initial(present: Regulation) -> dict[str, Any]:
    """The parameters by the names of the fields."""
    plain = present.as_json()
    words = plain.pop("words")
    return {**plain, **{f"word_{key}": words.get(key, "") for key in WORDS}}


def described(
    regulation: Regulation, deputies: Mapping[int, str] | None = None
) -> list[tuple[Any, str]]:
    """Every parameter with its value in words, own words only where there are any; `deputies` gives names by id."""
    form = RegulationForm(present=regulation, version=0)
    lines: list[tuple[Any, str]] = []
    for name, value in initial(regulation).items():
        field: Any = form.fields[name]
        if name == "correction_deputy":
            lines.append((field.label, (deputies or {}).get(value) or gettext("nobody")))
        elif not name.startswith("word_"):
            lines.append((field.label, _in_words(field, value)))
        elif value:
            lines.append((gettext("Own word for “%(word)s”") % {"word": field.label}, str(value)))
    return lines


def _in_words(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if not hasattr(field, "choices"):
        return str(value)
    names = dict(field.choices)
    many = value if isinstance(value, list) else [value]
    return ", ".join(str(names[one]) for one in many) or gettext("nobody")
