"""Finding people by what somebody types of their names."""

from __future__ import annotations

from django.db.models import Q

from schoolbook.rules.names import search_terms


def named(query: str) -> Q:
    """Those with a name in which every word begins a word of theirs; see `rules.names.search_terms`.

    For models that keep `search_key` and `exact_key`.
    """
    without, exactly = search_terms(query)
    found = Q()
    for word in without:
        found &= _begins("search_key", word)
    for spellings in exactly:
        either = Q(pk__in=[])
        for word in spellings:
            either |= _begins("exact_key", word)
        found &= either
    return found


def _begins(key: str, word: str) -> Q:
    return Q(**{f"{key}__startswith": word}) | Q(**{f"{key}__contains": f" {word}"})
