"""The kinds of preview and what one of them is, for those who only hand them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Shown(StrEnum):
    """The kinds of preview."""

    THUMB = "thumb"
    IMAGE = "image"
    PAGE = "page"
    POSTER = "poster"
    PLAYABLE = "playable"
    WAVEFORM = "waveform"
    TEXT = "text"


_JPEG: Final = frozenset({"image/jpeg"})
CONTENT_TYPES: Final[Mapping[Shown, frozenset[str]]] = MappingProxyType({
    Shown.THUMB: _JPEG,
    Shown.IMAGE: _JPEG,
    Shown.PAGE: _JPEG,
    Shown.POSTER: _JPEG,
    Shown.PLAYABLE: frozenset({"video/mp4", "audio/mp4", "audio/mpeg"}),
    Shown.WAVEFORM: frozenset({"image/png"}),
    Shown.TEXT: frozenset({"text/plain"}),
})  # fmt: skip
"""The only content types that previews are served with: all of them are what we encoded ourselves."""


@dataclass(frozen=True, slots=True)
class Made:
    """One preview.

    `position` counts pages from 1 and is 0 elsewhere; `filename` is a plain name inside the output folder, empty for a
    `text`, which is carried in `text` itself. Sizes are pixels, `duration` seconds.
    """

    kind: Shown
    position: int = 0
    filename: str = ""
    content_type: str = ""
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    text: str = ""
