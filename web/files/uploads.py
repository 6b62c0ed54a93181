"""Bytes coming in: to disk from the first one, and never taken for whole when the line broke (T15)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from common.temporary import UPLOADS, hold, sweep


class WholeUploads(TemporaryFileUploadHandler):
    """Refuses a form of which fewer bytes arrived than its length announced: its last file would look finished."""

    def handle_raw_input(self, input_data: Any, *args: Any, **kwargs: Any) -> None:
        """Remember the request, to look at its stream in the end."""
        self.came_from = input_data
        super().handle_raw_input(input_data, *args, **kwargs)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Hold the file on disk; what nobody holds was left by a process that was killed, and goes first."""
        sweep(Path(settings.FILE_UPLOAD_TEMP_DIR), UPLOADS)
        super().new_file(*args, **kwargs)
        hold(self.file.fileno())

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
