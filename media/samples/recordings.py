"""Recordings: a voice-like sound, and a short film of drawn scenes. All need ffmpeg but `wav`."""

from __future__ import annotations

import io
import math
import random
import tempfile
import wave
from array import array
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image

from media import ffmpeg
from media.samples.scenes import draw_scene

_RATE: Final = 16_000  # samples a second
_LOUD: Final = 9_000
_COLOURS: Final = "scale=in_range=pc:out_range=tv,format=yuv420p"  # from pictures to film
_STEPS: Final = 8  # pictures a second of film


def wav(*, seed: int, seconds: float = 3) -> bytes:
    """Sound that rises and falls in phrases like somebody speaking: 16 bit, one channel."""
    chance = random.Random(seed)  # noqa: S311 - sound, not secrets
    samples = array("h")
    while len(samples) < seconds * _RATE:
        length = chance.uniform(0.12, 0.4)
        samples.extend(_syllable(chance.uniform(110, 240), length, chance.uniform(0.3, 1)))
        if chance.random() < 0.3:  # noqa: PLR2004 - somebody takes breath
            samples.extend([0] * int(_RATE * chance.uniform(0.1, 0.4)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples[: int(seconds * _RATE)].tobytes())
    return out.getvalue()


def mp3(*, title: str, seed: int, seconds: float = 3) -> bytes:
    """The sound of `wav` as MP3, with its title in the tags."""
    return _encoded(
        wav(seed=seed, seconds=seconds), "mp3", ["-c:a", "libmp3lame", "-b:a", "64k", "-metadata", f"title={title}"]
    )


def m4a(*, title: str, seed: int, recorded_at: datetime, seconds: float = 3) -> bytes:
    """The sound of `wav` as a phone's voice memo."""
    marks = ["-metadata", f"title={title}", "-metadata", f"creation_time={_utc(recorded_at)}"]
    return _encoded(wav(seed=seed, seconds=seconds), "m4a", ["-c:a", "aac", "-b:a", "48k", *marks])


def mp4(
    *,
    title: str,
    seed: int,
    filmed_at: datetime,
    scene: str = "",
    seconds: float = 3,
    size: tuple[int, int] = (640, 480),
    place: str = "",
    make: str = "Samsung",
    model: str = "SM-A546B",
    extra: tuple[str, ...] = (),
) -> bytes:
    """A film that moves over a drawn scene, with sound; H.264 and AAC.

    `place` is ISO 6709 such as "+51.4816-003.1791/"; `extra` are further ffmpeg arguments for the output.
    """
    marks = [f"title={title}", f"creation_time={_utc(filmed_at)}", f"com.android.manufacturer={make}"]
    marks += [f"com.android.model={model}", *([f"location={place}"] if place else [])]
    with tempfile.TemporaryDirectory() as folder:
        wide = draw_scene(scene, title=title, seed=seed, size=(size[0] * 5 // 4, size[1] * 5 // 4))
        _frames(Path(folder), wide, seconds, size)
        sound, out = Path(folder, "sound.wav"), Path(folder, "film.mp4")
        sound.write_bytes(wav(seed=seed, seconds=seconds))
        coding = ["-c:v", "libx264", "-preset", "ultrafast", "-vf", _COLOURS, "-c:a", "aac", "-b:a", "48k"]
        tags = [part for mark in marks for part in ("-metadata", mark)]
        sources = ["-framerate", str(_STEPS), "-i", f"{folder}/%03d.jpg", "-i", str(sound)]
        _run([*sources, *coding, *tags, "-movflags", "use_metadata_tags", *extra, "-shortest", "-y", str(out)])
        return out.read_bytes()


def _frames(folder: Path, wide: Image.Image, seconds: float, size: tuple[int, int]) -> None:
    """The scene drawn larger than the film, seen through a window that wanders over it."""
    width, height = size
    steps = max(2, round(seconds * _STEPS))
    for step in range(steps):
        left = round((wide.width - width) * step / (steps - 1))
        top = round((wide.height - height) * (0.5 + 0.5 * math.sin(step / 5)))
        wide.crop((left, top, left + width, top + height)).save(folder / f"{step:03}.jpg", quality=88)


def _syllable(pitch: float, seconds: float, loud: float) -> list[int]:
    length = int(_RATE * seconds)
    turn = 2 * math.pi * pitch / _RATE
    return [
        int(
            _LOUD
            * loud
            * math.sin(math.pi * n / length)
            * (math.sin(turn * n) + 0.4 * math.sin(2 * turn * n) + 0.2 * math.sin(3 * turn * n))
        )
        for n in range(length)
    ]


def _encoded(sound: bytes, ending: str, arguments: list[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "sound.wav"), Path(folder, f"sound.{ending}")
        source.write_bytes(sound)
        _run(["-i", str(source), *arguments, "-y", str(out)])
        return out.read_bytes()


def _run(arguments: list[str]) -> None:
    ran = ffmpeg.run(["-loglevel", "error", *arguments], timeout=300)
    if not ran.ok:
        raise RuntimeError(f"ffmpeg could not make a sample: {ran.said[-400:]}")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
