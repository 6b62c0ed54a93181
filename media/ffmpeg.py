"""The one place that runs ffmpeg: an argument list, one input file, no network, no playlists, few codecs."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

import imageio_ffmpeg

from media.finding import ChildLost

_DEMUXERS: Final[Mapping[str, str]] = {
    "mp3": "mp3", "m4a": "mov", "aac": "aac", "amr": "amr", "wav": "wav", "ogg": "ogg",
    "mp4": "mov", "mov": "mov", "m4v": "mov", "3gp": "mov", "webm": "matroska",
}  # fmt: skip
_FORMATS: Final = "mov,mp4,m4a,3gp,matroska,webm,mp3,ogg,wav,aac,amr"
CODECS: Final = (  # what phones, recorders and messengers write
    "h264,hevc,mpeg4,h263,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,prores,mjpeg,png,"
    "aac,aac_latm,mp3,mp3float,amrnb,amr_nb,amrwb,amr_wb,libopencore_amrnb,libopencore_amrwb,vorbis,libvorbis,opus,libopus,"
    "flac,alac,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8,pcm_s16be,pcm_s24be,pcm_alaw,pcm_mulaw,"
    "adpcm_ima_wav,adpcm_ms"
)
_OWN_LIMITS: Final = frozenset({-signal.SIGXCPU, -signal.SIGXFSZ})
_KEPT: Final = 64 * 1024  # bytes of what ffmpeg says, from the beginning and from the end


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended and what it said."""

    ok: bool
    said: str
    out: str


@cache
def program() -> str:
    """The ffmpeg of the system, else the one that comes with the Python package."""
    return shutil.which("ffmpeg") or str(imageio_ffmpeg.get_ffmpeg_exe())


def opening(path: Path, extension: str) -> list[str]:
    """The arguments that open `path` with the one demuxer its ending allows, and nothing beside it."""
    limits = ["-protocol_whitelist", "file,pipe", "-format_whitelist", _FORMATS, "-codec_whitelist", CODECS]
    return [*limits, "-threads", "2", "-f", _DEMUXERS[extension], "-i", f"file:{path}"]


def run(arguments: list[str], *, timeout: float = 3600, out: BinaryIO | None = None) -> Ran:
    """Runs ffmpeg to its end. A run that used up its processor time counts as not ok.

    `out` takes its standard output; without it the first and last of it come back as text. Raises `ChildLost` when it
    was ended by anything else or took longer than `timeout` seconds, and `OSError` when the disk is full: neither says
    anything about the recording.
    """
    command = [program(), "-hide_banner", "-nostdin", "-nostats", *arguments]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as spoken:
        try:
            done = subprocess.run(  # noqa: S603 - our own argument list; the file name is one argument after -i
                command, stdin=subprocess.DEVNULL, stdout=out or spoken, stderr=said, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise ChildLost("ffmpeg took too long") from late
        ran = Ran(done.returncode == 0, _ends(said), _ends(spoken))
    if done.returncode < 0 and done.returncode not in _OWN_LIMITS:
        raise ChildLost(f"ffmpeg was ended by signal {-done.returncode}")
    if not ran.ok and os.strerror(errno.ENOSPC) in ran.said:
        raise OSError(errno.ENOSPC, "ffmpeg found no space")
    return ran


def _ends(file: BinaryIO) -> str:
    size = file.seek(0, 2)
    file.seek(0)
    data = file.read(_KEPT)
    if size > 2 * _KEPT:
        file.seek(size - _KEPT)
    return (data + file.read(_KEPT)).decode("utf-8", "replace")
