"""Asking for locks and unlocks, deciding about them, and which of them a list shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from gradebook import words
from gradebook.access_locks import Askable
from gradebook.forms.moments import MomentField
from gradebook.models import BookKind, Freezes, LockKind, LockState
from gradebook.models.names import LONGEST_REASON
from gradebook.rules.closing import LockScope
from gradebook.rules.columns import MOST_NUMBER
from gradebook.selectors import locks as found
from gradebook.selectors import windows
from gradebook.services.locks import Asked
from schoolbook import clock
from schoolbook.forms.base import Refusable, TidyField
from schoolbook.jinja import format_date_time
from schoolbook.models import ClassGroup, SchoolYear, Student, Subject
from schoolbook.rules.calendar import VIET_NAM
from schoolbook.selectors import classes
from schoolbook.selectors import years as years_of

EVENING, CLOSING_TIME = time(23, 59), time(17, 0)
OTHER = "other"
LARGEST_ID = 2**63 - 1


def proposed_ends(now: datetime) -> dict[str, datetime]:
    """Ends of an unlock that one may mean: in two hours, tonight, tomorrow and in three days at five."""
    here = now.astimezone(VIET_NAM)

    def on(days: int, at: time) -> datetime:
        return datetime.combine(here.date() + timedelta(days=days), at, VIET_NAM)

    return {
        "hours": (here + timedelta(hours=2)).replace(second=0, microsecond=0),
        "tonight": on(0, EVENING),
        "tomorrow": on(1, CLOSING_TIME),
        "days": on(3, CLOSING_TIME),
    }


def _components(year: SchoolYear) -> list[tuple[str, Any]]:
    known = dict.fromkeys(component for _term, component in windows.components(year))
    return [("", _("all columns")), *((one, words.component_named(one)) for one in known)]


class _Scope(Refusable):
    """What both forms of asking have: the columns and the pupil, why, and for an unlock until when."""

    term = forms.TypedChoiceField(
        label=_("Term"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("whole year")), (1, _("term 1")), (2, _("term 2"))],
    )
    component = forms.ChoiceField(label=_("Column"), required=False)
    number = forms.IntegerField(
        label=_("Number of the column"),
        required=False,
        min_value=1,
        max_value=MOST_NUMBER,
        help_text=_("For instance 2 for ĐĐGtx 2. Empty for all of them."),
    )
    student = forms.ModelChoiceField(
        Student.objects.none(), label=_("Pupil"), required=False, empty_label=_("all pupils")
    )
    end = forms.ChoiceField(
        label=_("Unlocked until"), required=False, widget=forms.RadioSelect, initial="tomorrow"
    )
    ends_at = MomentField(label=_("Another moment"), required=False)
    reason = TidyField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The one who decides reads it. It stays in the history."),
    )

    def __init__(
        self, data: QueryDict | None, *, year: SchoolYear, initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.year = year
        self._field("component").choices = _components(year)
        self.ends = proposed_ends(clock.now())
        self._field("end").choices = [
            *((name, format_date_time(at)) for name, at in self.ends.items()),
            (OTHER, _("another moment")),
        ]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _offer_pupils(self, group: ClassGroup | None) -> None:
        """The pupils of the class that was chosen; without one, no pupil can be chosen."""
        if group is None:
            del self.fields["student"]
            return
        self._field("student").queryset = found.pupils_of(group)
        self._field("student").label_from_instance = lambda one: one.full_name

    def _typed(self, name: str) -> str:
        """What stands in a field now, sent or proposed."""
        return str(self.data.get(name, "") if self.is_bound else self.initial.get(name) or "")

    def clean(self) -> dict[str, Any]:
        """The number is one of a column; an unlock has an end."""
        super().clean()
        said = self.cleaned_data
        if said.get("number") and not said.get("component"):
            self.add_error("number", _("Choose the column first."))
        if self.kind == LockKind.UNLOCK and "ends_at" not in self.errors:
            chosen = said.get("end") or OTHER
            said["ends_at"] = said.get("ends_at") if chosen == OTHER else self.ends.get(chosen)
            if said["ends_at"] is None:
                self.add_error("ends_at", _("Say until when."))
        return said

    @property
    def kind(self) -> str:
        """Whether it is to be locked or unlocked."""
        return LockKind.UNLOCK

    def _asked(self, freezes: str = "", **scope: Any) -> Asked:
        said = self.cleaned_data
        student = said.get("student")
        return Asked(
            year_id=self.year.pk,
            kind=self.kind,
            scope=LockScope(
                term=said["term"],
                component=said["component"],
                number=said["number"],
                student_id=student.pk if student else None,
                **scope,
            ),
            reason=said["reason"],
            freezes=freezes,
            ends_at=said["ends_at"] if self.kind == LockKind.UNLOCK else None,
        )


class AskOwnForm(_Scope):
    """A teacher asks that a sheet of one's own be unlocked."""

    sheet = forms.ChoiceField(label=_("Sheet of marks"))
    field_order = (
        "sheet",
        "term",
        "component",
        "number",
        "student",
        "end",
        "ends_at",
        "reason",
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        year: SchoolYear,
        askable: Askable,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, year=year, initial=initial)
        self.sheets: dict[str, tuple[ClassGroup, int | None]] = {}
        choices = []
        for taught in askable.subjects:
            name = f"s{taught.pk}"
            self.sheets[name] = (taught.class_group, taught.subject_id)
            choices.append((name, f"{taught.subject.name} · {taught.class_group.name}"))
        for group in askable.groups:
            name = f"c{group.pk}"
            self.sheets[name] = (group, None)
            choices.append((name, f"{group.name} · {words.BOOKS[BookKind.CLASS]}"))
        self._field("sheet").choices = choices
        if "sheet" not in self.initial and len(choices) == 1:
            self.initial["sheet"] = choices[0][0]
        chosen = self.sheets.get(self._typed("sheet"))
        self._offer_pupils(chosen[0] if chosen else None)

    @property
    def asked(self) -> Asked:
        """The request, once the form is valid."""
        group, subject_id = self.sheets[self.cleaned_data["sheet"]]
        book = "" if subject_id else BookKind.CLASS.value
        return self._asked(class_group_id=group.pk, subject_id=subject_id, book=book)


class AskForm(_Scope):
    """Leaders and administrators ask for a lock or an unlock of anything."""

    kind_asked = forms.ChoiceField(
        label=_("What is asked for"),
        choices=[(LockKind.LOCK, _("Lock")), (LockKind.UNLOCK, _("Unlock for some time"))],
        widget=forms.RadioSelect,
        initial=LockKind.LOCK,
    )
    freezes = forms.ChoiceField(
        label=_("What is locked"),
        required=False,
        choices=[(one.value, capfirst(one.label)) for one in reversed(Freezes)],
        widget=forms.RadioSelect,
        initial=Freezes.ENTRY,
        help_text=_("Only for a lock."),
    )
    grade = forms.TypedChoiceField(label=_("Grade"), required=False, coerce=int, empty_value=None)
    class_group = forms.ModelChoiceField(
        ClassGroup.objects.none(), label=_("Class"), required=False, empty_label=_("all classes")
    )
    subject = forms.ModelChoiceField(
        Subject.objects.none(), label=_("Subject"), required=False, empty_label=_("all subjects")
    )
    book = forms.ChoiceField(
        label=_("Kind of book"),
        required=False,
        choices=[
            ("", _("all books")),
            *((one, capfirst(name)) for one, name in words.BOOKS.items()),
        ],
    )
    field_order = (
        "kind_asked",
        "freezes",
        "grade",
        "class_group",
        "subject",
        "book",
        "term",
        "component",
        "number",
        "student",
        "end",
        "ends_at",
        "reason",
    )

    def __init__(
        self, data: QueryDict | None, *, year: SchoolYear, initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, year=year, initial=initial)
        groups = classes.in_order(ClassGroup.objects.filter(year=year))
        self._field("grade").choices = [
            ("", _("all grades")),
            *((grade, words.grade_said(grade)) for grade in windows.grades(year)),
        ]
        self._field("class_group").queryset = groups
        self._field("class_group").label_from_instance = lambda one: one.name
        subjects = Subject.objects.filter(school=year.school).order_by("place", "pk")
        self._field("subject").queryset = subjects
        self._field("subject").label_from_instance = lambda one: one.name
        self._field("end").help_text = _("Only for an unlock, which ends by itself.")
        self._offer_pupils(_one_of(groups, self._typed("class_group")))

    @property
    def kind(self) -> str:
        """As it was chosen."""
        return str(self.cleaned_data.get("kind_asked") or LockKind.LOCK)

    def clean(self) -> dict[str, Any]:
        """A lock says what it locks; a class has its grade; the book of conduct has no subject."""
        said = super().clean()
        if self.kind == LockKind.LOCK and not said.get("freezes"):
            self.add_error("freezes", _("Say what is to be locked."))
        if said.get("subject") and said.get("book") == BookKind.CLASS:
            self.add_error("book", _("Conduct and remarks of the class belong to no subject."))
        group, grade = said.get("class_group"), said.get("grade")
        if group and grade and group.grade != grade:
            self.add_error("class_group", _("This class is not of that grade."))
        return said

    @property
    def asked(self) -> Asked:
        """The request, once the form is valid."""
        said = self.cleaned_data
        group, subject = said["class_group"], said["subject"]
        return self._asked(
            said["freezes"] if self.kind == LockKind.LOCK else "",
            grade=None if group else said["grade"],
            class_group_id=group.pk if group else None,
            subject_id=subject.pk if subject else None,
            book=said["book"],
        )


def _one_of(rows: QuerySet[ClassGroup], typed: str) -> ClassGroup | None:
    if not typed.isdecimal() or not typed.isascii() or int(typed) > LARGEST_ID:
        return None
    return rows.filter(pk=int(typed)).first()


class DecideForm(Refusable):
    """Agreeing to a request, or refusing it with words."""

    agreed = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Agree")), ("no", _("Refuse"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    decision_number = TidyField(label=_("Number of the decision"), required=False, max_length=60)
    decision = TidyField(
        label=_("Words of the decision"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("A refusal says why."),
    )
    ends_at = MomentField(
        label=_("Another end"),
        required=False,
        help_text=_("Only if the unlock is to end at another moment than was asked for."),
    )
    field_order = ("agreed", "ends_at", "decision_number", "decision")

    def __init__(self, data: QueryDict | None = None, *, kind: str) -> None:
        super().__init__(data)
        if kind != LockKind.UNLOCK:
            del self.fields["ends_at"]


class LocksFilterForm(forms.Form):
    """Which requests the list shows."""

    year = forms.ChoiceField(label=_("School year"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *((one.value, capfirst(one.label)) for one in LockState)],
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("all")), *((one.value, capfirst(one.label)) for one in LockKind)],
    )
    class_group = forms.ModelChoiceField(
        ClassGroup.objects.none(), label=_("Class"), required=False, empty_label=_("all classes")
    )

    def __init__(self, data: QueryDict, *, years: Sequence[SchoolYear]) -> None:
        sent = data.copy()
        self.of_year = years_of.asked(years, sent.get("year", ""))
        sent["year"] = str(self.of_year.start) if self.of_year else ""
        super().__init__(sent)
        field: Any = self.fields["year"]
        field.choices = [(str(year.start), year.name) for year in years]
        groups: Any = self.fields["class_group"]
        groups.queryset = classes.in_order(ClassGroup.objects.filter(year=self.of_year))
        groups.label_from_instance = lambda one: one.name
        self.full_clean()

    @property
    def wanted(self) -> found.Wanted:
        """What was asked for, as far as it makes sense."""
        said = self.cleaned_data
        return found.Wanted(
            state=said.get("state") or "",
            kind=said.get("kind") or "",
            class_group=said.get("class_group"),
        )


def prefilled(query: QueryDict, askable: Askable) -> dict[str, Any]:
    """What the address proposes for a request: a sheet, a column, a cell, a grade, whether to lock."""
    names = ("term", "component", "number", "student", "class_group", "subject", "grade", "book")
    said: dict[str, Any] = {name: query[name] for name in names if query.get(name)}
    if query.get("kind") in set(LockKind):
        said["kind_asked"] = query["kind"]
    if not askable.everything:
        for taught in askable.subjects:
            if query.get("class_subject") == str(taught.pk):
                said["sheet"] = f"s{taught.pk}"
        if query.get("book") == BookKind.CLASS and query.get("class_group"):
            said["sheet"] = f"c{query['class_group']}"
    return said
