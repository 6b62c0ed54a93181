"""What people look at instead of the original: drawn or encoded again, upright, without metadata, nothing active.

The original is never changed. Run it inside `media.sandbox`, after `inspect_file` said ok.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image

from media.finding import Finding, NotAccepted
from media.images import EDGE, as_jpeg, upright
from media.mails import mail_text
from media.office import office_text
from media.pdfs import PAGES_DRAWN, pages_of
from media.playable import make_playable, poster_frame
from media.policy import Family
from media.preview_kinds import Made, Shown
from media.texts import text_of
from media.waveform import draw_waveform

THUMB: Final = 320
_JPEG: Final = "image/jpeg"


def make_previews(path: Path, finding: Finding, out_dir: Path) -> list[Made]:
    """Makes what `finding` calls for in `out_dir`. Legacy Office files and saved Outlook mails get none.

    Raises `NotAccepted` when a picture cannot be drawn after all. What else cannot be made is left out: a file without
    a preview can still be opened as its original.
    """
    maker = _MAKERS.get(Family(finding.family))
    if maker is None or finding.extension == "msg":
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(maker(path, finding, out_dir))


def _picture(kind: Shown, image: Image.Image, out_dir: Path, *, position: int = 0, text: str = "") -> Made:
    name = f"{kind}-{position}.jpg" if position else f"{kind}.jpg"
    (out_dir / name).write_bytes(as_jpeg(image))
    return Made(kind, position, name, _JPEG, image.width, image.height, text=text)


def _thumb(image: Image.Image, out_dir: Path) -> Made:
    small = image.copy()
    small.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    return _picture(Shown.THUMB, small, out_dir)


def _of_image(path: Path, finding: Finding, out_dir: Path) -> Iterator[Made]:
    image = upright(path, finding.extension)
    yield _picture(Shown.IMAGE, image, out_dir)
    yield _thumb(image, out_dir)
    for frame in range(min(finding.pages or 0, PAGES_DRAWN)):  # scans of several sheets in one TIFF
        with suppress(NotAccepted):
            sheet = upright(path, finding.extension, frame=frame, edge=EDGE)
            yield _picture(Shown.PAGE, sheet, out_dir, position=frame + 1)


def _of_document(path: Path, _finding: Finding, out_dir: Path) -> Iterator[Made]:
    for page in pages_of(path):
        yield _picture(Shown.PAGE, page.image, out_dir, position=page.number, text=page.text)
        if page.number == 1:
            yield _thumb(page.image, out_dir)


def _of_office(path: Path, finding: Finding, _out_dir: Path) -> Iterator[Made]:
    yield from _text(lambda: office_text(path, finding.extension))


def _of_text(path: Path, finding: Finding, _out_dir: Path) -> Iterator[Made]:
    yield from _text(lambda: text_of(path, finding.extension))


def _of_mail(path: Path, _finding: Finding, _out_dir: Path) -> Iterator[Made]:
    yield from _text(lambda: mail_text(path))


def _text(read: Callable[[], str]) -> Iterator[Made]:
    try:
        text = read()
    except Exception:  # noqa: BLE001 - text is a convenience; whatever a stranger's file breaks, the original stays
        return
    if text:
        yield Made(Shown.TEXT, content_type="text/plain", text=text)


def _of_audio(path: Path, finding: Finding, out_dir: Path) -> Iterator[Made]:
    yield from _playable(path, finding, out_dir)
    picture = draw_waveform(path, finding.extension, out_dir / "waveform.png")
    if picture:
        yield Made(Shown.WAVEFORM, 0, "waveform.png", "image/png", *picture)


def _of_video(path: Path, finding: Finding, out_dir: Path) -> Iterator[Made]:
    frame = poster_frame(path, finding, out_dir)
    if frame:
        yield _picture(Shown.POSTER, frame, out_dir)
        yield _thumb(frame, out_dir)
    yield from _playable(path, finding, out_dir)


def _playable(path: Path, finding: Finding, out_dir: Path) -> Iterator[Made]:
    made = make_playable(path, finding, out_dir)
    if made:
        yield Made(Shown.PLAYABLE, 0, *made, duration=finding.duration_seconds)


_MAKERS: Final[Mapping[Family, Callable[[Path, Finding, Path], Iterator[Made]]]] = {
    Family.IMAGE: _of_image,
    Family.DOCUMENT: _of_document,
    Family.OFFICE: _of_office,
    Family.SHEET: _of_office,
    Family.TEXT: _of_text,
    Family.MAIL: _of_mail,
    Family.AUDIO: _of_audio,
    Family.VIDEO: _of_video,
}
