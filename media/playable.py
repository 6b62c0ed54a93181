"""Copies of recordings that every browser plays: H.264 and AAC in MP4, AAC in M4A, or MP3; without any metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image

from media import ffmpeg
from media.finding import Finding, NotAccepted
from media.images import EDGE, upright
from media.policy import Family
from media.recordings import Recording, probe

_BARE: Final = ["-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-sn", "-dn", "-bitexact"]
_FAST: Final = ["-movflags", "+faststart"]
_SOUND: Final = ["-c:a", "aac", "-b:a", "96k", "-ac", "2"]
_FIT: Final = (  # at most 1280 × 720, or 720 × 1280 for a phone held upright
    "scale=w='if(gt(iw,ih),min(1280,iw),min(720,iw))':h='if(gt(iw,ih),min(720,ih),min(1280,ih))'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p"
)
_VIDEO: Final = ["-vf", _FIT, "-fpsmax", "30", "-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-threads", "2"]
_NO_NOTES: Final = ["-bsf:v", "filter_units=remove_types=6"]  # cameras write notes between the pictures
_COPIED_EDGE: Final = 1920

Played = tuple[str, str, int | None, int | None]


def make_playable(path: Path, finding: Finding, out_dir: Path) -> Played | None:
    """Writes the playable copy into `out_dir`: its name, content type, width and height; None if it cannot be made."""
    found = probe(path, finding.extension)
    name, content_type, ways = _video_ways(found) if finding.family == Family.VIDEO else _audio_ways(found)
    for way in ways:
        out = out_dir / name
        ran = ffmpeg.run([*ffmpeg.opening(path, finding.extension), *way, *_BARE, "-y", f"file:{out}"])
        if ran.ok and out.stat().st_size:
            return name, content_type, *_size(out, finding)
        out.unlink(missing_ok=True)
    return None


def poster_frame(path: Path, finding: Finding, out_dir: Path) -> Image.Image | None:
    """A frame from a tenth into the video, at most three seconds in; the very first where that has none."""
    still = out_dir / "frame.png"
    try:
        for place in (min((finding.duration_seconds or 0) / 10, 3), 0):
            one = ["-ss", f"{place:.2f}", *ffmpeg.opening(path, finding.extension), "-frames:v", "1", "-an", *_BARE]
            if (
                ffmpeg.run([*one, "-c:v", "png", "-f", "image2", "-update", "1", "-y", f"file:{still}"]).ok
                and still.exists()
            ):
                return upright(still, "png", edge=EDGE)
    except NotAccepted:
        return None
    finally:
        still.unlink(missing_ok=True)
    return None


def _video_ways(found: Recording) -> tuple[str, str, list[list[str]]]:
    streams = ["-map", "0:v:0", "-map", "0:a:0?"]
    encoded = [*streams, *_VIDEO, *_SOUND, *_FAST]
    as_it_is = [*streams, "-c", "copy", *_NO_NOTES, *_FAST]
    small = max(found.width or 0, found.height or 0) <= _COPIED_EDGE
    plays = found.video == "h264" and found.plain_colour and found.audio in {"aac", ""} and small
    return "playable.mp4", "video/mp4", [as_it_is, encoded] if plays else [encoded]


def _audio_ways(found: Recording) -> tuple[str, str, list[list[str]]]:
    sound = ["-map", "0:a:0", "-vn"]
    if found.audio == "mp3":
        return "playable.mp3", "audio/mpeg", [[*sound, "-c", "copy", "-id3v2_version", "0", "-write_id3v1", "0"]]
    as_it_is = [[*sound, "-c", "copy", *_FAST]] if found.audio == "aac" else []
    return "playable.m4a", "audio/mp4", [*as_it_is, [*sound, *_SOUND, *_FAST]]


def _size(out: Path, finding: Finding) -> tuple[int | None, int | None]:
    if finding.family != Family.VIDEO:
        return None, None
    made = probe(out, "mp4")
    return made.width, made.height
