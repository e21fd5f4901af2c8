"""Acts that write many cells at once: a paste, a fill, an import, and the undoing of one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolbook.models import School, SchoolYear, User
from schoolbook.models.audit import History
from schoolbook.models.school import OfSchool
from schoolbook.models.triggers import SameSchool, audited


class ActKind(models.TextChoices):
    """What kind of act it is."""

    PASTE = "paste", _("paste")
    FILL = "fill", _("fill")
    IMPORT = "import", _("import")
    TAKE_OVER = "take_over", _("taking over from another system")
    BRING = "bring", _("marks brought along from another class")
    UNDO = "undo", _("undoing an act")


class ActState(models.TextChoices):
    """What became of an act."""

    PREVIEWED = "previewed", _("looked at only")
    APPLIED = "applied", _("applied")
    UNDONE = "undone", _("undone")


class EntryAct(models.Model):
    """One act over many cells, perhaps of several sheets: looked at, then done as a whole, and undoable as a whole.

    `content` is what the preview was made from: a list of sheets, each with its cells as they were typed. The cells
    that the act wrote are those whose history rows name it. `undoes` is set on the act that undid another.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=ActKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=ActState.choices)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    file_digest = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    source = models.CharField(_("taken over from"), max_length=60, blank=True)
    content = models.JSONField(default=list, editable=False)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("the same"), default=0)
    refused = models.PositiveIntegerField(_("left out"), default=0)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    applied_at = models.DateTimeField(_("applied at"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by"
    )

    objects = OfSchool["EntryAct"].as_manager()
    history = History(excluded_fields=["content"])

    class Meta:
        verbose_name = _("act of entry")
        verbose_name_plural = _("acts of entry")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ActKind.values), name="entry_act_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state="previewed", applied_at__isnull=True, undone_at__isnull=True)
                | Q(state="applied", applied_at__isnull=False, undone_at__isnull=True)
                | Q(state="undone", applied_at__isnull=False, undone_at__isnull=False),
                name="entry_act_state_as_it_was_done",
            ),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False)
                | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="entry_act_undoes_an_act",
            ),
            models.CheckConstraint(
                condition=~Q(kind="take_over") | ~Q(source=""),
                name="entry_act_takes_over_from_somewhere",
            ),
        ]
        indexes = [models.Index(fields=["made_by", "-id"], name="entry_act_newest")]
        triggers = [*audited(), SameSchool("year", "made_by", "undoes")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
