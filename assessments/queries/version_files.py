"""The files of a version as the stage shows them, and which of them were shown to this person (R69)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef

from centres.actor import Actor
from portfolio.enums import OPENABLE, FileState, PreviewKind
from portfolio.models import EvidenceVersion, VersionFile
from portfolio.queries.core import same_bytes_elsewhere
from portfolio.queries.shown import openings_of

#: Field of `StageFile` → column.
_FILE: Final[Mapping[str, str]] = {
    "public_id": "file__public_id",
    "name": "file__name",
    "family": "file__family",
    "state": "file__state",
    "size": "file__size",
    "sha256": "file__sha256",
    "content_type": "file__content_type",
    "seconds": "file__duration_seconds",
    "captured_at": "file__captured_at",
    "received_at": "file__received_at",
    "device": "file__device",
    "has_location": "file__has_location",
    "note": "file__preview_note",
}
_PREVIEW: Final = tuple(f"file__previews__{name}" for name in ("kind", "public_id", "width", "height", "text"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A page or an image made by the worker; sizes in pixels where known."""

    public_id: str
    number: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class StageFile:
    """A file of the version, with what the browser can show of it. Ids are public; empty where there is none."""

    public_id: str
    name: str
    family: str
    state: str
    size: int
    sha256: str
    content_type: str
    seconds: float
    captured_at: dt.datetime | None
    received_at: dt.datetime
    device: str
    has_location: bool
    note: str
    seen_before: bool
    openable: bool
    shown: bool  # to this person, at some time
    thumb: str = ""
    playable: str = ""
    poster: str = ""
    text: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def shows(self) -> str:
        """How the stage shows it: "purged", "closed", "video", "audio", "pictures", "text" or "none"."""
        if self.state == FileState.PURGED:
            return "purged"
        if not self.openable:
            return "closed"
        if self.family in {"video", "audio"}:
            return self.family
        if self.pictures:
            return "pictures"
        return "text" if self.text else "none"


def stage_files(actor: Actor, version: EvidenceVersion) -> tuple[StageFile, ...]:
    """Return the files of a version in their order, with their previews. One query: a row for each preview."""
    elsewhere = (
        same_bytes_elsewhere(actor, learner_id=version.evidence.learner_id)
        .filter(sha256=OuterRef("file__sha256"))
        .exclude(evidence_id=version.evidence_id)
    )
    rows = (
        VersionFile.objects.for_centre(actor.centre_id)
        .filter(version=version)
        .annotate(
            seen_before=Exists(elsewhere),
            shown=Exists(openings_of(actor.person_id, actor.centre_id).filter(file_id=OuterRef("file_id"))),
        )
        .order_by("file__position", "file_id", "file__previews__kind", "file__previews__position")
        .values("file_id", "seen_before", "shown", *_FILE.values(), *_PREVIEW)
    )
    files: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        files[row["file_id"]].append(dict(row))
    return tuple(_stage_file(found) for found in files.values())


def _stage_file(rows: list[dict[str, Any]]) -> StageFile:
    first = dict.fromkeys(PreviewKind, "")
    for row in reversed(rows):
        if row["file__previews__kind"]:
            first[row["file__previews__kind"]] = row["file__previews__public_id"]
    told = {name: rows[0][column] for name, column in _FILE.items()}
    return StageFile(
        **told | {"seconds": told["seconds"] or 0},
        seen_before=rows[0]["seen_before"],
        shown=rows[0]["shown"],
        openable=told["state"] in OPENABLE,
        thumb=first[PreviewKind.THUMB],
        playable=first[PreviewKind.PLAYABLE],
        poster=first[PreviewKind.POSTER] or first[PreviewKind.WAVEFORM],
        text="\n\n".join(row["file__previews__text"] for row in rows if row["file__previews__text"]),
        pictures=_pictures(rows),
    )


def _pictures(rows: list[dict[str, Any]]) -> tuple[Picture, ...]:
    """Return the pages of a document, or the one picture of a photo, numbered from 1."""
    kinds = {row["file__previews__kind"] for row in rows}
    kind = PreviewKind.PAGE if PreviewKind.PAGE in kinds else PreviewKind.IMAGE
    shown = [row for row in rows if row["file__previews__kind"] == kind]
    return tuple(
        Picture(row["file__previews__public_id"], n, row["file__previews__width"], row["file__previews__height"])
        for n, row in enumerate(shown, start=1)
    )
