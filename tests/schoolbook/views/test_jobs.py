"""The pages of long work: one's own list, how far it is, the file, and once more."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import RequestFactory
from django.utils import timezone

from schoolbook import stored
from schoolbook.models import Job
from schoolbook.views import jobs as views
from tests import cast
from tests.schoolbook import documents

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def row(person=cast.CHI, **more):
    documents.announce()
    user = cast.user(person)
    return Job.objects.create(
        **{
            "school": user.school,
            "kind": documents.KIND,
            "digest": f"{Job.objects.count():064}",
            "title": "Sổ theo dõi 6A",
            "asked_by": user,
            "created_at": timezone.now(),
            **more,
        }
    )


def done(person=cast.CHI, content=b"%PDF-1.7 x"):
    kept = stored.keep(content, stored.RESULTS)
    return row(
        person,
        state="done",
        result_name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        pages=13,
        parts=13,
        total=13,
        file_name="Sổ 6/1.pdf",
        media_type="application/pdf",
        finished_at=timezone.now(),
    )


def failed(**more):
    return row(state="failed", error="memory", finished_at=timezone.now(), **more)


def running(**more):
    now = timezone.now()
    claim = "12345678-1234-5678-1234-567812345678"
    return row(state="running", claim=claim, heartbeat_at=now, started_at=now, **more)


def shown(client, job, **headers):
    response = client.get(f"/jobs/{job.pk}/", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_has_ones_own_newest_first_and_nobody_elses(as_person):
    first, second, other = done(), failed(), done(cast.LAN)
    html = as_person(cast.CHI).get("/jobs/").content.decode()
    assert html.index(f"/jobs/{second.pk}/") < html.index(f"/jobs/{first.pk}/")
    assert f"/jobs/{other.pk}/" not in html
    assert f"/jobs/{first.pk}/file/" in html
    assert f"/jobs/{second.pk}/repeat/" in html


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_as_much_for_many_as_for_one(as_person, exactly_queries, count):
    client = as_person(cast.CHI)
    for _ in range(count):
        done()
    client.get("/jobs/")
    with exactly_queries(5):
        client.get("/jobs/")


def test_an_empty_list_says_so(as_person):
    assert "Nothing yet" in english(as_person(cast.CHI), "/jobs/")


def english(client, address, **headers):
    client.cookies["language"] = "en"
    return client.get(address, headers=headers).content.decode()


def test_work_under_way_shows_a_bar_and_is_asked_again(as_person):
    job = running(parts=3, total=13)
    html = english(as_person(cast.CHI), f"/jobs/{job.pk}/")
    assert '<progress max="13" value="3">' in html
    assert "3 of 13 parts" in html
    assert 'hx-trigger="every 2s, click"' in html
    assert "Look again" in html


def test_what_is_asked_again_is_the_state_alone_and_the_asking_ends_with_the_work(as_person):
    client = as_person(cast.CHI)
    part = shown(client, running(parts=3, total=13), **HTMX)
    assert "<html" not in part
    assert "job-refresh" not in part
    part = shown(client, done(), **HTMX)
    assert 'id="job-refresh" hx-swap-oob="true"' in part
    assert "hx-get" not in part


def test_work_that_failed_says_why_and_offers_to_try_again(as_person):
    job = failed()
    html = english(as_person(cast.CHI), f"/jobs/{job.pk}/")
    assert "It needed too much memory." in html
    assert f'action="/jobs/{job.pk}/repeat/"' in html
    assert "every 2s" not in html


def test_a_result_is_an_attachment_under_its_vietnamese_name(as_person):
    response = as_person(cast.CHI).get(f"/jobs/{done().pk}/file/")
    assert response.content == b"%PDF-1.7 x"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"].startswith("sandbox")
    disposition = response["Content-Disposition"]
    assert disposition == "attachment; filename*=utf-8''S%E1%BB%95%206-1.pdf"


@pytest.mark.parametrize("person", [cast.LAN, cast.AN, cast.BINH, cast.KHANH])
def test_nobody_else_gets_it_not_even_who_administers(as_person, person):
    job, client = done(), as_person(person)
    for address in ("", "file/"):
        assert client.get(f"/jobs/{job.pk}/{address}").status_code == 404
    assert client.post(f"/jobs/{job.pk}/repeat/").status_code == 404


def test_a_file_that_is_not_there_sends_back_to_the_page(as_person):
    client, lost = as_person(cast.CHI), done()
    stored.remove_result(lost.result_name)
    for job in (failed(), running()):
        response = client.get(f"/jobs/{job.pk}/file/")
        assert response.url == f"/jobs/{job.pk}/"
    assert client.get(f"/jobs/{lost.pk}/file/").status_code == 410


def test_a_file_that_was_removed_is_named_with_its_day(as_person):
    job = done()
    Job.objects.filter(pk=job.pk).update(result_name="", removed_at=timezone.now())
    html = english(as_person(cast.CHI), f"/jobs/{job.pk}/")
    assert "The file was removed on" in html
    assert "/file/" not in html


def test_trying_again_goes_to_the_page_of_the_work(as_person):
    client, job = as_person(cast.CHI), failed()
    assert client.post(f"/jobs/{job.pk}/repeat/").url == f"/jobs/{job.pk}/"
    assert Job.objects.get(pk=job.pk).state == "waiting"
    made = done()
    again = client.post(f"/jobs/{made.pk}/repeat/").url
    assert again == f"/jobs/{Job.objects.latest('pk').pk}/"
    assert again != f"/jobs/{made.pk}/"


def test_a_kind_that_is_gone_is_said_in_a_sentence(as_person):
    job = done()
    Job.objects.filter(pk=job.pk).update(kind="tests.none")
    response = as_person(cast.CHI).post(f"/jobs/{job.pk}/repeat/")
    assert response.url == f"/jobs/{job.pk}/"
    assert len(list(get_messages(response.wsgi_request))) == 1


def test_a_view_starts_work_and_goes_to_its_page(db):
    documents.announce()
    request: Any = RequestFactory().post("/")
    request.user = cast.user(cast.CHI)
    response = views.started(request, documents.KIND, {"parts": 2})
    job = Job.objects.get()
    assert (response["Location"], job.arguments) == (f"/jobs/{job.pk}/", {"parts": 2})


@pytest.mark.parametrize("number", ["99999999999999999999999", "0", "-1", "x"])
def test_a_number_that_is_none_is_not_found(as_person, number):
    assert as_person(cast.CHI).get(f"/jobs/{number}/").status_code == 404
