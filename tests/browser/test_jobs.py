"""Long work in the browser: the bar moves by itself, and the file is there when it has ended."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from schoolbook import stored
from schoolbook.models import Job
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.words import say
from tests.cast import CHI
from tests.schoolbook.views.test_jobs import done, failed, running


def finish(job: Job) -> None:
    """The worker comes to its end."""
    kept = stored.keep(b"%PDF-1.7 x", stored.RESULTS)
    Job.objects.filter(pk=job.pk).update(
        state="done",
        claim=None,
        heartbeat_at=None,
        parts=13,
        result_name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        pages=26,
        file_name="Sổ 6A.pdf",
        media_type="application/pdf",
        finished_at=timezone.now(),
    )


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_who_waits_sees_the_bar_move_and_then_the_file(visit: Visit, width: int) -> None:
    others = in_database(lambda: [failed(), done()])
    job = in_database(lambda: running(parts=3, total=13))
    page = visit(CHI, width=width)
    for path in ("/jobs/", *(f"/jobs/{one.pk}/" for one in (*others, job))):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert violations(page) == [], path
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 3)
    in_database(lambda: Job.objects.filter(pk=job.pk).update(parts=7))
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 7)
    in_database(lambda: finish(job))
    with page.expect_download() as download:
        page.get_by_role("link", name=say("Download")).click()
    assert download.value.suggested_filename == "Sổ 6A.pdf"
    expect(page.get_by_role("link", name=say("Look again"))).to_have_count(0)
