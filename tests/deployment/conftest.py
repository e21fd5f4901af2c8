"""The image built and the services started once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .stack import Stack, build, home_for_a_stack


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What /app of the image would hold."""
    folder = tmp_path_factory.mktemp("image") / "app"
    folder.mkdir()
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def stack(image: Path) -> Iterator[Stack]:
    """Database and queue are up and the migrations have run; web, worker and beat are started by their tests."""
    with home_for_a_stack(image) as running:
        for service in ("db", "redis"):
            running.start(service)
        for service in ("db", "redis"):
            assert running.becomes_healthy(service), running.log(service)
        done = running.run("migrate")
        assert done.returncode == 0, done.stdout + done.stderr
        yield running
