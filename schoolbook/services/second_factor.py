"""The second factor: codes of a phone or of a printed sheet, shown after the password and before acts of power."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolbook import audit, totp
from schoolbook.errors import Invalid, SecondFactorNeeded
from schoolbook.models import Method, RecoveryCode, SecondFactor, User
from schoolbook.rules import codes
from schoolbook.services import sessions

# After so many wrong codes in a row an account rests; at most this many guesses in each such time.
FAILURES, REST = 5, timedelta(minutes=15)


def require_fresh(actor: User, verified_at: datetime | None) -> None:
    """Raise SecondFactorNeeded unless the actor has shown a second factor in the last minutes (ASVS 7.5.3)."""
    limit = timedelta(minutes=settings.FRESH_SECOND_FACTOR_MINUTES)
    if verified_at is None or timezone.now() - verified_at > limit:
        raise SecondFactorNeeded


def verify(*, code: str, user: User) -> None:
    """Accept a code of the phone or of the sheet, once.

    Raises Invalid, also after too many wrong ones; a wrong one is counted whatever becomes of the request.
    """
    with transaction.atomic():
        refusal = _judge(user, code)
    if refusal:
        raise Invalid({"code": refusal})


def _judge(user: User, code: str) -> str:
    factor = _active(user)
    if factor is None:
        return _("There is no second factor for this account.")
    now = timezone.now()
    resting = factor.failed_at is not None and now - factor.failed_at < REST
    if resting and factor.failures >= FAILURES:
        return _("Too many wrong codes. Wait a quarter of an hour, then try again.")
    if _accept(factor, code, now):
        factor.failures = 0
    else:
        factor.failures = factor.failures + 1 if resting else 1
        factor.failed_at = now
    factor.save(update_fields=["failures", "failed_at", "last_step"])
    if factor.failures:
        return _("This code is not right, or it was used already. Try the next one.")
    return ""


def _accept(factor: SecondFactor, code: str, now: datetime) -> bool:
    digits = "".join(code.split())
    if len(digits) == totp.DIGITS:
        if factor.method != Method.TOTP:
            return False
        step = totp.matching_step(
            factor.secret, digits, moment=now.timestamp(), after=factor.last_step
        )
        if step is not None:
            factor.last_step = step
        return step is not None
    return _accept_printed(factor, code, now)


def _accept_printed(factor: SecondFactor, code: str, now: datetime) -> bool:
    said = codes.recovery_code(code)
    if said is None:
        return False
    number, letters = said
    # The number picks one row, so that one slow comparison is enough.
    row = factor.recovery_codes.filter(number=number, used_at=None, replaced_at=None).first()
    if row is None or not check_password(letters, row.code_hash):
        return False
    row.used_at = now
    row.save(update_fields=["used_at"])
    audit.record([row], actor=factor.user)
    return True


@transaction.atomic
def set_up(
    *,
    method: Method,
    secret: str,
    code: str,
    actor: User,
    verified_at: datetime | None,
    session_key: str | None,
) -> list[str]:
    """Begin with a second factor, in place of an older one; the codes of the sheet, to be shown this once.

    With a phone, `code` proves that it has the secret. Every other session ends: they knew of no second factor.

    Raises Invalid, and SecondFactorNeeded when there is an older one that was not shown just now.
    """
    user = _locked(actor)
    if older := _active(user):
        require_fresh(actor, verified_at)
        _end(older, actor=user)
    now, step = timezone.now(), 0
    if method == Method.TOTP:
        moment = now.timestamp()
        found = totp.matching_step(secret, "".join(code.split()), moment=moment, after=0)
        if found is None:
            raise Invalid({"code": _("This is not the code that belongs to the picture.")})
        step = found
    factor = SecondFactor.objects.create(
        user=user,
        method=method,
        secret=secret if method == Method.TOTP else "",
        last_step=step,
        begun_at=now,
    )
    audit.record([factor], actor=user, created=True)
    sessions.end_all(user, but=session_key)
    return _new_sheet(factor, actor=user)


@transaction.atomic
def renew_codes(*, actor: User, verified_at: datetime | None) -> list[str]:
    """A new sheet of codes, to be shown this once; the old sheet is worth nothing from now on.

    Raises Invalid without a second factor, and SecondFactorNeeded.
    """
    user = _locked(actor)
    factor = _active(user)
    if factor is None:
        raise Invalid({"code": _("There is no second factor for this account.")})
    require_fresh(actor, verified_at)
    old = list(factor.recovery_codes.filter(used_at=None, replaced_at=None))
    _replace(old, actor=user)
    return _new_sheet(factor, actor=user)


def take_away(user: User, *, actor: User, reason: str) -> None:
    """End somebody's second factor, in the caller's transaction, so that a new one can be set up."""
    if factor := _active(user):
        _end(factor, actor=actor, reason=reason)


def _locked(actor: User) -> User:
    return User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)


def _active(user: User) -> SecondFactor | None:
    factors = SecondFactor.objects.select_for_update(no_key=True, of=("self",))
    return factors.select_related("user").filter(user=user, ended_at=None).first()


def _end(factor: SecondFactor, *, actor: User, reason: str = "") -> None:
    factor.ended_at = timezone.now()
    factor.save(update_fields=["ended_at"])
    audit.record([factor], actor=actor, reason=reason)
    rest = factor.recovery_codes.filter(used_at=None, replaced_at=None)
    _replace(list(rest), actor=actor)


def _replace(rows: list[RecoveryCode], *, actor: User) -> None:
    now = timezone.now()
    for row in rows:
        row.replaced_at = now
    RecoveryCode.objects.bulk_update(rows, ["replaced_at"])
    audit.record(rows, actor=actor)


def _new_sheet(factor: SecondFactor, *, actor: User) -> list[str]:
    last = factor.recovery_codes.aggregate(last=Max("sheet"))["last"] or 0
    printed_only = factor.method == Method.PRINTED
    fresh = codes.new_recovery_codes(codes.PRINTED_CODES if printed_only else codes.RECOVERY_CODES)
    rows = [
        RecoveryCode(
            second_factor=factor,
            sheet=last + 1,
            number=number,
            code_hash=make_password(codes.typed(code)[2:]),
        )
        for number, code in enumerate(fresh, start=1)
    ]
    RecoveryCode.objects.bulk_create(rows)
    audit.record(rows, actor=actor, created=True)
    return fresh
