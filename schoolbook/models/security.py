"""What keeps an account in the right hands: slips, second factors, accepted statements, sessions.

Secrets and hashes are left out of every history.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.people import User
from schoolbook.models.triggers import audited


class SlipKind(models.TextChoices):
    """What a slip lets its bearer choose anew."""

    PASSWORD = "password", _("password")
    SECOND_FACTOR = "second_factor", _("second factor")
    BOTH = "both", _("password and second factor")


class SlipQuerySet(models.QuerySet["ActivationSlip"]):
    """Slips by what became of them."""

    def open(self) -> Self:
        """Neither used nor cancelled; it may have expired, or wait for its second person."""
        return self.filter(used_at=None, cancelled_at=None)

    def outstanding(self, now: datetime) -> Self:
        """Open and not expired."""
        return self.open().filter(expires_at__gt=now)

    def visible_to(self, user: User) -> Self:
        """Slips of people of the same school."""
        if not user.is_active or user.school_id is None:
            return self.none()
        return self.filter(user__school_id=user.school_id)


class ActivationSlip(models.Model):
    """A paper with a code that works once, with which a person chooses an own password or second factor."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="slips"
    )
    kind = models.CharField(_("what it is for"), max_length=16, choices=SlipKind.choices)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(
        User, verbose_name=_("issued by"), on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"))
    needs_confirmation = models.BooleanField(_("needs a second person"))
    confirmed_by = models.ForeignKey(
        User,
        verbose_name=_("confirmed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = SlipQuerySet.as_manager()
    history = History(excluded_fields=["code_hash"])

    class Meta:
        verbose_name = _("activation slip")
        verbose_name_plural = _("activation slips")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SlipKind.values), name="slip_kind_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="slip_expires_after_issue"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="slip_confirmation_whole",
            ),
            # Four eyes, by person: not whoever issued it, not whoever will use it, and nobody serves themselves.
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("issued_by")) & ~Q(confirmed_by=F("user"))),
                name="slip_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(issued_by=F("user")), name="slip_issued_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(cancelled_at=None), name="slip_used_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None)
                | Q(needs_confirmation=False)
                | Q(confirmed_at__isnull=False),
                name="slip_used_only_when_confirmed",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, cancelled_at=None),
                name="slip_one_open_for_each_person",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"

    @property
    def lets_choose_password(self) -> bool:
        """Whether its bearer chooses a password; else the present one is asked for."""
        return self.kind != SlipKind.SECOND_FACTOR

    @property
    def state(self) -> str:
        """What became of it: used, cancelled, expired, waiting for its second person, or open."""
        if self.used_at:
            return "used"
        if self.cancelled_at:
            return "cancelled"
        if self.expires_at <= timezone.now():
            return "expired"
        return "waiting" if self.needs_confirmation and not self.confirmed_at else "open"


class Method(models.TextChoices):
    """How a person proves the second factor."""

    TOTP = "totp", _("codes of a phone")
    PRINTED = "printed", _("printed codes")


class SecondFactor(models.Model):
    """What a person shows beside the password, until it is replaced by another one."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="second_factors"
    )
    method = models.CharField(_("method"), max_length=16, choices=Method.choices)
    begun_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    secret = models.CharField(max_length=64, blank=True, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)

    # What changes with every sign-in, and what nobody may read, is no fact for a history.
    history = History(excluded_fields=["secret", "last_step", "failures", "failed_at"])

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = [
            models.CheckConstraint(
                condition=Q(method=Method.TOTP) & ~Q(secret="")
                | Q(method=Method.PRINTED, secret=""),
                name="second_factor_secret_by_method",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at=None),
                name="second_factor_one_for_each_person",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.method}"


class RecoveryCode(models.Model):
    """One of the printed codes of a second factor; it works once."""

    second_factor = models.ForeignKey(
        SecondFactor, on_delete=models.PROTECT, related_name="recovery_codes"
    )
    sheet = models.PositiveSmallIntegerField(_("sheet"))
    number = models.PositiveSmallIntegerField(_("number"))
    code_hash = models.CharField(max_length=128, editable=False)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    history = History(excluded_fields=["code_hash"])

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [
            models.UniqueConstraint(
                fields=["second_factor", "sheet", "number"], name="recovery_code_number_once"
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.second_factor_id}: {self.sheet}.{self.number}"


class PasswordChange(models.Model):
    """That somebody got or chose a password, and when: never which."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="password_changes"
    )
    changed_at = models.DateTimeField(_("changed at"))

    history = History()

    class Meta:
        verbose_name = _("change of password")
        verbose_name_plural = _("changes of passwords")
        indexes = [models.Index(fields=["user", "-changed_at"], name="password_change_newest")]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.changed_at}"


class Acceptance(models.Model):
    """That a person accepted the responsibility statement for a school year (R-223)."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="acceptances"
    )
    first_year = models.PositiveSmallIntegerField(_("school year that began in"))
    text_version = models.PositiveSmallIntegerField(_("version of the text"))
    text_digest = models.CharField(_("digest of the text"), max_length=64)
    accepted_at = models.DateTimeField(_("accepted at"))

    history = History()

    class Meta:
        verbose_name = _("accepted statement")
        verbose_name_plural = _("accepted statements")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "first_year"], name="statement_accepted_once_a_year"
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.first_year}"


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions of people."""

    def live(self) -> Self:
        """Those whose time is not over."""
        return self.filter(expire_date__gt=timezone.now())


class Session(AbstractBaseSession):
    """A signed-in browser. A technical table: a row goes when the session ends, and leaves no history."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    # Not unique: while a session changes its key, the old row and the new one stand side by side for a moment.
    public_id = models.UUIDField(null=True, db_index=True)
    device = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.public_id)

    @classmethod
    def get_session_store_class(cls) -> type:
        """The store that keeps these rows."""
        from schoolbook.session_store import SessionStore  # noqa: PLC0415 - it imports this module

        return SessionStore
