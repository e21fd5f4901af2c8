"""The units for an operation without Docker run what the compose file runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .files import ROOT, services

UNITS = ROOT / "deploy" / "systemd"
SERVICES = ("web", "worker", "beat")


def unit(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (UNITS / f"schoolbook-{name}.service").read_text(encoding="utf-8").splitlines():
        key, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", SERVICES)
class TestUnit:
    def test_runs_the_command_of_the_compose_file(self, name: str) -> None:
        command = unit(name)["ExecStart"][0].replace("%%", "%")
        command = command.replace("/opt/schoolbook/.venv/bin/", "").replace(
            "/opt/schoolbook/", "/app/"
        )
        command = command.replace("/run/schoolbook-beat/", "/run/schoolbook/")
        assert command.split() == services()[name]["command"]

    def test_has_the_limits_and_the_patience_of_the_compose_file(self, name: str) -> None:
        service = services()[name]
        assert unit(name)["MemoryMax"] == [service["mem_limit"].upper()]
        assert unit(name)["TimeoutStopSec"] == [service["stop_grace_period"].removesuffix("s")]

    def test_reads_the_same_secrets(self, name: str) -> None:
        credentials = {value.partition(":")[0] for value in unit(name)["LoadCredential"]}
        assert credentials == set(services()[name]["secrets"])
        files = dict(re.findall(r"(\w+_FILE)=%d/(\w+)", unit(name)["Environment"][0]))
        inside = {
            variable: value.removeprefix("/run/secrets/")
            for variable, value in services()[name]["environment"].items()
            if variable.endswith("_FILE")
        }
        assert files == inside

    def test_is_not_root_and_gains_nothing(self, name: str) -> None:
        found = unit(name)
        assert found["User"] == ["schoolbook"]
        assert found["NoNewPrivileges"] == ["yes"]
        assert found["CapabilityBoundingSet"] == [""]
        assert found["ProtectSystem"] == ["strict"]


def test_the_example_environment_says_what_the_compose_file_says() -> None:
    lines = (UNITS / "environment.example").read_text(encoding="utf-8").splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    wanted = {name for service in SERVICES for name in services()[service]["environment"]}
    assert {name for name in wanted if not name.endswith("_FILE")} - {
        "CSRF_TRUSTED_ORIGINS"
    } == names
    assert not any(re.search(r"PASSWORD|SECRET_KEY", name) for name in names)


def test_the_proxies_pass_on_what_the_product_believes() -> None:
    nginx = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    assert nginx.count("proxy_set_header X-Forwarded-Proto $scheme;") == nginx.count("proxy_pass")
    assert nginx.count("proxy_set_header Host $host;") == nginx.count("proxy_pass")
    port = services()["web"]["ports"][0].rpartition(":")[0]
    for file in ("nginx.conf", "Caddyfile"):
        assert port in Path(ROOT / "deploy" / "proxy" / file).read_text(encoding="utf-8")
