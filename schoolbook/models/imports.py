"""Imports of spreadsheets: each is one act that is looked at, then done as a whole, and can be undone (R-026)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.people import User
from schoolbook.models.school import OfSchool, School
from schoolbook.models.structure import SchoolYear
from schoolbook.models.triggers import SameSchool, audited
from schoolbook.rules.imports import ImportKind


class ImportState(models.TextChoices):
    """What became of an import."""

    PREVIEWED = "previewed", _("looked at only")
    APPLIED = "applied", _("applied")
    UNDONE = "undone", _("undone")


KIND_NAMES = {
    ImportKind.STAFF: _("Staff"),
    ImportKind.STUDENTS: _("Pupils with their classes"),
    ImportKind.ASSIGNMENTS: _("Assignments"),
}


def _by_whom_and_when(who: str, when: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
        | Q(**{f"{who}__isnull": False, f"{when}__isnull": False}),
        name=name,
    )


class ImportAct(models.Model):
    """One spreadsheet: what it said, who looked at it, applied it and undid it, and which rows it touched.

    The file itself is not kept. `content` is what was read of it, so that a confirmation needs no second upload;
    `digest` covers it and is in the history. `touched` lists by model, in the order in which it was written, the key
    of each row with its newest history row before (none for a new one) and after.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        _("what it is"),
        max_length=12,
        choices=[(kind.value, KIND_NAMES[kind]) for kind in ImportKind],
    )
    year = models.ForeignKey(
        SchoolYear,
        verbose_name=_("school year"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    day = models.DateField(_("in force from"))
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    content = models.JSONField(editable=False)
    digest = models.CharField(max_length=64)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.PREVIEWED
    )
    new = models.PositiveIntegerField(_("new"))
    changed = models.PositiveIntegerField(_("changed"))
    same = models.PositiveIntegerField(_("the same"))
    refused = models.PositiveIntegerField(_("left out"))
    touched = models.JSONField(default=list, editable=False)
    previewed_by = models.ForeignKey(
        User, verbose_name=_("looked at by"), on_delete=models.PROTECT, related_name="+"
    )
    previewed_at = models.DateTimeField(_("looked at"))
    applied_by = models.ForeignKey(
        User,
        verbose_name=_("applied by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User,
        verbose_name=_("undone by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = OfSchool["ImportAct"].as_manager()
    history = History(excluded_fields=["content"])

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ImportKind]), name="import_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=ImportKind.STAFF.value, year__isnull=True)
                | (~Q(kind=ImportKind.STAFF.value) & Q(year__isnull=False)),
                name="import_has_a_year_unless_of_staff",
            ),
            models.CheckConstraint(
                condition=Q(file_digest__regex=r"^[0-9a-f]{64}$", digest__regex=r"^[0-9a-f]{64}$"),
                name="import_digests_are_digests",
            ),
            models.CheckConstraint(
                condition=Q(state="previewed", applied_at__isnull=True, undone_at__isnull=True)
                | Q(state="applied", applied_at__isnull=False, undone_at__isnull=True)
                | Q(state="undone", applied_at__isnull=False, undone_at__isnull=False),
                name="import_state_as_it_was_done",
            ),
            _by_whom_and_when("applied_by", "applied_at", "import_applied_by_somebody"),
            _by_whom_and_when("undone_by", "undone_at", "import_undone_by_somebody"),
        ]
        indexes = [models.Index(fields=["school", "-id"], name="import_newest")]
        triggers = [*audited(), SameSchool("year", "previewed_by", "applied_by", "undone_by")]

    def __str__(self) -> str:
        return self.file_name
