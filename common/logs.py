"""One line an entry: nobody can forge a second one with a line break in a name, and no secret of a link is in it.

Each entry says whose request or which job it belongs to. The id on an error page finds every line of its request, in
this log and in the proxy's. Text for one person's machine, one JSON object a line for a full installation.
"""

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

LIMIT = 4000
#: A traceback is cut in the middle: where it began and what it ended with are what is read.
TRACE_LIMIT: Final = 16_000
#: Addresses whose last part opens something by itself: invitations, new passwords, addresses to confirm, tickets.
SECRET = re.compile(
    r"(?<=/account/invitation/)[^/\s]+|(?<=/accounts/password/reset/key/)[^/\s]+"
    r"|(?<=/accounts/confirm-email/)[^/\s]+|(?<=/handed/)[^/\s]+"
)
#: What lines say of where they belong: ids only, no names.
FIELDS: Final = ("request", "person", "centre", "job")
LONGEST_FIELD: Final = 40
_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed, only replaced


def begin(**fields: str) -> None:
    """Forget what lines belonged to before; from here on in this thread they belong to this.

    A request sets it and leaves it: the body of a file is sent after its view has ended.
    """
    _about.set(fields)


def add(**fields: str) -> None:
    """Say more of what this thread's lines belong to: who it turned out to be, and where."""
    _about.set({**_about.get(), **fields})


@contextmanager
def about(**fields: str) -> Iterator[None]:
    """Let the lines written inside belong to this: one job of a worker after the other."""
    token = _about.set(fields)
    try:
        yield
    finally:
        _about.reset(token)


def belongs_to() -> dict[str, str]:
    """Return what is known of where a line belongs, in the order of `FIELDS`."""
    known = _about.get()
    return {name: known[name][:LONGEST_FIELD] for name in FIELDS if known.get(name)}


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in text)


class OneLine(logging.Formatter):
    """Escape line breaks and control characters in messages; cut monsters. Tracebacks keep their lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry, traceback and all, without what opens something."""
        return SECRET.sub("-", super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        line = _plain(super().formatMessage(record))[:LIMIT]
        known = " ".join(f"{name}={value}" for name, value in belongs_to().items())
        return f"{line} [{_plain(known)}]" if known else line


class Json(logging.Formatter):
    """One JSON object a line: time in UTC, level, logger, message, where it belongs, and the traceback as one text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry, without what opens something."""
        entry: dict[str, Any] = {
            "at": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": SECRET.sub("-", record.getMessage())[:LIMIT],
            **belongs_to(),
        }
        if record.exc_info:
            entry["trace"] = _middle_cut(SECRET.sub("-", self.formatException(record.exc_info)))
        return json.dumps(entry, ensure_ascii=True)


def _middle_cut(trace: str) -> str:
    half = TRACE_LIMIT // 2
    return trace if len(trace) <= TRACE_LIMIT else f"{trace[:half]}\n…\n{trace[-half:]}"
