"""Kept files go out as they were stored or not at all, and so that they can do nothing."""

from typing import Any

import pytest
from csp.middleware import CSPMiddleware
from django.test import RequestFactory
from django.utils import translation

from schoolbook import stored
from schoolbook.context import identified
from schoolbook.http import attachment
from schoolbook.middleware import browser_policy
from tests.schoolbook import hostile

CONTENT = b"%PDF-1.7 " + hostile.SCRIPT


@pytest.fixture
def kept():
    return stored.keep(CONTENT, "evidence")


def fetch(kept, **changes):
    request = RequestFactory().get("/x/")
    given = {"file": kept.name, "sha256": kept.sha256, "name": "Bài kiểm tra.pdf"}

    def view(request):
        return attachment(request, content_type="application/pdf", **{**given, **changes})

    answer: Any = CSPMiddleware(browser_policy(view))(request)
    return answer


def test_it_is_fetched_and_not_shown_and_could_do_nothing_if_it_were(kept):
    answer = fetch(kept)
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''B%C3%A0i%20ki%E1%BB%83m%20tra.pdf"
    )


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ('a"b.pdf', 'filename="a-b.pdf"'),
        ("a\r\nSet-Cookie: x=1.pdf", 'filename="a Set-Cookie- x=1.pdf"'),
        ("../../etc/passwd", 'filename="..-..-etc-passwd"'),
        ("x\x00\u202efdp.exe", 'filename="xfdp.exe"'),
    ],
)
def test_its_name_cannot_break_out_of_the_header(kept, name, sent):
    answer = fetch(kept, name=name)
    assert answer["Content-Disposition"] == f"attachment; {sent}"


@pytest.mark.parametrize("what", ["changed", "cut", "gone", "another's hash", "no name"])
def test_a_file_that_is_no_longer_what_was_stored_is_not_served(kept, what, caplog):
    path, changes = stored.path_of(kept.name), {}
    if what == "changed":
        path.write_bytes(CONTENT.replace(b"1.7", b"1.6"))
    elif what == "cut":
        path.write_bytes(CONTENT[:-1])
    elif what == "gone":
        path.unlink()
    elif what == "no name":
        changes = {"file": "evidence/../../etc/passwd"}
    else:
        changes = {"sha256": "0" * 64}
    with translation.override("en"), identified("test-") as number:
        answer = fetch(kept, **changes)
    assert answer.status_code == 410
    assert b"script>alert" not in answer.content
    page = answer.content.decode()
    assert "no longer what it was" in page
    assert number in page
    assert "Content-Disposition" not in answer
    found = "missing" if what in {"gone", "no name"} else "changed"
    said: Any = caplog.records[-1].msg
    assert (said["event"], said["found"]) == ("kept_file_damaged", found)
