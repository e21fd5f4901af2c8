"""Settings refuse nonsense; each case starts a process of its own, as an operator would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "kL9-vT2_qW8-xR4_zM7-pB1_nH6-cF3_jD5-gS0_aY2-eU8_iO4",
    "ALLOWED_HOSTS": "so.example.edu.vn",
    "DATABASE_URL": "postgres://schoolbook_app:secret@127.0.0.1:1/schoolbook",
}
MAIL = {
    "EMAIL_URL": "smtp+tls://so%40example@mail.example.edu.vn",
    "EMAIL_FROM": "so@example.edu.vn",
    "SITE_URL": "https://so.example.edu.vn/",
}


def start(*command, **environment):
    """Run manage.py with exactly this environment."""
    given = {"PATH": os.environ["PATH"], **GOOD, **environment}
    clean = {name: value for name, value in given.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ("check",))],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_deploy_is_clean_and_production_is_what_runs_when_nothing_is_said():
    done = start("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"DEBUG": "true"}, "DEBUG"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"SCHOOLBOOK_MODE": "prod"}, "SCHOOLBOOK_MODE"),
        ({"TRUST_PROXY": "sometimes"}, "TRUST_PROXY"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/at/all"}, "SECRET_KEY_FILE"),
    ],
)
def test_production_refuses_to_start_and_names_the_setting(environment, word):
    done = start(**environment)
    assert done.returncode != 0
    assert word in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "mail.example.edu.vn"),
        ("EMAIL_URL", "http://mail.example.edu.vn"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp://host:port"),
        ("EMAIL_URL", "smtp://host/x"),
        ("EMAIL_FROM", None),
        ("EMAIL_FROM", "x"),
        ("SITE_URL", None),
        ("SITE_URL", "http://so.example.edu.vn"),
        ("SITE_URL", "https://so.example.edu.vn/x"),
    ],
)
def test_half_of_what_e_mail_needs_stops_the_start_too(name, value):
    done = start(**{**MAIL, name: value})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_a_secret_may_stay_in_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(GOOD["SECRET_KEY"] + "\n")
    done = start(SECRET_KEY=None, SECRET_KEY_FILE=str(secret))
    assert done.returncode == 0, done.stderr


SHOW = (
    "from django.conf import settings as s; d = s.DATABASES['default'];"
    "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
    " d['PASSWORD'], d['HOST'], s.REDIS_URL)"
)


def test_production_names_its_cookies_so_that_no_other_host_can_set_them():
    done = start("shell", "--no-imports", "-c", SHOW)
    assert done.stdout.split()[:3] == ["__Host-sid", "__Host-csrf", "True"], done.stderr


def test_passwords_from_files_end_up_in_the_addresses(tmp_path):
    (tmp_path / "db").write_text("mật/khẩu@1\n")
    (tmp_path / "redis").write_text("p@ss/word\n")
    done = start(
        "shell",
        "--no-imports",
        "-c",
        SHOW,
        DATABASE_URL="postgres://schoolbook_app@db:5432/schoolbook",
        DATABASE_PASSWORD_FILE=str(tmp_path / "db"),
        REDIS_URL="redis://redis:6379/0",
        REDIS_PASSWORD_FILE=str(tmp_path / "redis"),
    )
    assert done.stdout.split()[3:] == [
        "mật/khẩu@1",
        "db",
        "redis://:p%40ss%2Fword@redis:6379/0",
    ], done.stderr


def test_the_web_application_refuses_to_start_on_a_hasty_database(postgres):
    done = subprocess.run(
        [sys.executable, "-c", "import schoolbook.wsgi"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            **GOOD,
            "DATABASE_URL": postgres.url("app", "schoolbook_template"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "fsync" in done.stderr.splitlines()[-1]


def test_the_web_application_starts_while_the_database_is_away():
    done = subprocess.run(
        [sys.executable, "-c", "import schoolbook.wsgi; print('up')"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **GOOD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "database_not_reachable_at_start" in done.stdout
    assert done.stdout.endswith("up\n")


@pytest.mark.parametrize(
    ("mode", "hasher"),
    [
        ("production", "django.contrib.auth.hashers.Argon2PasswordHasher"),
        ("demo", "schoolbook.passwords.CheapArgon2"),
    ],
)
def test_only_a_demo_hashes_passwords_cheaply(mode, hasher):
    show = "from django.conf import settings as s; print(*s.PASSWORD_HASHERS)"
    done = start("shell", "--no-imports", "-c", show, SCHOOLBOOK_MODE=mode)
    assert done.stdout.split() == [hasher], done.stderr


SHOW_MAIL = (
    "from django.conf import settings as s; print(s.SENDS_MAIL, s.EMAIL_BACKEND.split('.')[-2], s.EMAIL_HOST,"
    " s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS, s.DEFAULT_FROM_EMAIL, s.SITE_URL)"
)


def test_e_mail_is_off_unless_a_server_is_named():
    done = start("shell", "--no-imports", "-c", SHOW_MAIL)
    assert done.stdout.split()[:2] == ["False", "dummy"], done.stderr


def test_a_mail_server_is_read_from_its_address_and_the_password_from_a_file(tmp_path):
    (tmp_path / "mail").write_text("bí-mật@1\n")
    password = {"EMAIL_PASSWORD_FILE": str(tmp_path / "mail")}
    done = start("shell", "--no-imports", "-c", SHOW_MAIL, **MAIL, **password)
    assert done.stdout.split() == [
        "True",
        "smtp",
        "mail.example.edu.vn",
        "587",
        "so@example",
        "bí-mật@1",
        "True",
        "so@example.edu.vn",
        "https://so.example.edu.vn",
    ], done.stderr
