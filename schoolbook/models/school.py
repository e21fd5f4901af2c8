"""The school: the root of everything, and the fence between tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.triggers import audited
from schoolbook.rules import names
from schoolbook.rules.subjects import Level

if TYPE_CHECKING:
    from schoolbook.models.people import User


ABBREVIATION = rf"^{names.ABBREVIATION.pattern}$"
ABBREVIATION_SENTENCE = _(
    "Use 2 to 20 lower-case letters without diacritics, or digits, and no spaces."
)


Row = TypeVar("Row", bound=models.Model)


class OfSchool(models.QuerySet[Row]):
    """Rows that each belong to one school, as far as somebody may know of them."""

    def visible_to(self, user: User) -> Self:
        """Those of this person's school."""
        if not user.is_active or user.school_id is None:
            return self.none()
        return self.filter(school_id=user.school_id)


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools, as far as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """The one school this person works at; none for a system actor or a closed account."""
        if not user.is_active or user.school_id is None:
            return self.none()
        return self.filter(pk=user.school_id)


class School(models.Model):
    """A school or centre, with its particulars as books and forms print them."""

    level = models.CharField(
        _("level"),
        max_length=20,
        choices=[
            (Level.PRIMARY, _("primary school")),
            (Level.LOWER_SECONDARY, _("lower-secondary school")),
            (Level.UPPER_SECONDARY, _("upper-secondary school")),
            (Level.CONTINUING, _("continuing-education centre")),
        ],
    )
    name = models.CharField(_("name"), max_length=200)
    abbreviation = models.CharField(
        _("abbreviation"),
        max_length=20,
        validators=[RegexValidator(ABBREVIATION, ABBREVIATION_SENTENCE)],
        help_text=_("Stands after the point of each user name, as in maiht.thcshm."),
    )
    district = models.CharField(
        _("abbreviation of the district or commune"),
        max_length=20,
        validators=[RegexValidator(ABBREVIATION, ABBREVIATION_SENTENCE)],
        help_text=_("Stands before the school in the name of its administrator's account."),
    )
    address_before = models.CharField(
        _("address until 30 June 2025"),
        max_length=300,
        blank=True,
        help_text=_("As printed on books of school years before the change of local government."),
    )
    address_since = models.CharField(_("address since 1 July 2025"), max_length=300)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SchoolQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="school_name_not_empty"),
            models.CheckConstraint(
                condition=models.Q(abbreviation__regex=ABBREVIATION),
                name="school_abbreviation_plain",
            ),
            models.CheckConstraint(
                condition=models.Q(district__regex=ABBREVIATION), name="school_district_plain"
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=[level.value for level in Level]),
                name="school_level_known",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class Regulation(models.Model):
    """The parameters a school has decided, from a day on; a new decision is a new row (`rules.regulation`)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="regulations")
    number = models.PositiveIntegerField(_("version"))
    in_force_from = models.DateField(_("in force from"))
    decision_number = models.CharField(_("number of the decision"), max_length=60)
    decided_on = models.DateField(_("date of the decision"))
    parameters = models.JSONField()

    history = History(chained=True)

    class Meta:
        verbose_name = _("regulation")
        verbose_name_plural = _("regulations")
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="regulation_number_once"),
            models.CheckConstraint(
                condition=~models.Q(decision_number=""), name="regulation_has_a_decision"
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.school_id}, {self.number}"
