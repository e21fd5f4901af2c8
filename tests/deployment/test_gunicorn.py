"""deploy/gunicorn.conf.py, in production and for the demo."""

from __future__ import annotations

import json
import os
import runpy
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped] # it brings no types

from schoolbook.embedded.processes import wait_until

from .files import ROOT, services

FILE = ROOT / "deploy" / "gunicorn.conf.py"


def read() -> dict[str, Any]:
    return runpy.run_path(str(FILE))


def test_it_listens_on_loopback_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEB_BIND", raising=False)
    assert read()["bind"] == "127.0.0.1:8000"


def test_every_name_in_it_is_one_that_gunicorn_knows() -> None:
    """Gunicorn passes over a misspelt name without a word."""
    known = set(Config().settings)
    ours = {
        name
        for name, value in read().items()
        if isinstance(value, str | int | None) and name[0] != "_"
    }
    assert ours
    assert ours - known == set()


@pytest.mark.parametrize("name", ["WEB_WORKERS", "WEB_THREADS"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "³"])
def test_it_refuses_a_number_that_is_none(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=name):
        read()


def test_it_writes_no_access_log_and_opens_no_second_way_in() -> None:
    found = read()
    assert found["accesslog"] is None
    assert found["control_socket_disable"] is True


def test_a_request_may_finish_before_the_container_is_killed() -> None:
    grace = int(services()["web"]["stop_grace_period"].removesuffix("s"))
    assert read()["graceful_timeout"] < grace


def test_workers_tell_that_they_live_through_memory() -> None:
    assert Path("/dev/shm").is_dir()
    assert read()["worker_tmp_dir"] == "/dev/shm"


@pytest.mark.parametrize(
    "request_line",
    [
        b"username=an&password=BiMat HTTP\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header password=BiMat: y\r\n\r\n",
    ],
)
def test_what_it_cannot_read_it_does_not_quote_in_the_log(
    request_line: bytes, tmp_path: Path
) -> None:
    address = tmp_path / "web.sock"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(FILE),
        "wsgiref.simple_server:demo_app",
    ]
    environment = {**os.environ, "WEB_BIND": f"unix:{address}", "WEB_WORKERS": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            assert wait_until(address.exists, 20)
            with socket.socket(socket.AF_UNIX) as browser:
                browser.settimeout(20)
                browser.connect(str(address))
                browser.sendall(request_line)
                browser.recv(1000)
        finally:
            server.terminate()
        said = server.communicate(timeout=20)[0].decode()
    lines = [json.loads(line) for line in said.splitlines()]
    assert any(line["event"] == "gunicorn.error" for line in lines)
    assert "BiMat" not in said
