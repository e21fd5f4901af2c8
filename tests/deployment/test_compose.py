"""docker-compose.yml: what it promises, read from the file itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .files import (
    COMPOSE,
    DOT_ENV,
    ROOT,
    compose,
    default_command,
    interpolate,
    services,
    stages,
    strings,
)

SERVICES = ("web", "worker", "beat", "migrate", "backup", "db", "redis")
APP = ("web", "worker", "beat", "migrate", "backup")
# These end by themselves, and their exit status is waited for.
ONCE = {"migrate", "backup"}
SECRETS_OF = {
    "web": {"secret_key", "app_password", "redis_password"},
    "worker": {"secret_key", "app_password", "redis_password"},
    "beat": {"secret_key", "app_password", "redis_password"},
    "migrate": {"secret_key", "owner_password"},
    "backup": {"secret_key", "owner_password"},
    "db": {"postgres_password", "owner_password", "app_password", "reader_password"},
    "redis": {"redis_password"},
}


def schema_complaints(file: Path) -> str:
    """What check-jsonschema says of a compose file, by the compose schema that it ships; empty when it is valid."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_file_follows_the_compose_schema() -> None:
    assert schema_complaints(COMPOSE) == ""


def test_the_schema_would_have_refused_a_misspelt_key(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE.read_text().replace("read_only:", "readonly:"))
    assert "readonly" in schema_complaints(wrong)


def test_these_are_all_the_services() -> None:
    assert set(services()) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
class TestEveryService:
    def test_never_runs_as_root(self, name: str) -> None:
        uid, _, gid = services()[name]["user"].partition(":")
        assert int(uid) > 0
        assert int(gid) > 0

    def test_has_no_capability_and_gains_none(self, name: str) -> None:
        service = services()[name]
        assert service["cap_drop"] == ["ALL"]
        assert "cap_add" not in service
        assert "privileged" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]

    def test_writes_only_to_volumes_and_memory(self, name: str) -> None:
        service = services()[name]
        assert service["read_only"] is True
        for mount in service["tmpfs"]:
            options = mount.partition(":")[2].split(",")
            assert {"noexec", "nosuid", "nodev"} <= set(options), mount
            assert any(option.startswith("size=") for option in options), mount
        for volume in service.get("volumes", []):
            source, _, target = volume.partition(":")
            assert source in compose()["volumes"] or target.endswith(":ro"), volume

    def test_has_limits_that_fit_the_server(self, name: str) -> None:
        service = services()[name]
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
        assert 0 < service["pids_limit"] <= 200

    def test_rotates_its_log(self, name: str) -> None:
        options = services()[name]["logging"]["options"]
        assert options["max-size"]
        assert int(options["max-file"]) > 0

    def test_is_watched_and_started_again(self, name: str) -> None:
        service = services()[name]
        if name in ONCE:
            assert service["restart"] == "no"
            assert service["healthcheck"] == {"disable": True}
        else:
            assert service["restart"] == "unless-stopped"
            assert service["healthcheck"]["test"][0] == "CMD"
            assert service["stop_grace_period"]

    def test_reads_exactly_the_secrets_it_needs(self, name: str) -> None:
        service = services()[name]
        assert set(service["secrets"]) == SECRETS_OF[name]
        named = {text for text in strings(service) if text.startswith("/run/secrets/")}
        assert named == {f"/run/secrets/{secret}" for secret in SECRETS_OF[name]}

    def test_takes_a_secret_only_through_a_file(self, name: str) -> None:
        for variable, value in services()[name]["environment"].items():
            if re.search(r"PASSWORD|SECRET|TOKEN|KEY", variable):
                assert variable.endswith("_FILE"), variable
                assert value.startswith("/run/secrets/"), variable

    def test_has_no_password_in_an_address(self, name: str) -> None:
        for text in strings(services()[name]):
            assert not re.search(r"://[^/@\s]*:[^/@\s]+@", text), text

    def test_uses_an_image_of_a_named_major_version(self, name: str) -> None:
        image = services()[name]["image"]
        assert image == "schoolbook:local" if name in APP else re.search(r":\d+", image)


def test_base_images_name_their_version() -> None:
    bases = [
        rest.split(" AS ")[0]
        for found in stages().values()
        for word, rest in found
        if word == "FROM"
    ]
    assert len(bases) == 3
    for base in bases:
        assert re.search(r":\d+(\.\d+)?-slim|:\d+-\w+-slim", base), base


def test_a_backup_is_made_only_when_somebody_asks_for_it() -> None:
    assert [name for name in SERVICES if "profiles" in services()[name]] == ["backup"]
    assert services()["backup"]["command"][2] == "backup"


def test_limits_of_what_runs_for_good_fit_into_four_gigabytes() -> None:
    unit = {"m": 1, "g": 1024}
    limits = [services()[name]["mem_limit"] for name in SERVICES if name not in ONCE]
    assert sum(int(limit[:-1]) * unit[limit[-1]] for limit in limits) <= 3.5 * 1024


def test_every_secret_is_a_file_that_make_secrets_makes(tmp_path: Path) -> None:
    subprocess.run([ROOT / "deploy" / "make-secrets", tmp_path], check=True, capture_output=True)
    for name, secret in compose()["secrets"].items():
        assert secret == {"file": f"./secrets/{name}.txt"}
        assert (tmp_path / f"{name}.txt").is_file()
    assert len(list(tmp_path.glob("*.txt"))) == len(compose()["secrets"])


def test_it_refuses_to_start_without_a_host_name() -> None:
    with pytest.raises(ValueError, match="ALLOWED_HOSTS"):
        compose({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("${A}", "1"), ("${B:-2}", "2"), ("${A:-2}", "1"), ("$$HOME", "$HOME"), ("${A:?no}", "1")],
)
def test_variables_are_filled_in_as_compose_does(text: str, expected: str) -> None:
    assert interpolate(text, {"A": "1"}) == expected


def test_only_the_web_is_published_and_only_on_loopback() -> None:
    published = {
        name: service["ports"] for name, service in services().items() if "ports" in service
    }
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_database_and_queue_live_in_networks_without_a_way_out() -> None:
    networks = compose()["networks"]
    assert networks["data"] == networks["queue"] == {"internal": True}
    assert services()["db"]["networks"] == ["data"]
    assert services()["redis"]["networks"] == ["queue"]
    assert {name for name in SERVICES if "front" in services()[name]["networks"]} == {"web"}


def test_the_app_waits_for_database_queue_and_migrations() -> None:
    assert services()["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("web", "worker", "beat"):
        waits = {on: how["condition"] for on, how in services()[name]["depends_on"].items()}
        assert waits == {
            "db": "service_healthy",
            "redis": "service_healthy",
            "migrate": "service_completed_successfully",
        }


def test_only_migrations_and_backups_use_the_owner_of_the_tables() -> None:
    user = {name: services()[name]["environment"]["DATABASE_URL"].split("@")[0] for name in APP}
    assert {user.pop(name) for name in ONCE} == {"postgres://schoolbook_owner"}
    assert set(user.values()) == {"postgres://schoolbook_app"}


def test_postgresql_18_keeps_its_data_in_the_volume() -> None:
    """The image keeps it in /var/lib/postgresql/18/docker and refuses to start with a volume at …/data."""
    db = services()["db"]
    assert db["image"].startswith("postgres:18")
    assert "PGDATA" not in db["environment"]
    named = [volume for volume in db["volumes"] if not volume.startswith("./")]
    assert named == ["database:/var/lib/postgresql"]


def test_what_is_mounted_from_the_checkout_is_there() -> None:
    for service in services().values():
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (ROOT / volume.split(":")[0]).exists(), volume


def test_the_init_script_reaches_the_image_as_something_it_runs() -> None:
    script = next(v for v in services()["db"]["volumes"] if "docker-entrypoint-initdb.d" in v)
    source, target, _ = script.split(":")
    assert target.endswith(".sh")
    assert (ROOT / source).stat().st_mode & 0o111
    # The whole folder there would make the image run the SQL by itself, without the passwords.
    assert sum("docker-entrypoint-initdb.d" in v for v in services()["db"]["volumes"]) == 1


def test_postgresql_keeps_values_out_of_its_log_and_marks_on_the_disk() -> None:
    command: list[str] = services()["db"]["command"]
    given = dict(option.split("=") for option in command if "=" in option)
    assert given["fsync"] == given["full_page_writes"] == given["synchronous_commit"] == "on"
    assert given["log_min_error_statement"] == "panic"
    assert given["log_error_verbosity"] == "terse"
    assert given["log_statement"] == "none"


def test_files_of_the_school_are_in_a_volume_that_web_and_worker_share() -> None:
    for name in ("web", "worker"):
        service = services()[name]
        assert f"files:{service['environment']['FILES_ROOT']}" in service["volumes"]


def test_the_image_runs_by_itself_what_compose_runs() -> None:
    assert services()["web"]["command"] == default_command()


MAIL = ROOT / "deploy" / "mail.compose.yml"


def test_e_mail_is_a_file_of_its_own_which_gives_the_worker_alone_a_password_and_a_way_out() -> (
    None
):
    assert schema_complaints(MAIL) == ""
    assert "EMAIL" not in COMPOSE.read_text()
    added = yaml.safe_load(MAIL.read_text())
    web, worker = added["services"]["web"], added["services"]["worker"]
    assert set(added["services"]) == {"web", "worker"}
    assert set(web) == {"environment"}
    assert set(worker["environment"]) - set(web["environment"]) == {"EMAIL_PASSWORD_FILE"}
    assert worker["networks"] == ["out"]
    assert worker["secrets"] == list(added["secrets"]) == ["mail_password"]
    with pytest.raises(ValueError, match="EMAIL_URL="):
        interpolate(web["environment"]["EMAIL_URL"], {})


def test_health_checks_may_take_as_long_as_they_need() -> None:
    def seconds(text: str) -> int:
        return int(text.removesuffix("s"))

    for name in SERVICES:
        check: dict[str, Any] = services()[name]["healthcheck"]
        if name not in ONCE:
            assert seconds(check["timeout"]) < seconds(check["interval"]), name


def test_the_file_names_no_variable_that_nobody_sets() -> None:
    raw = COMPOSE.read_text(encoding="utf-8")
    plain = [name for name in re.findall(r"\$\{(\w+)\}", raw) if name not in DOT_ENV]
    assert plain == []
    assert yaml.safe_load(raw)["name"] == "schoolbook"
