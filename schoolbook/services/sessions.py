"""Sessions: how they begin, how long they last, and ending them; by real time, and never judged by the browser."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from schoolbook import clock
from schoolbook.models import SecondFactor, Session, User
from schoolbook.rules import user_agents
from schoolbook.rules.permissions import SHORT_SESSION, any_of
from schoolbook.rules.regulation import FEWEST_IDLE_MINUTES, Regulation
from schoolbook.selectors import duties
from schoolbook.selectors.schools import regulation_on
from schoolbook.session_store import Key, at

ASKED, NOT_ASKED, GIVEN = "asked", "not_asked", "given"
TOUCH_SECONDS = 60


def begin(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Receive Django's `user_logged_in`: note when and where, and whether the second factor is still to come."""
    now = timezone.now().timestamp()
    has_factor = SecondFactor.objects.filter(user=user, ended_at=None).exists()
    request.session.update(
        {
            Key.PUBLIC_ID: str(uuid4()),
            Key.DEVICE: user_agents.describe(request.headers.get("User-Agent", "")),
            Key.STARTED_AT: now,
            Key.LAST_SEEN_AT: now,
            Key.SECOND_FACTOR: ASKED if has_factor else NOT_ASKED,
        }
    )
    request.session.pop(Key.VERIFIED_AT, None)
    request.session.set_expiry(None)  # that of a session in which a draft waited was shorter


def goes_on(session: SessionBase, user: User) -> bool:
    """Whether the session still lasts; if so, note now and then that it was seen.

    What the school has decided is only asked for after the fewest minutes it could decide, and the row is written at
    most once a minute: an ordinary request costs nothing here.
    """
    now = timezone.now().timestamp()
    started, seen = session.get(Key.STARTED_AT), session.get(Key.LAST_SEEN_AT)
    if started is None or seen is None or now - started > settings.SESSION_HOURS * 3600:
        return False
    idle = now - seen
    if idle > FEWEST_IDLE_MINUTES * 60 and idle > _idle_minutes(user) * 60:
        return False
    if idle >= TOUCH_SECONDS:
        session[Key.LAST_SEEN_AT] = now
    return True


def _idle_minutes(user: User) -> int:
    """How long a session of this person may be idle, as the school decided; less for who manages accounts."""
    regulation = regulation_on(user.school, clock.today()) if user.school else Regulation()
    if any_of(duties.roles_today(user), SHORT_SESSION):
        return min(regulation.idle_minutes_admin, regulation.idle_minutes)
    return regulation.idle_minutes


def second_factor_asked(session: SessionBase) -> bool:
    """Whether the password was given and the second factor is still to come."""
    return session.get(Key.SECOND_FACTOR) == ASKED


def note_second_factor(session: SessionBase) -> None:
    """The second factor was shown just now; the key changes with what the session may do."""
    session[Key.SECOND_FACTOR] = GIVEN
    session[Key.VERIFIED_AT] = timezone.now().timestamp()
    session.cycle_key()


def verified_at(session: SessionBase) -> datetime | None:
    """When the second factor was last shown in this session."""
    seconds = session.get(Key.VERIFIED_AT)
    return None if seconds is None else at(seconds)


def end(*, public_id: UUID, actor: User) -> None:
    """End one of the actor's own sessions; one that is over already, or somebody else's, is left as it is."""
    Session.objects.filter(user=actor, public_id=public_id).delete()


def end_all(user: User, *, but: str | None = None) -> int:
    """End every session of a person, or every one but that of this key; says how many there were."""
    removed, _by_model = Session.objects.filter(user=user).exclude(session_key=but or "").delete()
    return removed


def clear_expired() -> int:
    """Remove sessions whose time is over; says how many there were."""
    removed, _by_model = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return removed
