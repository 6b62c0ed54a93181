"""What looking into a file told us: a frozen fact that travels as JSON from the child process to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from media import wire
from media.sentences import sentence_for

OK = "ok"
ACTIVE = (
    "javascript", "attachments", "launch", "open-action", "form", "remote-template", "embedded-objects", "html",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One file, looked into.

    `code` is "ok" or the reason of refusal (a key of `media.sentences`); `detail` fills the gaps of its sentence.
    `captured_at` is aware UTC when the file says its zone (`captured_zone_known`), else the naive clock of the device.
    `width` and `height` are pixels as seen upright. `has_location` is a flag only: the coordinates are never read out
    (R50). `active_content` lists what the original holds that could act; none of it survives in a preview (R54).
    """

    code: str = OK
    detail: Mapping[str, str] = field(default_factory=dict)
    family: str = ""
    extension: str = ""
    content_type: str = ""
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    captured_at: datetime | None = None
    captured_zone_known: bool = False
    device: str = ""
    has_location: bool = False
    active_content: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file may be kept and shown."""
        return self.code == OK

    @property
    def sentence(self) -> str:
        """Why the file was refused, in the reader's language: what happened, what is safe, what to do. Empty if ok."""
        return "" if self.ok else sentence_for(self.code, self.detail)

    def as_json(self) -> dict[str, Any]:
        """The finding as plain JSON values."""
        moment = self.captured_at.isoformat() if self.captured_at else None
        return {name: getattr(self, name) for name in self.__slots__} | {
            "captured_at": moment, "detail": dict(self.detail), "active_content": list(self.active_content),
        }  # fmt: skip


class NotAccepted(Exception):  # noqa: N818 - it is an answer, not an error
    """Raised inside the checks; `inspect_file` turns it into a refused `Finding`."""

    def __init__(self, code: str, **detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class ChildLost(Exception):  # noqa: N818 - it says what became of it
    """A process that looked at a file was ended or broke before it answered, or its answer makes no sense.

    It says nothing about the file: the memory may have been needed elsewhere. Only where it comes again and again is it
    the file's doing, and that is for whoever counts the tries to say.
    """


def refused(code: str, **detail: str) -> Finding:
    """A refusal. `detail` fills the gaps of the sentence."""
    return Finding(code=code, detail=detail)


def finding_from_json(data: Mapping[str, Any]) -> Finding:
    """A finding from what a child process wrote, which is not trusted: wrong shapes raise ValueError or TypeError."""
    return Finding(
        code=wire.line(data["code"], 40),
        detail={wire.line(key, 40): wire.line(value, 200) for key, value in dict(data["detail"]).items()},
        family=wire.line(data["family"], 20),
        extension=wire.line(data["extension"], 8),
        content_type=wire.line(data["content_type"], 100),
        pages=wire.count(data["pages"]),
        width=wire.count(data["width"]),
        height=wire.count(data["height"]),
        duration_seconds=wire.seconds(data["duration_seconds"]),
        captured_at=wire.moment(data["captured_at"]),
        captured_zone_known=data["captured_zone_known"] is True,
        device=wire.line(data["device"], 80),
        has_location=data["has_location"] is True,
        active_content=tuple(flag for flag in ACTIVE if flag in data["active_content"]),
    )
