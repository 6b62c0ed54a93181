"""Bytes coming in: to disk from the first one, and never taken for whole when the line broke (T15)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from common.temporary import UPLOADS, hold, sweep
from web.shared import outages


class WholeUploads(TemporaryFileUploadHandler):
    """Refuses a form of which fewer bytes arrived than its length announced: its last file would look finished."""

    def handle_raw_input(self, input_data: Any, *args: Any, **kwargs: Any) -> None:
        """Remember the request, to look at its stream in the end."""
        self.came_from = input_data
        super().handle_raw_input(input_data, *args, **kwargs)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Hold the file on disk; what nobody holds was left by a process that was killed, and goes first."""
        with self._on_disk():
            sweep(Path(settings.FILE_UPLOAD_TEMP_DIR), UPLOADS)
            super().new_file(*args, **kwargs)
            hold(self.file.fileno())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part of it."""
        with self._on_disk():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        """End a file: what was still in memory is written now, or there is no file."""
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._let_go(error)
            return None

    @contextmanager
    def _on_disk(self) -> Iterator[None]:
        """Skip a file that the disk has no room for, and read the rest of the form: its person gets an answer.

        To break off here would reset the connection in the middle of what a phone sends.
        """
        try:
            yield
        except OSError as error:
            self._let_go(error)
            raise SkipFile from error

    def _let_go(self, error: OSError) -> None:
        """Take away what there is of the file. (To close it would try to write the rest of it again.)"""
        outages.mark_unread(self.came_from, error)
        if hasattr(self, "file"):
            with suppress(OSError):
                self.file.close()
            del self.file

    def upload_complete(self) -> None:
        """Raise, which answers 400, when the stream ended early."""
        if not arrived_whole(self.came_from):
            raise MultiPartParserError("the request ended early")


def arrived_whole(request: HttpRequest) -> bool:
    """Say whether as many bytes were read as the header announced.

    The library reads a form to the end of its stream and takes what is there; only the counting stream it wraps round
    the connection knows better.
    """
    stream = getattr(request, "_stream", None)
    read, announced = getattr(stream, "_pos", 0), getattr(stream, "limit", 0)
    return bool(read >= announced)
