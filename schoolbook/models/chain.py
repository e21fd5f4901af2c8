"""What makes history tamper-evident: a chain of acts for each school, and gatherings of the heads of all chains.

Hash chains show what was changed, removed, put in between or put in another order. Who can write everything can also
work out every hash again: what is proved is everything up to the newest head that is kept elsewhere.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.people import User
from schoolbook.models.school import School
from schoolbook.models.triggers import append_only, audited

HEX = r"^[0-9a-f]{64}$"


class ActLink(models.Model):
    """One act of a school: a history row of a duty, grant, lock, window, decision or sign-off, linked to the last.

    The database adds it (`triggers.LinkAct`). `source` is the table and `row` the history row; `content` is what that
    row said, as JSON. The link is the SHA-256 of the JSON array [1, school, number, previous link, source, row,
    content].
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    source = models.CharField(max_length=63)
    row = models.PositiveBigIntegerField()
    content = models.TextField()
    link = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="act_link_number_once"),
            models.UniqueConstraint(fields=["source", "row"], name="act_link_row_once"),
            models.CheckConstraint(condition=Q(link__regex=HEX), name="act_link_is_a_hash"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.school_id}, {self.number}"


class Gathering(models.Model):
    """The heads of a school's chains at one moment, themselves a chain.

    The link is the SHA-256 of the JSON array [1, school, number, previous link, moment, heads], where heads are those
    that are new since the last gathering: arrays [chain, number, link] in the order of `chain`.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    gathered_at = models.DateTimeField(_("gathered at"))
    link = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="gathering_number_once"),
            models.CheckConstraint(condition=Q(link__regex=HEX), name="gathering_is_a_hash"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.school_id}, {self.number}"


class GatheredHead(models.Model):
    """The newest link of one chain when heads were gathered; `chain` is "acts", or such as "sheet:17"."""

    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="heads")
    chain = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField()
    link = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gathering", "chain"], name="gathered_head_once"),
        ]
        indexes = [models.Index(fields=["chain", "-number"], name="gathered_head_newest")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.chain}, {self.number}"


class Reseal(models.Model):
    """Somebody's word that a restore lost what came after a gathering, and that the school goes on from there.

    `lost` lists the kept heads that are no longer there, as arrays [number, link]; `since` is the number of the last
    gathering that still is. Kept heads that are listed here are no sign of tampering any more; all others are.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    since = models.PositiveBigIntegerField(_("last gathering there is"))
    lost = models.JSONField(_("lost heads"))
    reason = models.CharField(_("reason"), max_length=500)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    history = History(chained=True)

    class Meta:
        verbose_name = _("new seal after a restore")
        verbose_name_plural = _("new seals after a restore")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reseal_has_a_reason"),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.school_id}, {self.since}"
