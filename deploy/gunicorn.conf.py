"""Gunicorn, for production and for the demo. What an operator may change is read from the environment.

WEB_BIND     where to listen; 127.0.0.1:8000 unless told
WEB_WORKERS  processes, 3
WEB_THREADS  threads in each, 4; workers × threads requests are answered at once, each with its own database connection
"""

import importlib
import logging
import os
import sys
from pathlib import Path


def positive(name: str, default: int) -> int:
    """Read a number of at least 1 from the environment; anything else stops the start."""
    text = os.environ.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise SystemExit(f"{name} must be a whole number of at least 1, not {text!r}")
    return int(text)


bind = os.environ.get("WEB_BIND", "") or "127.0.0.1:8000"
worker_class = "gthread"
workers = positive("WEB_WORKERS", 3)
threads = positive("WEB_THREADS", 4)

# A request that takes longer than this has hung; long work belongs to the queue.
timeout = 30
# On stop and reload a request may finish. docker-compose.yml and the systemd unit wait longer than this.
graceful_timeout = 30
keepalive = 5
# A slow leak in a package ends with its process, at different times for each.
max_requests = 5000
max_requests_jitter = 500

# The workers tell the master that they live through a file: in memory, since on a busy disk they would seem dead.
MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn itself makes names there that nobody can guess
if MEMORY.is_dir():
    worker_tmp_dir = str(MEMORY)
# No socket to steer it by: a second way in, and it would be written into a home directory that is not there.
control_socket_disable = True

# Requests are logged by Django, with an id and without personal data; an access log would hold addresses and searches.
accesslog = None
# What gunicorn has to say goes the same way. It quotes requests that it cannot read: only the fixed part is kept.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
logconfig_dict = importlib.import_module("schoolbook.logs").dictionary(logging.INFO)

# FORWARDED_ALLOW_IPS stays at gunicorn's default (the loopback addresses): it decides only wsgi.url_scheme, which
# Django does not ask when TRUST_PROXY is on. Header names with underscores, with which a browser could pass for the
# proxy, are dropped.
header_map = "drop"
