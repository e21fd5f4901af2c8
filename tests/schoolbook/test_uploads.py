"""What is too big is thrown away as it comes; each form has its own measure."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadhandler import SkipFile
from django.utils import translation

from schoolbook import registry, uploads
from schoolbook.models import User
from schoolbook.rules.regulation import Regulation
from schoolbook.services import schools
from schoolbook.uploads import EVIDENCE, FORM, MEGABYTE
from tests import cast

CHUNK = b"x" * MEGABYTE
SOMEBODY = SimpleNamespace(is_authenticated=True)


@pytest.fixture
def announced(monkeypatch):
    known = registry.Uploads()
    known.add("approvals:file", "evidence", each=lambda _user: 15 * MEGABYTE, together=EVIDENCE)
    monkeypatch.setattr(uploads, "announced", known)


def quota(size, *, route="approvals:file", user=SOMEBODY):
    handler: Any = uploads.Quota()
    match = SimpleNamespace(view_name=route) if route else None
    handler.request = SimpleNamespace(resolver_match=match, user=user)
    handler.handle_raw_input(BytesIO(), {}, size, b"")
    return handler


def begin(handler, field="evidence"):
    handler.new_file(field, "x.pdf", "", None)
    return handler


def passes(handler, megabytes):
    """Whether so much of the present file comes through."""
    try:
        for number in range(megabytes):
            assert handler.receive_data_chunk(CHUNK, number * MEGABYTE) == CHUNK
    except SkipFile:
        return False
    return True


@pytest.mark.usefixtures("announced")
def test_evidence_may_be_bigger_than_a_spreadsheet():
    assert passes(begin(quota(16 * MEGABYTE)), 15)
    assert not passes(begin(quota(16 * MEGABYTE)), 16)


@pytest.mark.usefixtures("announced")
@pytest.mark.parametrize(
    "handler",
    [
        lambda: begin(quota(11 * MEGABYTE, route="schoolbook:start_import")),
        lambda: begin(quota(11 * MEGABYTE, route="")),
        lambda: begin(quota(11 * MEGABYTE), "other"),
        lambda: begin(quota(11 * MEGABYTE, user=SimpleNamespace(is_authenticated=False))),
        lambda: begin(quota(11 * MEGABYTE, user=None)),
    ],
    ids=["another form", "no form", "another field", "signed out", "nobody"],
)
def test_everything_else_may_be_as_big_as_a_spreadsheet(handler):
    with pytest.raises(SkipFile):
        handler()


@pytest.mark.usefixtures("announced")
def test_all_files_of_a_form_together_have_a_limit():
    handler = quota(0)  # nothing was announced
    assert passes(begin(handler), 12)
    assert not passes(begin(handler), 9)
    assert uploads.was_too_big(handler.request, "evidence")
    with pytest.raises(SkipFile):
        begin(quota(EVIDENCE + FORM + 1))


@pytest.mark.usefixtures("announced")
def test_why_it_was_thrown_away_is_told():
    handler = quota(2**30)
    with translation.override("en"):
        assert uploads.refusal(handler.request, "evidence") == ""
        with pytest.raises(SkipFile):
            begin(handler)
        assert "15 MB, and all together 20 MB" in uploads.refusal(handler.request, "evidence")
        assert uploads.refusal(handler.request, "other") == ""
        with pytest.raises(SkipFile):
            begin(handler, "other")
        assert "bigger than 10 MB" in uploads.refusal(handler.request, "other")


@pytest.mark.django_db
def test_how_big_evidence_may_be_is_the_schools_to_decide():
    chi = cast.user(cast.CHI)
    assert uploads.evidence(chi) == 10 * MEGABYTE
    schools.decide(
        school_id=cast.song_lam().pk,
        parameters=Regulation(evidence_megabytes=3),
        in_force_from=cast.TODAY,
        decision_number="9/QĐ",
        decided_on=cast.TODAY,
        actor=User.objects.system(),
    )
    assert uploads.evidence(cast.user(cast.CHI)) == 3 * MEGABYTE
    assert uploads.evidence(cast.user(cast.YEN)) == 10 * MEGABYTE
    assert uploads.evidence(User.objects.system()) == 0


@pytest.mark.django_db
def test_a_gigabyte_is_refused_when_it_is_announced_and_the_form_is_kept(as_person, monkeypatch):
    kept = []
    for name in ("MemoryFileUploadHandler", "TemporaryFileUploadHandler"):
        for method in ("new_file", "receive_data_chunk"):
            handler = f"django.core.files.uploadhandler.{name}.{method}"
            monkeypatch.setattr(handler, lambda *_given, **_more: kept.append(1))
    year = cast.class_group().year_id
    parts = [("year", year), ("day", "2026-10-05")]
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts
    )
    body += '--x\r\nContent-Disposition: form-data; name="file"; filename="x.xlsx"\r\n\r\n'
    answer = as_person(cast.AN).generic(
        "POST",
        "/imports/new/students/",
        **{
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(2**30),
            "wsgi.input": BytesIO(body.encode() + CHUNK),
        },
    )
    assert answer.status_code == 422
    assert 'value="2026-10-05"' in answer.content.decode()
    assert 'id="id_file_error"' in answer.content.decode()
    assert kept == []
