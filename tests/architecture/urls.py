"""Every address of the site, by name, with example arguments: what the walks over all URLs go along."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from schoolbook.models import School


def names() -> list[str]:
    """The full name of every URL; a URL without one cannot have a row in the policy."""
    return sorted(_names(get_resolver(), ""))


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"
        else:
            yield from _names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


def address(name: str, school: School) -> str:
    """The address of a URL for a school; new kinds of arguments are added here."""
    arguments = {"schoolbook:school": {"school_id": school.pk}}
    for other in ("edit_school", "school_history"):
        arguments[f"schoolbook:{other}"] = arguments["schoolbook:school"]
    return reverse(name, kwargs=arguments.get(name))
