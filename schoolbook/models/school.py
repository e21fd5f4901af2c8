"""The school: the root of everything, and the fence between tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.triggers import audited
from schoolbook.rules import names

if TYPE_CHECKING:
    from schoolbook.models.people import User


ABBREVIATION = rf"^{names.ABBREVIATION.pattern}$"
ABBREVIATION_SENTENCE = _(
    "Use 2 to 20 lower-case letters without diacritics, or digits, and no spaces."
)


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools, as far as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """The one school this person works at; none for a system actor or a closed account."""
        if not user.is_active or user.school_id is None:
            return self.none()
        return self.filter(pk=user.school_id)


class School(models.Model):
    """A school or centre, with its particulars as books and forms print them."""

    name = models.CharField(_("name"), max_length=200)
    abbreviation = models.CharField(
        _("abbreviation"),
        max_length=20,
        validators=[RegexValidator(ABBREVIATION, ABBREVIATION_SENTENCE)],
        help_text=_("Stands after the point of each user name, as in maiht.thcshm."),
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
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name
