"""Long work: what one has asked for, how far it is, and its result to download; each person's own."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from schoolbook import access, listing
from schoolbook.http import Request, attachment, fragment, page
from schoolbook.selectors import jobs as selector
from schoolbook.services import jobs as service


def started(request: Request, kind: str, arguments: Mapping[str, object]) -> HttpResponse:
    """For a view that starts long work: ask for it, and go on to the page that shows how far it is.

    The view has fetched what is named through access; a POST only. Raises KeyError for a kind nobody has announced.
    """
    job = service.ask(kind=kind, arguments=arguments, actor=request.user)
    return redirect("schoolbook:job", job_id=job.pk)


@require_safe
def jobs(request: Request) -> HttpResponse:
    """What this person has asked for, newest first."""
    part = listing.part_of(request, selector.jobs_of(request.user))
    return page(request, "schoolbook/jobs/jobs.html", {"part": part})


@require_safe
def job(request: Request, job_id: int) -> HttpResponse:
    """How far the work is; asked again every two seconds until it has ended."""
    found = access.job(request.user, job_id)
    is_open = selector.is_open(found)
    context = {"job": found, "is_open": is_open, "sentence": selector.sentence(found)}
    # The link that asks again stays in its place as long as there is something to ask.
    blocks = ["state"] if is_open else ["state", "refresh"]
    return fragment(request, "schoolbook/jobs/job.html", blocks, context)


@require_safe
def job_file(request: Request, job_id: int) -> HttpResponse:
    """The result, to download."""
    found = access.job(request.user, job_id)
    if not found.result_name:
        messages.info(request, _("There is no file to download."))
        return redirect("schoolbook:job", job_id=job_id)
    return attachment(
        request,
        file=found.result_name,
        sha256=found.sha256,
        name=found.file_name,
        content_type=found.media_type,
    )


@require_POST
def repeat_job(request: Request, job_id: int) -> HttpResponse:
    """Try again what failed, or make anew what was made."""
    try:
        again = service.repeat(job_id=job_id, actor=request.user)
    except KeyError:
        messages.warning(request, _("This kind of document is not known here any more."))
        return redirect("schoolbook:job", job_id=job_id)
    return redirect("schoolbook:job", job_id=again.pk)
