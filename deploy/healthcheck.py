"""Is this container well? Exit status 0 says yes; otherwise one line says why not.

healthcheck.py web             /health/ answers 200 on the port of WEB_BIND
healthcheck.py worker          the Celery worker of this host answers a ping sent to it alone
healthcheck.py beat FILE       beat has written its schedule file lately
"""

import glob
import http.client
import os
import socket
import sys
import time

# Beat writes every 180 s at the earliest and wakes every 60 s (--max-interval): 240 s, and some patience.
BEAT_SILENT_FOR = 420


def web() -> str:
    """Ask as the reverse proxy does: by a host name that is allowed, and with TLS already done."""
    port = int((os.environ.get("WEB_BIND") or "127.0.0.1:8000").rpartition(":")[2])
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().removeprefix(".")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/health/", headers={"Host": host, "X-Forwarded-Proto": "https"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"/health/ does not answer: {error}"
    finally:
        connection.close()
    return "" if status == http.HTTPStatus.OK else f"/health/ answers {status}"


def worker() -> str:
    """Send a ping to the worker of this host, and to no other."""
    from schoolbook.celery import app  # noqa: PLC0415 - the other two checks need no settings

    name = f"worker@{socket.gethostname()}"
    try:
        answers = app.control.ping(destination=[name], timeout=10)
    except Exception as error:  # The client has many ways to say that the queue is away.
        return f"the queue does not answer: {type(error).__name__}"
    return "" if any(name in answer for answer in answers or []) else f"{name} does not answer"


def beat(path: str) -> str:
    """Look when beat last wrote its file."""
    # The kind of file depends on the database module Python has; some add an ending.
    written = [os.stat(name).st_mtime for name in glob.glob(glob.escape(path) + "*")]
    if not written:
        return f"beat has not written {path}"
    silent = time.time() - max(written)
    return "" if silent < BEAT_SILENT_FOR else f"beat has written nothing for {silent:.0f} s"


def main(arguments: list[str]) -> int:
    """Run the check that the arguments name; returns the exit status."""
    match arguments:
        case ["web"]:
            complaint = web()
        case ["worker"]:
            # Run as a script, Python looks for modules beside it; the product is one level up.
            sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
            complaint = worker()
        case ["beat", path]:
            complaint = beat(path)
        case _:
            complaint = str(__doc__)
    if complaint:
        print(complaint, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
