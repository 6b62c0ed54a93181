"""Sound and video: read through once by ffmpeg without decoding, then described."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from media import ffmpeg
from media.finding import Finding, NotAccepted
from media.images import device_name
from media.policy import Family

_EARLIEST: Final = 1995
_FRAME: Final = 40_000_000  # dots of one video frame; 8K has 33 million
_SLACK: Final = 1.0  # seconds by which headers and packets may differ
_STREAM = re.compile(r"Stream #0:\d+.*?: (Video|Audio): (\w+)(.*)")
_SIZE = re.compile(r", (\d{2,5})x(\d{2,5})\b")
_TAG = re.compile(r"^\s+([\w.©-]+)\s*: (.*)$", re.MULTILINE)
_TORN = re.compile(r"moov atom not found|partial file|[Tt]runcat|Invalid data found|could not find codec parameters")


@dataclass(frozen=True, slots=True)
class Recording:
    """What ffmpeg said about one recording. Sizes are pixels as seen upright; `tags` have small keys."""

    video: str  # codec, or empty
    audio: str
    plain_colour: bool  # 8 bit 4:2:0, what every browser plays
    width: int | None
    height: int | None
    duration: float  # seconds
    reached: float  # seconds that were really there
    torn: bool
    tags: dict[str, str]
    has_location: bool


def inspect_recording(path: Path, finding: Finding) -> Finding:
    """Length, size, age and device. A video file that holds only sound counts as sound.

    Refuses what cannot be read to its end (`damaged`), has nothing to play, or has frames beyond 40 million dots.
    """
    found = probe(path, finding.extension)
    codecs = {found.video, found.audio} - {""}
    if not codecs:
        raise NotAccepted("damaged" if found.torn else "no-sound-or-picture")
    if not codecs <= set(ffmpeg.CODECS.split(",")):
        raise NotAccepted("no-sound-or-picture")
    if found.torn or found.reached + _SLACK < found.duration * 0.98 or found.reached <= 0:
        raise NotAccepted("damaged")
    if (found.width or 0) * (found.height or 0) > _FRAME:
        dots = (found.width or 0) * (found.height or 0) / 1e6
        raise NotAccepted("too-many-pixels", pixels=f"{dots:,.0f}", limit=f"{_FRAME / 1e6:.0f}")
    if finding.family == Family.AUDIO and not found.audio:
        raise NotAccepted("no-sound-or-picture")
    is_video = finding.family == Family.VIDEO and bool(found.video)
    captured, known = _captured(found.tags)
    return replace(
        finding,
        family=Family.VIDEO if is_video else Family.AUDIO,
        width=found.width if is_video else None,
        height=found.height if is_video else None,
        duration_seconds=round(found.duration or found.reached, 2),
        captured_at=captured,
        captured_zone_known=known,
        device=_device(found.tags),
        has_location=found.has_location,
    )


def probe(path: Path, extension: str, *, timeout: float = 600) -> Recording:
    """Reads the whole recording without decoding it. Never raises on what is in it."""
    through = ["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-f", "null", "-progress", "pipe:1", "-"]
    ran = ffmpeg.run([*ffmpeg.opening(path, extension), *through], timeout=timeout)
    said = ran.said.partition("Output #0")[0]
    streams = [m.groups() for m in _STREAM.finditer(said)]
    video = next(((c, rest) for kind, c, rest in streams if kind == "Video" and "attached pic" not in rest), ("", ""))
    width, height = _upright_size(video[1], said)
    tags = {key.lower(): value.strip() for key, value in reversed(_TAG.findall(said))}
    return Recording(
        video=video[0],
        audio=next((codec for kind, codec, _ in streams if kind == "Audio"), ""),
        plain_colour=re.search(r"\byuvj?420p\b", video[1]) is not None,
        width=width,
        height=height,
        duration=_clock(re.search(r"Duration: (\d+):(\d\d):(\d\d\.\d+)", said)),
        reached=max([0, *(int(n) for n in re.findall(r"out_time_us=(\d+)", ran.out))]) / 1e6,
        torn=not ran.ok or _TORN.search(ran.said) is not None,
        tags=tags,
        has_location=any("location" in key for key in tags) or "gpmd" in said,
    )


def _upright_size(described: str, said: str) -> tuple[int | None, int | None]:
    size = _SIZE.search(described)
    if size is None:
        return None, None
    turned = re.search(r"rotation of (-?\d+)", said)
    width, height = int(size[1]), int(size[2])
    return (height, width) if turned and abs(int(turned[1])) % 180 == 90 else (width, height)  # noqa: PLR2004 - degrees


def _clock(found: re.Match[str] | None) -> float:
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0


def _captured(tags: dict[str, str]) -> tuple[datetime | None, bool]:
    written = tags.get("com.apple.quicktime.creationdate") or tags.get("creation_time") or ""
    written = written.partition(";")[0]  # some files say it twice
    try:
        found = datetime.fromisoformat(written)
        at = found.astimezone(UTC) if found.tzinfo else found
    except (ValueError, OverflowError):  # the last hours of the year 9999 have no place in UTC
        return None, False
    return (at, bool(found.tzinfo)) if at.year >= _EARLIEST else (None, False)


def _device(tags: dict[str, str]) -> str:
    make = tags.get("com.apple.quicktime.make") or tags.get("com.android.manufacturer") or tags.get("make")
    model = tags.get("com.apple.quicktime.model") or tags.get("com.android.model") or tags.get("model")
    return device_name(make, model)
