"""The picture of a recording's loudness, for the card and the player."""

from __future__ import annotations

import sys
import tempfile
from array import array
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image, ImageDraw

from media import ffmpeg

_RATE: Final = 2000  # samples a second are plenty for a picture
_LONGEST: Final = 6 * 3600  # seconds that are read
_BARS: Final = 64
_WIDTH, _HEIGHT = 960, 240
_BAR, _GAP, _MARGIN = 8, 6, 36
_TONE: Final = (112, 72, 168, 255)
_SHARPER: Final = 2  # drawn larger, then shrunk, for round ends


def draw_waveform(path: Path, extension: str, out: Path) -> tuple[int, int] | None:
    """Draws bars of loudness on a clear ground as PNG; answers its width and height, None where nothing decodes."""
    with tempfile.TemporaryFile() as raw:
        sound = ["-map", "0:a:0", "-vn", "-ac", "1", "-ar", str(_RATE), "-t", str(_LONGEST), "-f", "s16le", "pipe:1"]
        if not ffmpeg.run([*ffmpeg.opening(path, extension), *sound], out=raw).ok:
            return None
        peaks = _peaks(raw)
    if not peaks:
        return None
    _draw(peaks).save(out, "PNG", optimize=True)
    return _WIDTH, _HEIGHT


def _peaks(raw: BinaryIO) -> list[float]:
    """The loudest moment of each of the bars, 0 to 1, the loudest of all being 1."""
    size = raw.seek(0, 2) // 2
    raw.seek(0)
    step = max(1, size // _BARS)
    found: list[int] = []
    while size and len(found) < _BARS:
        samples = array("h", raw.read(step * 2))
        if not samples:
            break
        if sys.byteorder == "big":
            samples.byteswap()
        found.append(max(map(abs, (max(samples), min(samples)))))
    top = max(found, default=0) or 1
    return [peak / top for peak in found]


def _draw(peaks: list[float]) -> Image.Image:
    large = Image.new("RGBA", (_WIDTH * _SHARPER, _HEIGHT * _SHARPER), (*_TONE[:3], 0))
    pen = ImageDraw.Draw(large)
    half = _HEIGHT / 2
    for number, peak in enumerate(peaks):
        left = _MARGIN + number * (_BAR + _GAP)
        reach = max(_BAR / 2, peak * (half - 24))
        box = [left, half - reach, left + _BAR, half + reach]
        pen.rounded_rectangle([place * _SHARPER for place in box], radius=_BAR * _SHARPER / 2, fill=_TONE)
    return large.resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS)
