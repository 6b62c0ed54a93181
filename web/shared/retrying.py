"""An act that met another one in the database is tried a second time, once; then its person is told to send it again.

PostgreSQL breaks one of two acts off when each waits for the other (deadlock) or when it cannot put them in an order
(serialisation); SQLite gives up on a writer who has waited too long. Nothing was changed then, so doing the whole act
again is safe, and nearly always all that is needed.
"""

import copy
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.messages import get_messages
from django.contrib.messages.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest

from common import contention
from common.contention import Error

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Busy(Exception):  # noqa: N818 - it is an answer to a person, not a fault
    """Two tries met another act. Nothing was changed; the person is asked to send it again in a moment."""


def twice(request: HttpRequest, act: Callable[[], T]) -> T:
    """Do an act that is one transaction; when it met another one, put the request back as it was and do it once more.

    Raises `Busy` when that met another one too. What is raised for any other reason goes on.
    """
    before = remember(request)
    try:
        return _done(request, act())
    except Error as error:
        if not contention.met(error):
            raise
    logger.info("%s %s met another act and is tried again", request.method, request.path)
    before.restore(request)
    try:
        return _done(request, act())
    except Error as error:
        if contention.met(error):
            raise Busy from error
        raise


def _done(request: HttpRequest, found: T) -> T:
    request.act_done = True  # type: ignore[attr-defined]  # ours: from here on the request is not done again as a whole
    return found


class Written:
    """Sees every statement of a request, and knows whether one of them wrote."""

    WRITING = ("INSERT", "UPDATE", "DELETE")

    def __init__(self) -> None:
        self.any = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        """Let a statement through (`connection.execute_wrapper`)."""
        self.any = self.any or str(sql).startswith(self.WRITING)
        return execute(sql, params, many, context)


@dataclass(frozen=True, slots=True)
class Before:
    """What a view may have changed about its request: the session, and what is to be said on the next page."""

    session: dict[str, Any] | None
    modified: bool
    messages: list[Any] | None

    def restore(self, request: HttpRequest) -> None:
        """Take back what the first try did to the request, so that the second begins where the first began."""
        if self.session is not None:
            request.session.clear()
            request.session.update(copy.deepcopy(self.session))
            request.session.modified = self.modified
        if self.messages is not None:
            fresh = default_storage(request)
            fresh._queued_messages = list(self.messages)  # type: ignore[attr-defined]  # noqa: SLF001 - it has no other door
            request._messages = fresh  # type: ignore[attr-defined]  # noqa: SLF001 - where the library keeps it
        if request.method == "POST":
            for name, files in request.FILES.lists():
                request.FILES.setlist(name, [readable(one) for one in files])


def remember(request: HttpRequest) -> Before:
    """Keep what `restore` puts back."""
    session = getattr(request, "session", None)
    storage = get_messages(request)
    return Before(
        session=None if session is None else copy.deepcopy(dict(session.items())),
        modified=bool(session is not None and session.modified),
        messages=list(getattr(storage, "_queued_messages", [])) if hasattr(request, "_messages") else None,
    )


def file_twice(given: "UploadedFile[bytes]", take: "Callable[[UploadedFile[bytes]], T]") -> T:
    """Take one file in, and once more when that met another act. Raises `Busy` after the second time.

    For files that come after their words are kept: the act itself is done, and each file is a step of its own.
    """
    try:
        return take(given)
    except Error as error:
        if not contention.met(error):
            raise
    try:
        return take(readable(given))
    except Error as error:
        if contention.met(error):
            raise Busy from error
        raise


class _StillOpen(UploadedFile):  # type: ignore[type-arg]  # the class takes none while it runs
    """A file whose place on the disk is gone and whose bytes are still held open."""

    def close(self) -> None:
        with suppress(FileNotFoundError):
            super().close()


def readable(given: "UploadedFile[bytes]") -> "UploadedFile[bytes]":
    """Return an uploaded file to be read from its beginning again, also where a first try has moved it away.

    Raises `Busy` for one that was closed.
    """
    moved = isinstance(given, TemporaryUploadedFile) and not Path(given.temporary_file_path()).exists()
    if moved:
        given = _StillOpen(given.file, given.name, given.content_type, given.size, given.charset)
    if given.closed:  # its bytes are gone: only its person has them
        raise Busy
    given.seek(0)
    return given
