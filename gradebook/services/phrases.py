"""A teacher's own phrases for comments: added, and put away when they are no longer wanted."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gradebook import access
from gradebook.models import Phrase
from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.rules.names import tidy
from schoolbook.services import rows

MOST = 100


@transaction.atomic
def add(*, text: str, actor: User) -> Phrase:
    """Keep a phrase for its author alone. Raises Invalid, also for one that is there already."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    if actor.phrases.filter(is_active=True).count() >= MOST:
        sentence = _("You have %(most)s phrases: put one away first.") % {"most": MOST}
        raise Invalid({"text": sentence})
    assert actor.school
    return rows.enter(Phrase(school=actor.school, user=actor, text=tidy(text)), actor=actor)


@transaction.atomic
def put_away(*, phrase_id: int, actor: User) -> Phrase:
    """No longer offer a phrase; doing it twice is doing it once. Raises Http404 for somebody else's."""
    phrase = access.phrase(actor, phrase_id, lock=True)
    if phrase.is_active:
        phrase.is_active = False
        phrase.save(update_fields=["is_active"])
        audit.record([phrase], actor=actor)
    return phrase
