"""The process that renders: what it gives back, what ends it, and what it cannot reach."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path

import billiard
import pikepdf
import pytest
from django.db import connection

from schoolbook import confined, pdf, rendering
from schoolbook.embedded.processes import wait_until
from tests.schoolbook.documents import ENDLESS, HUGE, sheet


@pytest.fixture(autouse=True)
def quick(settings):
    """Limits that a test can wait for."""
    settings.RENDER_SECONDS, settings.RENDER_MEMORY_MB = 20, 256
    rendering.prepare()


def nothing():
    pass


def made(*parts, meanwhile=nothing):
    return list(rendering.rendered(parts, meanwhile=meanwhile))


def children():
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()


def test_each_part_becomes_pages_in_its_order_and_the_whole_has_all_of_them():
    parts = made(sheet("<h1>Một</h1>"), sheet("<h1>Hai</h1><h1 style='break-before:page'>Ba</h1>"))
    whole, pages = rendering.assembled(parts, title="Sổ theo dõi")
    assert pages == 3
    with pikepdf.open(BytesIO(whole)) as document:
        assert len(document.pages) == 3
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "Sổ theo dõi"


def test_the_child_writes_what_this_process_would_write():
    html = sheet("<p>Đặng Thị <i>Thùy</i> <b>Dương</b>: 8,5</p>")
    (part,) = made(html)
    with pikepdf.open(BytesIO(part)) as there, pikepdf.open(BytesIO(pdf.pdf_of(html))) as here:
        contents = [page.pages[0].Contents.read_bytes() for page in (there, here)]
    assert contents[0] == contents[1]


def test_no_child_and_no_folder_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = children()
    made(sheet("<p>x</p>"))
    with closing(rendering.rendered([sheet("<p>x</p>")] * 3, meanwhile=nothing)) as pages:
        next(pages)
    assert children() == before
    assert list(tmp_path.iterdir()) == []


def test_a_document_that_eats_memory_is_ended_and_this_process_does_not_grow(settings):
    settings.RENDER_MEMORY_MB, settings.RENDER_SECONDS = 64, 600
    with pytest.raises((rendering.TooMuchMemory, rendering.Crashed)):
        made(sheet(HUGE))


def test_a_document_that_takes_too_long_is_ended(settings):
    settings.RENDER_SECONDS = 1
    with pytest.raises(rendering.TooLong):
        made(sheet(ENDLESS * 4000))


def test_the_kernel_itself_ends_what_takes_the_processor_for_too_long():
    def busy():
        confined.limit_time(1)
        while True:
            pass

    process = billiard.Process(target=busy)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGXCPU


def test_a_child_that_only_waits_is_ended_too(settings, monkeypatch):
    settings.RENDER_SECONDS = 1
    monkeypatch.setattr(rendering, "PULSE_SECONDS", 0.1)
    monkeypatch.setattr(pdf, "pdf_of", lambda *_given: signal.pause())
    beats = []
    with pytest.raises(rendering.TooLong):
        made(sheet("x"), meanwhile=lambda: beats.append(1))
    assert len(beats) > 5


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_child_that_is_killed_fails_the_part(monkeypatch, number):
    monkeypatch.setattr(pdf, "pdf_of", lambda *_given: os.kill(os.getpid(), number))
    with pytest.raises(rendering.Crashed):
        made(sheet("x"))


def test_an_error_of_the_engine_is_told_by_its_kind_only(monkeypatch):
    def fail(*_given):
        raise ValueError("Nguyễn Thị Thùy Dương")

    monkeypatch.setattr(pdf, "pdf_of", fail)
    with pytest.raises(rendering.RenderingFailed) as caught:
        made(sheet("x"))
    assert str(caught.value) == "ValueError"


@pytest.mark.django_db
def test_the_connection_of_the_parent_stays_as_it_is():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        before = cursor.fetchone()
        made(sheet("<p>x</p>"))
        with suppress(rendering.RenderingFailed):
            made(sheet("<p>x</p>"), "")
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == before


# What a document asks for ----------------------------------------------------------------------------


@pytest.fixture
def asked():
    """A server at which a document must never arrive; who did."""
    arrived = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)

        def listen():
            with suppress(OSError):
                arrived.append(server.accept())

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], arrived
        thread.join()


@pytest.mark.parametrize(
    "asks",
    [
        "<img src='{url}'>",
        "<link rel='stylesheet' href='{url}'>",
        "<style>@import '{url}'; p {{ background: url({url}) }}</style><p>x</p>",
        "<style>@font-face {{ font-family: x; src: url({url}) }} p {{ font-family: x }}</style><p>x</p>",
        "<object data='{url}'></object><embed src='{url}'><svg><image href='{url}'/></svg>",
        "<a rel='attachment' href='{url}'>x</a>",
    ],
)
def test_addresses_of_the_network_and_of_files_are_never_fetched(asked, tmp_path, asks):
    port, arrived = asked
    secret = tmp_path / "secret.txt"
    secret.write_text("BÍ MẬT")
    for url in (f"http://127.0.0.1:{port}/x", secret.as_uri()):
        (part,) = made(sheet(asks.format(url=url)))
        assert part.startswith(b"%PDF")
        with pikepdf.open(BytesIO(part)) as document:
            assert not document.attachments
    assert arrived == []


FENCES = ("_refuse_events", "_refuse_calls", "_landlock")


def tries(what, folder, *without):
    """What came of it when a confined child tried something; one fence or more may be missing."""
    ours, theirs = billiard.Pipe()
    secret = folder / "secret.txt"
    secret.write_text("BÍ MẬT")
    own = folder / "own"
    own.mkdir(exist_ok=True)

    def attempt():
        for name in without:
            setattr(confined, name, lambda *_given: None)
        confined.confine(readable=[], writable=own)
        try:
            theirs.send(("done", str(what(secret, own))))
        except BaseException as error:
            theirs.send(("refused", type(error).__name__))
        os._exit(0)

    process = billiard.Process(target=attempt)
    process.start()
    process.join()
    assert ours.poll(5)
    answer = ours.recv()
    for pipe in (ours, theirs):
        pipe.close()
    return answer


def read(secret, _own):
    return secret.read_text()


def write(secret, _own):
    return secret.with_name("new").write_text("x")


def connect(_secret, _own):
    return socket.create_connection(("127.0.0.1", 1), timeout=1)


def start(_secret, _own):
    return subprocess.run([sys.executable, "-c", ""], check=False)


def read_below_python(secret, _own):
    """As a library does that is not Python."""
    descriptor = confined._libc.open(str(secret).encode(), os.O_RDONLY)
    if descriptor < 0:
        raise PermissionError
    return descriptor


def connect_below_python(_secret, _own):
    if confined._libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0) < 0:
        raise PermissionError


@pytest.mark.parametrize("what", [read, write, connect, start])
@pytest.mark.parametrize("without", [(), ("_landlock", "_refuse_calls"), ("_refuse_events",)])
def test_what_is_not_its_own_is_refused_by_python_alone_and_by_the_kernel_alone(
    tmp_path, what, without
):
    assert tries(what, tmp_path, *without)[0] == "refused"


@pytest.mark.parametrize("what", [read_below_python, connect_below_python])
def test_libraries_below_python_are_refused_by_the_kernel(tmp_path, what):
    assert tries(what, tmp_path)[0] == "refused"
    assert tries(what, tmp_path, *FENCES)[0] == "done"


@pytest.mark.parametrize("what", [read, write])
def test_without_any_fence_it_would_succeed(tmp_path, what):
    assert tries(what, tmp_path, *FENCES)[0] == "done"


def test_its_own_folder_and_python_stay_open(tmp_path):
    def own(_secret, folder):
        (folder / "font").write_text("x")
        (folder / "font").unlink()
        return len(os.listdir(folder)) + len(Path(os.__file__).read_bytes())

    assert tries(own, tmp_path)[0] == "done"


def test_a_child_ends_with_its_parent(tmp_path):
    """The parent is killed while the child is busy: nobody would ever end that child."""
    script = (
        "import os, sys, time, django; django.setup()\n"
        "from schoolbook import pdf, rendering\n"
        "rendering.prepare()\n"
        "def busy(*_given):\n"
        "    open(os.environ['TMPDIR'] + '/busy', 'w').close()\n"
        "    while True: pass\n"
        "pdf.pdf_of = busy\n"
        "list(rendering.rendered(['x'], meanwhile=lambda: None))\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    listed = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    assert wait_until(lambda: list(tmp_path.glob("*/busy")) != [], 60)
    child = Path("/proc") / listed.read_text().split()[0]
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not child.exists() or ") Z " in (child / "stat").read_text(), 30)
