"""Files that prove what is right: put to a draft, taken out, and handed over only to who may see the request."""

from hashlib import sha256

import pytest
from django.urls import reverse

from approvals.models import CorrectionRequest
from schoolbook import stored
from tests import cast
from tests.approvals import requests
from tests.approvals.views import asking
from tests.approvals.views.test_filing import FORBIDDEN, INVALID, MISSING, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("closed")]
GONE = 410


def add(client, row, *files):
    return client.post(
        reverse("approvals:add_evidence", args=[row.pk]), {"evidence": list(files)}, follow=True
    )


def kept(row):
    return [one.name for one in row.evidence.filter(withdrawn_at=None).order_by("id")]


def path(file, name="evidence"):
    return reverse(f"approvals:{name}", args=[file.pk])


def test_several_files_at_once_are_put_to_a_draft(english):
    row, client = requests.drafted(), english(cast.CHI)
    page = add(client, row, asking.paper("bai-1.png"), asking.paper("bai-2.png"))
    assert kept(row) == ["bai-1.png", "bai-2.png"]
    assert "The evidence is kept with the draft." in text(page)


def test_what_came_and_what_is_kept_are_both_told_by_their_digest(english):
    row = requests.drafted()
    add(english(cast.CHI), row, asking.paper())
    file = row.evidence.get()
    assert file.received_sha256 == sha256(requests.picture()).hexdigest()
    with stored.opened(file.stored) as found:
        assert file.stored_sha256 == sha256(found.read()).hexdigest()
    assert file.added_by == cast.user(cast.CHI)


def test_no_file_is_refused_in_a_sentence(english):
    row = requests.drafted()
    page = add(english(cast.CHI), row)
    assert page.status_code == INVALID
    assert "Choose a file." in text(page)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bai.txt", b"Toi xin dinh chinh"),
        ("bai.pdf", b""),
        ("bai.pdf", b"%PDF-1.7 not a document"),
        ("bai.png", b"\x89PNG\r\n\x1a\n"),
        ("bai.html", b"<script>alert(1)</script>"),
    ],
    ids=["text", "empty", "damaged PDF", "damaged PNG", "script"],
)
def test_a_file_that_proves_nothing_is_refused_by_its_name(english, name, content):
    row = requests.drafted()
    page = add(english(cast.CHI), row, asking.paper(name, content))
    assert page.status_code == INVALID
    assert f"{name}: " in text(page)
    assert kept(row) == []


def test_a_refused_file_leaves_the_others_and_what_was_typed(english):
    client = english(cast.CHI)
    answer = client.post(
        asking.address(), asking.said(asking.paper(), asking.paper("bai.txt", b"khong"))
    )
    html, row = answer.content.decode(), CorrectionRequest.objects.get()
    assert answer.status_code == INVALID
    assert "The draft is kept, but not every file" in text(answer)
    assert "bai.txt: " in html
    assert 'value="9"' in html
    assert asking.REASON in html
    assert "Choose the files again" not in html
    assert kept(row) == ["bai-kiem-tra.png"]
    client.post(asking.address(), asking.said(asking.paper("bai.png")))
    assert kept(row) == ["bai-kiem-tra.png", "bai.png"]


def test_a_file_that_is_too_big_is_refused_and_the_draft_is_kept(english):
    requests.regulated(evidence_megabytes=1)
    big = asking.paper("anh.png", requests.picture() + b"\0" * 2**20)
    answer = english(cast.CHI).post(asking.address(), asking.said(big, asking.paper()))
    assert answer.status_code == INVALID
    assert "A file may have 1 MB" in text(answer)
    assert kept(CorrectionRequest.objects.get()) == ["bai-kiem-tra.png"]


def test_ten_files_are_the_most(english):
    row, client = requests.drafted(), english(cast.CHI)
    page = add(client, row, *(asking.paper(f"bai-{number}.png") for number in range(11)))
    assert page.status_code == INVALID
    assert "bai-10.png: A request takes ten files at most." in text(page)
    assert len(kept(row)) == 10


def test_a_file_is_taken_out_of_a_draft_and_stays_on_the_disk(english):
    row = requests.with_evidence(requests.drafted())
    file, client = row.evidence.get(), english(cast.CHI)
    page = client.post(path(file, "take_out_evidence"), follow=True)
    assert f"{file.name} is taken out." in text(page)
    assert kept(row) == []
    assert stored.path_of(file.stored).exists()
    assert client.get(path(file)).status_code == 200


def test_what_was_sent_stays_as_it_is(english):
    row, client = requests.sent(), english(cast.CHI)
    add(client, row, asking.paper("them.png"))
    page = client.post(path(row.evidence.get(), "take_out_evidence"), follow=True)
    assert "it stays as it is" in text(page)
    assert kept(row) == ["bai-kiem-tra.png"]


def test_evidence_is_handed_over_sealed(english):
    row = requests.sent()
    file = row.evidence.get()
    answer = english(cast.CHI).get(path(file))
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == 'attachment; filename="bai-kiem-tra.png"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert sha256(answer.content).hexdigest() == file.stored_sha256


def test_a_file_that_was_changed_on_the_disk_is_not_handed_over(english):
    file = requests.sent().evidence.get()
    kept_at = stored.path_of(file.stored)
    kept_at.chmod(0o600)
    kept_at.write_bytes(b"anything else")
    assert english(cast.CHI).get(path(file)).status_code == GONE


@pytest.mark.parametrize(
    ("person", "of_draft", "of_sent", "taking_out"),
    [
        (cast.CHI, 200, 200, 302),
        (cast.THU, FORBIDDEN, 200, MISSING),
        (cast.AN, FORBIDDEN, 200, MISSING),
        (cast.SON, FORBIDDEN, 200, MISSING),
        (cast.LAN, FORBIDDEN, FORBIDDEN, MISSING),
        (cast.VAN, FORBIDDEN, FORBIDDEN, MISSING),
        (cast.KHANH, MISSING, MISSING, MISSING),
    ],
    ids=lambda one: getattr(one, "username", one),
)
def test_evidence_is_for_who_may_see_the_request(english, person, of_draft, of_sent, taking_out):
    client = english(person)
    row = requests.with_evidence(requests.drafted())
    file = row.evidence.get()
    assert client.get(path(file)).status_code == of_draft
    assert client.post(path(file, "take_out_evidence")).status_code == taking_out
    sent = requests.sent(typed={"midterm:1": "7"})
    assert client.get(path(sent.evidence.last())).status_code == of_sent
