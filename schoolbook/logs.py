"""Structured logs: one JSON object a line, with the request's id and without anything personal.

A line names an event and carries ids, never names, marks, passwords or tokens. Of an unexpected error it keeps the
type and the places it passed through, not its message: a database error quotes the row that it refused.
"""

from __future__ import annotations

import logging
import logging.config
import sys
import traceback
from typing import Any

import structlog
from structlog.types import EventDict

from schoolbook.context import request_id


def add_request_id(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Put the id of the request that is being answered, if there is one."""
    if current := request_id():
        event["request_id"] = current
    return event


def keep_places_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and its frames; its message may quote personal data."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def drop_arguments(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Keep a foreign log record's fixed text and drop what was filled in: nobody knows what it holds.

    A library's message is a template ("Not Found: %s"); its arguments are paths, names or statements. Django's reports
    of suspicious requests and gunicorn's warnings of unreadable ones quote the request in the text itself, so the
    logger's name stands for it.
    """
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        quotes = record.name.startswith("django.security") or (
            record.name == "gunicorn.error" and record.levelno == logging.WARNING
        )
        event["event"] = record.name if quotes else str(record.msg)
    return event


_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    add_request_id,
    keep_places_only,
]


def logging_config(level: int) -> None:
    """Send the logs of Schoolbook, Django, Celery and every library to standard output as JSON lines."""
    logging.config.dictConfig(dictionary(level))


def dictionary(level: int) -> dict[str, Any]:
    """The same as a dictionary for `logging.config`, which gunicorn takes for what it logs before Django is there."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*_SHARED, drop_arguments],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "json",
            }
        },
        "root": {"handlers": ["stdout"], "level": level},
        # Our own line for each request says more and holds less.
        "loggers": {
            "django.server": {"level": "ERROR"},
            "axes": {"level": "ERROR"},
            # Each step of each document, and each font.
            "fontTools": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "weasyprint": {"level": "WARNING"},
            "weasyprint.progress": {"level": "WARNING"},
            "gunicorn.access": {"level": "ERROR", "handlers": []},
            "gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False},
        },
    }
