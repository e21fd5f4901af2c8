"""Settings, all of them, read strictly from the environment.

A value that cannot be understood stops the start with a sentence; nothing is guessed. `SCHOOLBOOK_MODE` is one of

* `production` (the default): refuses to start with anything weak,
* `demo`: what `make demo` serves on one machine, without TLS,
* `test`: what the tests run,
* `build`: collecting static files in an image, with no secret and no database at hand.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv
from marshmallow.validate import Email, OneOf, Range

from schoolbook.addresses import mail_server, site
from schoolbook.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

# FileAwareEnv also reads NAME_FILE, so that a secret can stay in a file that only this process reads.
env = FileAwareEnv(strip_whitespace=True)


# Mode and secrets ----------------------------------------------------------------------------------

MODE = env.str(
    "SCHOOLBOOK_MODE", "production", validate=OneOf(["production", "demo", "test", "build"])
)
PRODUCTION = MODE == "production"
# Whether the school clock may stand on another day than the real one: see schoolbook.clock.
CLOCK_MOVES = MODE == "demo"
DEBUG = env.bool("DEBUG", False)

MINIMUM_SECRET_LENGTH, DIFFERENT_CHARACTERS = 50, 10
SECRET_KEY = env.str("SECRET_KEY") if PRODUCTION else env.str("SECRET_KEY", secrets.token_hex(32))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if PRODUCTION else ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# Whether a reverse proxy stands in front, whose word on scheme and address of the browser counts.
TRUST_PROXY = env.bool("TRUST_PROXY", False)

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG shows the school's data to strangers: unset it.")
    if len(SECRET_KEY) < MINIMUM_SECRET_LENGTH or len(set(SECRET_KEY)) < DIFFERENT_CHARACTERS:
        raise ImproperlyConfigured(
            f"SECRET_KEY must be random and at least {MINIMUM_SECRET_LENGTH} characters long."
        )
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name the addresses of this site, separated by commas."
        )

# Applications --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "schoolbook",
    "gradebook",
    "approvals",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "django_htmx",
    "guardian",
    "pgtrigger",
    "simple_history",
]

MIDDLEWARE = [
    "schoolbook.middleware.request_context",
    # Pads each answer by a random length, and the token in a form is masked anew each time: BREACH finds no hold.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "schoolbook.middleware.browser_policy",
    "schoolbook.middleware.probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "schoolbook.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "schoolbook.middleware.session_limits",
    "schoolbook.middleware.SignInRequired",
    "schoolbook.middleware.SecondFactorAsked",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "schoolbook.urls"
WSGI_APPLICATION = "schoolbook.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "schoolbook.jinja.environment",
            "context_processors": ["schoolbook.jinja.page_context"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

# Database and queue --------------------------------------------------------------------------------

_anywhere = () if PRODUCTION else ("postgres://schoolbook_app@/schoolbook",)
DATABASES = {"default": env.dj_db_url("DATABASE_URL", *_anywhere, conn_health_checks=True)}
_database = DATABASES["default"]
_database["HOST"] = _database.setdefault("OPTIONS", {}).pop("host", _database["HOST"])
_database["PASSWORD"] = env.str("DATABASE_PASSWORD", _database["PASSWORD"])
_database["ATOMIC_REQUESTS"] = False  # A service opens its own transaction, as late as it can.
_database["OPTIONS"]["application_name"] = "schoolbook"
# A web process keeps connections open between requests; a test and a command open one and close it.
DATABASE_POOL = env.int("DATABASE_POOL", 0)
if DATABASE_POOL:
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 10}


def _with_password(url: str, password: str) -> str:
    scheme, rest = url.split("://", 1)
    return f"{scheme}://:{quote(password, safe='')}@{rest}" if password else url


REDIS_URL = _with_password(
    env.str("REDIS_URL", "redis://127.0.0.1:6379/0"), env.str("REDIS_PASSWORD", "")
)
# The queue is a hint; rows in PostgreSQL are the truth, so a message may be lost and none is kept for long.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # Who puts a message into a queue that is away learns so at once, instead of after six seconds.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
# Where a backup is kept each night, how many, and the owner role's address, which the database is copied by.
BACKUP_FOLDER = env.path("BACKUP_FOLDER", None)
BACKUPS_KEPT = env.int("BACKUPS_KEPT", 14, validate=Range(min=1, max=1000))
BACKUP_HOUR = env.int("BACKUP_HOUR", 2, validate=Range(min=0, max=23))
BACKUP_DATABASE: dict[str, Any] = (
    dict(env.dj_db_url("BACKUP_DATABASE_URL")) if env.str("BACKUP_DATABASE_URL", "") else {}
)
if BACKUP_DATABASE:
    _host = BACKUP_DATABASE.setdefault("OPTIONS", {}).pop("host", BACKUP_DATABASE["HOST"])
    _word = env.str("BACKUP_DATABASE_PASSWORD", BACKUP_DATABASE["PASSWORD"])
    BACKUP_DATABASE.update(HOST=_host, PASSWORD=_word)
CELERY_BEAT_SCHEDULER = "schoolbook.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "clear-expired-sessions": {
        "task": "schoolbook.tasks.clear_expired_sessions",
        "schedule": 3600,
    },
    # The chain and backups
    "gather-heads": {
        "task": "schoolbook.tasks.gather_heads",
        "schedule": env.int("GATHER_MINUTES", 15, validate=Range(min=1, max=1440)) * 60,
    },
    **(
        {
            "back-up": {
                "task": "schoolbook.tasks.back_up",
                "schedule": crontab(hour=str(BACKUP_HOUR), minute="30"),
            }
        }
        if BACKUP_FOLDER
        else {}
    ),
    # Long work
    "sweep-jobs": {"task": "schoolbook.tasks.sweep_jobs", "schedule": 60},
    "remove-old-results": {"task": "schoolbook.tasks.remove_old_results", "schedule": 3600},
    # Watching over the books
    # Early in the morning, and again: what was kept is not kept twice.
    "keep-figures": {
        "task": "gradebook.tasks.keep_figures",
        "schedule": crontab(hour="0,1", minute="20"),
    },
}

# Sign-in and sessions ------------------------------------------------------------------------------

AUTH_USER_MODEL = "schoolbook.User"
# django-guardian gives the shape of explicit grants; whether one holds today is for `schoolbook.access` to say.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # its backend knows no dates and is not used
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if MODE == "demo":
    # The sign-in page shows every password of a demo: hashing them dearly would only make people wait.
    PASSWORD_HASHERS = ["schoolbook.passwords.CheapArgon2"]
# A list of breached passwords in lower case, one a line, that the operator keeps; docs/operations.md says where from.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", "")
_validation = "django.contrib.auth.password_validation"
# ASVS 5.0, 6.2: length, common, breached and telling ones; no rules of composition, and none is forced to change.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": "schoolbook.passwords.ContextValidator"},
    {"NAME": "schoolbook.passwords.BreachedValidator"},
]
SLIP_DAYS = env.int("SLIP_DAYS", 7, validate=Range(min=1, max=60))
FRESH_SECOND_FACTOR_MINUTES = env.int("FRESH_SECOND_FACTOR_MINUTES", 10, validate=Range(min=1))
LOGIN_URL = "schoolbook:sign_in"
LOGIN_REDIRECT_URL = "schoolbook:home"
LOGOUT_REDIRECT_URL = "schoolbook:sign_in"

SESSION_ENGINE = "schoolbook.session_store"
# How long a session lasts without a request, shorter for those who administer, and however busy it is.
SESSION_HOURS = env.int("SESSION_HOURS", 12, validate=Range(min=1, max=24))
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60  # seconds
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # ends with the browser
CSRF_FAILURE_VIEW = "schoolbook.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Wrong passwords slow one account at one address down; a school behind a single address is never shut out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "schoolbook.http.client_address"
AXES_LOCKOUT_CALLABLE = "schoolbook.views.errors.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True

# The browser ---------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "sid", "csrf", "language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds

if PRODUCTION:
    # The prefix makes the browser itself refuse such a cookie from another host, path or plain HTTP.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^ready/$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # With "preload" in the header anybody may enter the school's domain in a list that browsers ship and that
    # takes months to leave: a choice for the owner of the domain, made in the reverse proxy.
    SILENCED_SYSTEM_CHECKS += ["security.W021"]
    if TRUST_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# E-mail --------------------------------------------------------------------------------------------

# Without EMAIL_URL no mail is ever sent, and nothing is missing.
SENDS_MAIL = bool(env.str("EMAIL_URL", ""))
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SITE_URL = ""
if SENDS_MAIL:
    globals().update(mail_server(env.str("EMAIL_URL"), env.str("EMAIL_PASSWORD", "")))
    DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", validate=Email())
    SITE_URL = site(env.str("SITE_URL"), only_https=PRODUCTION)

# Language and time ---------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
# The second folder supplies what the catalogues of Django and other packages lack.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "packages"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = False

# Files ---------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "schoolbook.staticfiles.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "schoolbook.staticfiles.StaticFiles"},
}
# Names carry a digest of the content, so a browser may keep them for good.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = env.path("FILES_ROOT", BASE_DIR / "var" / "files")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a sheet of 60 pupils × 20 columns, and its versions
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes
FILE_UPLOAD_HANDLERS = [
    "schoolbook.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Long work -----------------------------------------------------------------------------------------

# What a process that renders may take: memory beside what the worker has already, and of the processor for one part.
RENDER_MEMORY_MB = env.int("RENDER_MEMORY_MB", 384, validate=Range(min=64, max=65536))
RENDER_SECONDS = env.int("RENDER_SECONDS", 120, validate=Range(min=1, max=3600))
# Documents that were printed can be printed again: after so many days the file goes, and the row says so.
RESULT_DAYS = env.int("RESULT_DAYS", 7, validate=Range(min=1, max=366))

# History -------------------------------------------------------------------------------------------

SIMPLE_HISTORY_ENABLED = True
SIMPLE_HISTORY_DATE_INDEX = False
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

LOGGING_CONFIG = None
logging_config(env.log_level("LOG_LEVEL", logging.INFO))
