"""Logs: one structured line per event, for people (console) or machines (json), without personal data.

Who did what stands in the trail, where it is protected. The log is for whoever runs the machine: it names routes,
numbers of records and of accounts, and never names, badges, secrets, addresses of devices, search words or what
somebody entered into a form.
"""

import logging.config
import re
import sys
import traceback
from typing import Any

import psycopg
import structlog

SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|“[^”]*”")
HIDDEN = "…"
LONGEST_CHAIN = 10
TASK_ENDED = "celery.app.trace"


def words_of(error: BaseException) -> str:
    """The first line of an error's message, without what it quotes: quoted is what somebody entered.

    An error of PostgreSQL is named by its code, constraint and table, because its message repeats the row.
    """
    if isinstance(error, psycopg.Error):
        diagnosis = error.diag
        found = (error.sqlstate, diagnosis.constraint_name, diagnosis.table_name)
        return " ".join(part for part in found if part) or HIDDEN
    if isinstance(error.__cause__, psycopg.Error) and type(error).__module__ == "django.db.utils":
        return words_of(error.__cause__)
    first = str(error).partition("\n")[0]
    return QUOTED.sub(HIDDEN, first)


def failure(error: BaseException) -> str:
    """A traceback without values: where each error of the chain arose, of which type it is, and its bare words."""
    told: list[str] = []
    link: BaseException | None = error
    while link is not None and len(told) < LONGEST_CHAIN:
        frames = "".join(traceback.format_tb(link.__traceback__))
        told.append(f"{frames}{type(link).__module__}.{type(link).__qualname__}: {words_of(link)}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n\nwhich came of\n\n".join(reversed(told))


def plain_failures(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace what a library would print of an error by `failure`; a failed task's own line repeats its arguments."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else (sys.exc_info() if info is True else info or (None, None))[1]
    if error is not None:
        event["exception"] = failure(error)
    record = event["_record"]
    task = getattr(record, "data", None) or {}
    if record.name == TASK_ENDED and "exc" in task:  # Celery's own line repeats the error.
        event["event"] = "a task failed" if record.levelno >= logging.ERROR else "a task is tried again"
        event["task"] = task.get("name", "")
    return event


def logging_configuration(format: str) -> dict[str, Any]:
    """The ``logging.config`` dictionary for ``format``: ``console`` or ``json``."""
    console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if format == "json" else console
    through = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    plain_failures,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
                "foreign_pre_chain": SHARED_PROCESSORS,
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "trueline": {"level": "INFO"},
            "django_structlog": {"level": "INFO"},
            "django.security": {"level": "WARNING"},
            # The request's own line says it, with the route instead of the address.
            "django.request": {"level": "CRITICAL"},
            # Its lines carry user ids and addresses; each attempt to sign in is an event of the trail.
            "uvicorn": {"level": "WARNING", **through},
            "uvicorn.error": {"level": "WARNING", **through},
            # Its lines carry addresses and search words.
            "uvicorn.access": {"level": "CRITICAL", **through},
        },
    }


def configure(configuration: dict[str, Any]) -> None:
    """Set up the standard library's loggers and structlog on top of them (called by Django's set-up)."""
    logging.config.dictConfig(configuration)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
