"""What leaders keep about the progress of books: lateness, figures of a month, remarks."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gradebook.models.windows import Window
from schoolbook.models import ClassGroup, ClassSubject, School, User
from schoolbook.models.audit import History
from schoolbook.models.school import OfSchool
from schoolbook.models.triggers import SameSchool, audited

LONGEST_REMARK = 2000


class Lateness(models.Model):
    """What was missing on a sheet when a window closed, as of that very moment (R-109)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(
        ClassSubject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    required = models.PositiveIntegerField(_("required"))
    missing = models.PositiveIntegerField(_("missing"))
    teachers = ArrayField(
        models.CharField(max_length=150), verbose_name=_("teachers"), default=list
    )
    as_of = models.DateTimeField(_("as of"))

    objects = OfSchool.as_manager()
    history = History()

    class Meta:
        verbose_name = _("lateness")
        verbose_name_plural = _("lateness")
        constraints = [
            models.UniqueConstraint(
                fields=["window", "class_group", "class_subject"],
                name="lateness_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(missing__gte=0, missing__lte=F("required")), name="lateness_plausible"
            ),
        ]
        triggers = [*audited(), SameSchool("window", "class_group", "class_subject")]

    def __str__(self) -> str:
        return f"{self.window_id}, {self.class_group_id}, {self.class_subject_id}"


class MonthFigure(models.Model):
    """How far a book had come at the end of a month, kept as it was (R-110, R-116).

    `required` cells of the year are those of both terms, `due` those whose window had closed by then, `entered` those
    that were filled, `entered_due` those filled of the due ones. Without a subject it is the homeroom teacher's book.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(
        ClassSubject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    month = models.DateField(_("month"))
    required = models.PositiveIntegerField(_("required"))
    due = models.PositiveIntegerField(_("due"))
    entered = models.PositiveIntegerField(_("entered"))
    entered_due = models.PositiveIntegerField(_("entered of the due"))
    teachers = ArrayField(
        models.CharField(max_length=150), verbose_name=_("teachers"), default=list
    )
    as_of = models.DateTimeField(_("as of"))

    objects = OfSchool.as_manager()
    history = History()

    class Meta:
        verbose_name = _("figures of a month")
        verbose_name_plural = _("figures of months")
        constraints = [
            models.UniqueConstraint(
                fields=["class_group", "class_subject", "month"],
                name="month_figure_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="month_figure_of_a_month"),
            models.CheckConstraint(
                condition=Q(
                    entered__lte=F("required"),
                    due__lte=F("required"),
                    entered_due__lte=F("due"),
                ),
                name="month_figure_plausible",
            ),
        ]
        indexes = [models.Index(fields=["school", "month"], name="month_figure_of_school")]
        triggers = [*audited(), SameSchool("class_group", "class_subject")]

    def __str__(self) -> str:
        return f"{self.class_group_id}, {self.class_subject_id}, {self.month}"


class BookRemark(models.Model):
    """What a vice-principal writes at the end of a class's book after the check of a month (R-113)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="remarks")
    month = models.DateField(_("month"))
    text = models.CharField(_("remark"), max_length=LONGEST_REMARK)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfSchool.as_manager()
    history = History(chained=True)

    class Meta:
        verbose_name = _("remark on a book")
        verbose_name_plural = _("remarks on books")
        constraints = [
            models.UniqueConstraint(fields=["class_group", "month"], name="book_remark_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="book_remark_of_a_month"),
            models.CheckConstraint(condition=~Q(text=""), name="book_remark_not_empty"),
        ]
        triggers = [*audited(), SameSchool("class_group", "written_by")]

    def __str__(self) -> str:
        return f"{self.class_group_id}, {self.month}"
