"""A Celery worker in earnest: its queue, its processes, and SIGKILL in the middle of the work."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.utils import timezone

from schoolbook import stored
from schoolbook.celery import app
from schoolbook.embedded.processes import spawn, stop, wait_until
from schoolbook.models import Job
from schoolbook.services import jobs
from tests import cast
from tests.schoolbook import documents
from tests.servers import ROOT

# Its messages lie in the queue of this run, which has one name.
pytestmark = pytest.mark.xdist_group("queue")
PATIENCE = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0))


@pytest.fixture
def worker(committed, valkey, tmp_path, monkeypatch):
    """One worker with one process that does the work."""
    documents.announce()
    monkeypatch.setitem(app.conf, "broker_url", valkey.url)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": committed.url("app"),
        "REDIS_URL": valkey.url,
        "FILES_ROOT": str(settings.MEDIA_ROOT),
    }
    celery = [sys.executable, "-m", "celery", "--app=tests.schoolbook.worker:app", "worker"]
    celery += ["--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    started = spawn(celery, log=tmp_path / "log", folder=ROOT, environment=environment)
    yield started
    stop([started], *PATIENCE)


def soon(condition, log=None):
    assert wait_until(condition, 90), log and log.read_text()


def children(pid):
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def now_of(job):
    return Job.objects.get(pk=job.pk)


def results():
    return sorted(stored.path_of("results/00/" + "0" * 32).parents[1].glob("*/*"))


def test_a_worker_killed_in_mid_work_loses_nothing_and_makes_nothing_twice(worker, tmp_path):
    before = results()
    job = jobs.ask(kind=documents.KIND, arguments={"parts": 60}, actor=cast.user(cast.CHI))
    soon(lambda: now_of(job).parts > 2, tmp_path / "log")
    (process,) = children(worker.pid)
    (renders,) = children(process)
    os.kill(process, signal.SIGKILL)
    soon(lambda: not is_alive(renders))
    assert (now_of(job).state, results()) == ("running", before)

    Job.objects.update(heartbeat_at=timezone.now() - jobs.LEASE - timedelta(seconds=1))
    jobs.sweep()
    soon(lambda: now_of(job).state == "done", tmp_path / "log")
    job = now_of(job)
    assert (job.attempts, job.parts, job.pages) == (2, 60, 60)
    (made,) = set(results()) - set(before)
    assert made == stored.path_of(job.result_name)
    with pikepdf.open(made) as document:
        assert len(document.pages) == 60


def is_alive(pid):
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z " not in status.read_text()


def test_a_worker_without_the_libraries_of_the_engine_starts_all_the_same():
    """Marks are gathered and backups are made; who asks for a document is told that it failed."""
    script = (
        "import django; django.setup()\n"
        "from schoolbook import rendering\n"
        "from schoolbook.celery import load_what_renders\n"
        "def missing():\n"
        "    raise OSError('cannot load library libpango-1.0-0')\n"
        "rendering.prepare = missing\n"
        "load_what_renders()\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0
    assert "rendering_unavailable" in told.stdout
