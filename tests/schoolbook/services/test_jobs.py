"""Long work: asked for once, done once, found again when it was lost, and told in a sentence when it fails."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from io import BytesIO

import pikepdf
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.http import Http404
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueError

from schoolbook import pdf, rendering, stored
from schoolbook.celery import app
from schoolbook.models import Job, School
from schoolbook.services import jobs, people
from tests import cast, races
from tests.schoolbook import documents


@pytest.fixture(autouse=True)
def announced():
    """The kind of documents that these tests ask for."""
    documents.announce()


@pytest.fixture
def queue(monkeypatch):
    """What the queue was told, by the number of the job."""
    told: list[int] = []
    monkeypatch.setattr(jobs, "_queue", told.append)
    return told


def ask(person=cast.CHI, **arguments):
    return jobs.ask(kind=documents.KIND, arguments=arguments, actor=cast.user(person))


def now_of(job):
    return Job.objects.get(pk=job.pk)


def results():
    root = stored.path_of("results/00/" + "0" * 32).parents[2]
    return {path.name for path in (root / "results").glob("*/*")}


# Asking ----------------------------------------------------------------------------------------------


def test_the_row_is_there_before_the_queue_is_told(committed, queue):
    with transaction.atomic():
        job = ask(parts=2)
        assert queue == []
    assert queue == [job.pk]
    assert (job.state, job.title, job.attempts) == ("waiting", "Sổ theo dõi 6A", 0)


def test_a_request_that_fails_leaves_neither_row_nor_message(committed, queue):
    def fail():
        ask()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transaction.atomic(fail)()
    assert queue == []
    assert not Job.objects.exists()


def test_the_same_person_asking_for_the_same_gets_the_same_job(committed, queue):
    first = ask(parts=2, rows=1)
    assert ask(rows=1, parts=2) == first
    assert ask(parts=3, rows=1) != first
    assert ask(cast.LAN, parts=2, rows=1) != first
    assert len(queue) == 3


def test_two_clicks_at_the_same_moment_are_one_job(committed, queue):
    with races.Racers(2) as racers:
        for turn in range(20):
            one, other = racers.start([partial(ask, rows=turn)] * 2)
            assert one == other
    assert Job.objects.count() == 20


def test_a_queue_that_is_away_fails_nothing_and_the_sweep_tells_it_later(committed, monkeypatch):
    sent = []

    def away(*given, **_named):
        sent.append(given)
        raise QueueError("Error 111")

    monkeypatch.setattr(app, "send_task", away)
    job = ask()
    assert now_of(job).queued_at is None
    monkeypatch.setattr(app, "send_task", lambda *given, **_named: sent.append(given))
    assert jobs.sweep() == 1
    assert sent == [("schoolbook.tasks.run_job", [job.pk])] * 2
    assert now_of(job).queued_at is not None
    jobs.sweep()
    assert len(sent) == 2


def test_a_broker_that_refuses_connections_costs_the_page_no_time(committed, monkeypatch):
    monkeypatch.setitem(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    began = timezone.now()
    job = ask()
    assert timezone.now() - began < timedelta(seconds=2)
    assert now_of(job).queued_at is None


def test_a_kind_nobody_announced_is_a_programming_error(committed):
    with pytest.raises(KeyError):
        jobs.ask(kind="tests.none", arguments={}, actor=cast.user(cast.CHI))


# Doing -----------------------------------------------------------------------------------------------


def test_a_job_is_done_whole(committed, queue):
    job = ask(parts=3)
    jobs.run(job.pk)
    job = now_of(job)
    assert (job.state, job.parts, job.total, job.pages, job.attempts) == ("done", 3, 3, 3, 1)
    assert (job.file_name, job.media_type) == ("Sổ theo dõi 6A.pdf", "application/pdf")
    content = stored.path_of(job.result_name).read_bytes()
    assert len(content) == job.size
    with pikepdf.open(BytesIO(content)) as document:
        assert len(document.pages) == 3


def test_what_is_printed_is_of_one_moment(committed, queue, monkeypatch):
    seen = []

    def compose(_user, _arguments):
        seen.append(now_of(job).title)
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(rename).result()
        seen.append(now_of(job).title)
        with pytest.raises(Exception, match="read-only"):
            Job.objects.update(title="x")
        raise Http404

    def rename():
        Job.objects.update(title="Tên mới")
        connection.close()

    job = ask()
    monkeypatch.setattr(documents, "compose", compose)
    documents.announce()
    jobs.run(job.pk)
    assert seen == ["Sổ theo dõi 6A"] * 2
    assert (now_of(job).title, now_of(job).error) == ("Tên mới", "gone")


def test_a_job_that_is_taken_is_not_taken_twice(committed, queue):
    job = ask()
    jobs.run(job.pk)
    before = results()
    jobs.run(job.pk)
    assert now_of(job).attempts == 1
    assert results() == before


def test_two_workers_at_the_same_moment_make_one_result(committed, queue, monkeypatch):
    monkeypatch.setattr(rendering, "rendered", lambda parts, meanwhile: (page() for _ in parts))
    with races.Racers(2) as racers:
        for turn in range(10):
            job = ask(rows=turn)
            assert racers.start([partial(jobs.run, job.pk)] * 2) == [None, None]
            job = now_of(job)
            assert (job.state, job.attempts) == ("done", 1)
    assert len(results()) >= 10


def page():
    return pdf.pdf_of(documents.sheet("<p>x</p>"))


def test_a_worker_thought_dead_finds_that_the_work_is_no_longer_its_own(
    committed, queue, monkeypatch
):
    """Its claim is over, another has done the work, and then it comes to its end after all."""
    job, before = ask(), results()
    really = rendering.assembled

    def slow(parts, *, title):
        monkeypatch.setattr(rendering, "assembled", really)
        Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - 2 * jobs.LEASE)
        jobs.sweep()
        jobs.run(job.pk)
        return really(parts, title=title)

    monkeypatch.setattr(rendering, "assembled", slow)
    jobs.run(job.pk)
    job = now_of(job)
    assert (job.state, job.attempts) == ("done", 2)
    assert len(results() - before) == 1
    assert stored.path_of(job.result_name).name in results()


def test_a_worker_whose_claim_is_gone_stops_at_the_next_part(committed, queue, monkeypatch):
    rendered = []

    def slowly(parts, meanwhile):
        for number, _part in enumerate(parts):
            rendered.append(number)
            Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - 2 * jobs.LEASE)
            jobs.sweep()
            yield page()

    monkeypatch.setattr(rendering, "rendered", slowly)
    job, before = ask(parts=5), results()
    jobs.run(job.pk)
    assert rendered == [0]
    assert (now_of(job).state, results()) == ("waiting", before)


def test_whoever_renders_says_that_it_lives(committed, queue, monkeypatch, settings):
    monkeypatch.setattr(rendering, "PULSE_SECONDS", 0.05)
    settings.RENDER_SECONDS = 1
    beats = []
    monkeypatch.setattr(pdf, "pdf_of", lambda *_given: signal.pause())
    real = jobs._Claim.live

    def live(claim, **more):
        beats.append(more)
        real(claim, **more)

    monkeypatch.setattr(jobs._Claim, "live", live)
    job = ask()
    jobs.run(job.pk)
    assert now_of(job).error == "time"
    assert len(beats) > 3


@pytest.mark.parametrize(
    ("wrong", "error"), [("gone", "gone"), ("refused", "refused"), ("fault", "broken")]
)
def test_what_goes_wrong_is_told_in_a_sentence(committed, queue, wrong, error, capsys):
    job = ask(wrong=wrong)
    jobs.run(job.pk)
    job = now_of(job)
    assert (job.state, job.error, job.result_name) == ("failed", error, "")
    assert "Thùy Dương" not in capsys.readouterr().out


def test_somebody_who_has_left_gets_no_print(committed, queue):
    job = ask()
    people.close_account(user_id=cast.user(cast.CHI).pk, actor=cast.user(cast.AN))
    jobs.run(job.pk)
    assert now_of(job).error == "refused"


def test_a_kind_that_is_not_known_any_more_fails(committed, queue):
    job = ask()
    Job.objects.update(kind="tests.none")
    jobs.run(job.pk)
    assert now_of(job).error == "unknown"


def test_a_document_that_eats_memory_fails_the_job_and_not_the_worker(committed, queue, settings):
    settings.RENDER_MEMORY_MB = 64
    job = ask(rows=30_000)
    jobs.run(job.pk)
    assert now_of(job).error in {"memory", "crashed"}
    again = ask(parts=1)
    jobs.run(again.pk)
    assert now_of(again).state == "done"


def test_a_document_without_end_fails_the_job_and_not_the_worker(committed, queue, settings):
    settings.RENDER_SECONDS = 1
    job = ask(rows=30_000)
    jobs.run(job.pk)
    assert now_of(job).error == "time"


def test_a_child_that_is_killed_fails_the_job(committed, queue, monkeypatch):
    monkeypatch.setattr(pdf, "pdf_of", lambda *_given: os.kill(os.getpid(), 9))
    job = ask()
    jobs.run(job.pk)
    assert now_of(job).error == "crashed"


# Once more -------------------------------------------------------------------------------------------


def test_what_failed_is_tried_again_in_its_row(committed, queue):
    job = ask(wrong="gone")
    jobs.run(job.pk)
    chi = cast.user(cast.CHI)
    assert jobs.repeat(job_id=job.pk, actor=chi) == job
    again = now_of(job)
    assert (again.state, again.error, again.attempts) == ("waiting", "", 0)
    assert queue == [job.pk, job.pk]
    assert jobs.repeat(job_id=job.pk, actor=chi) == job
    assert len(queue) == 2


def test_what_was_made_is_made_anew_in_another(committed, queue):
    job = ask()
    jobs.run(job.pk)
    again = jobs.repeat(job_id=job.pk, actor=cast.user(cast.CHI))
    assert again.pk != job.pk
    assert now_of(job).state == "done"


def test_what_failed_gives_way_to_the_same_that_waits(committed, queue):
    job = ask(wrong="gone")
    jobs.run(job.pk)
    other = ask(wrong="gone")
    assert jobs.repeat(job_id=job.pk, actor=cast.user(cast.CHI)) == other


def test_nobody_repeats_what_another_asked_for(committed, queue):
    job = ask(wrong="gone")
    jobs.run(job.pk)
    for person in (cast.LAN, cast.AN, cast.KHANH):
        with pytest.raises(Http404):
            jobs.repeat(job_id=job.pk, actor=cast.user(person))


# Finding what was lost -------------------------------------------------------------------------------


def left_behind(job):
    """As a worker that was killed leaves it."""
    assert jobs._claimed(job.pk)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - 2 * jobs.LEASE)


def test_the_sweep_finds_work_whose_worker_is_gone_three_times_and_then_gives_up(committed, queue):
    job = ask()
    for turn in range(1, 4):
        left_behind(job)
        jobs.sweep()
        assert (now_of(job).state, now_of(job).attempts) == (
            ("waiting", turn) if turn < 3 else ("failed", 3)
        )
    assert now_of(job).error == "lost"
    assert queue == [job.pk] * 3


def test_the_sweep_leaves_a_worker_alone_that_lives(committed, queue):
    job = ask()
    assert jobs._claimed(job.pk)
    assert jobs.sweep() == 0
    assert now_of(job).state == "running"


def test_a_message_that_was_lost_is_sent_again_after_a_while_and_not_each_minute(
    committed, queue, clock
):
    job = ask()
    assert jobs.sweep() == 1
    assert queue == [job.pk]
    clock.forward(minutes=6)
    jobs.sweep()
    jobs.sweep()
    assert queue == [job.pk] * 2


# The files -------------------------------------------------------------------------------------------


def test_an_old_result_goes_and_its_row_says_so(committed, queue, clock, settings):
    job = ask()
    jobs.run(job.pk)
    path = stored.path_of(now_of(job).result_name)
    clock.forward(days=settings.RESULT_DAYS - 1)
    jobs.remove_old_results()
    assert path.exists()
    clock.forward(days=2)
    jobs.remove_old_results()
    job = now_of(job)
    assert not path.exists()
    assert (job.state, job.result_name, job.pages) == ("done", "", 1)
    assert job.removed_at is not None
    assert job.sha256


def test_a_file_that_no_row_names_goes_after_a_day_and_evidence_never(committed, queue, clock):
    left, evidence = stored.keep(b"x", stored.RESULTS), stored.keep(b"x", "evidence")
    jobs.remove_old_results()
    assert stored.path_of(left.name).exists()
    clock.forward(days=2)
    jobs.remove_old_results()
    assert not stored.path_of(left.name).exists()
    assert stored.path_of(evidence.name).exists()
    with pytest.raises(ValueError, match="not removed"):
        stored.remove_result(evidence.name)


# What the database holds by itself -------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"state": "done"},
        {"state": "running"},
        {"state": "failed"},
        {"state": "lying"},
        {"error": "gone"},
        {"state": "failed", "error": "nonsense", "finished_at": timezone.now()},
        {"state": "failed", "error": "", "finished_at": timezone.now()},
        {"result_name": "results/aa/" + "a" * 32},
        {"parts": 2, "total": 1},
        {"digest": "x"},
    ],
)
def test_the_database_refuses_a_state_that_contradicts_itself(committed, queue, change):
    job = ask()
    with pytest.raises(IntegrityError):
        Job.objects.filter(pk=job.pk).update(**change)


def test_the_database_refuses_a_second_open_job_and_a_second_owner_of_a_file(committed, queue):
    first = ask()
    second = ask(parts=2)
    with pytest.raises(IntegrityError):
        Job.objects.filter(pk=second.pk).update(digest=first.digest)
    jobs.run(first.pk)
    jobs.run(second.pk)
    with pytest.raises(IntegrityError):
        Job.objects.filter(pk=second.pk).update(result_name=now_of(first).result_name)


def test_the_app_removes_no_row_and_none_changes_schools(committed, queue):
    job = ask()
    with pytest.raises(ProgrammingError, match="permission denied"):
        job.delete()
    with pytest.raises(Exception, match="belongs to another school"):
        Job.objects.filter(pk=job.pk).update(school=School.objects.get(pk=cast.doi_thong().pk))
