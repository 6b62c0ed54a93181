"""Real files, made once a session, and a place to put altered copies of them."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from media import samples
from media.inspect import inspect_file

TAKEN = datetime(2026, 11, 2, 10, 11, 12, tzinfo=timezone(timedelta(hours=1)))
CARDIFF = (51.4816, -3.1791)
ISO_CARDIFF = "+51.4816-003.1791/"


def make(kind):
    makers = {
        "jpg": lambda: samples.phone_photo(
            title="Till count", seed=1, taken_at=TAKEN, scene="receipt", place=CARDIFF, size=(800, 600)
        ),
        "heic": lambda: samples.heic_photo(title="Counter", seed=2, taken_at=TAKEN, place=CARDIFF, size=(800, 600)),
        "png": lambda: samples.plain_picture("PNG", title="Reply", seed=3, size=(400, 300)),
        "gif": lambda: samples.plain_picture("GIF", title="Reply", seed=3, size=(400, 300)),
        "webp": lambda: samples.plain_picture("WEBP", title="Reply", seed=3, size=(400, 300)),
        "avif": lambda: samples.plain_picture("AVIF", title="Reply", seed=3, size=(400, 300)),
        "tif": lambda: samples.plain_picture("TIFF", title="Reply", seed=3, size=(400, 300)),
        "pdf": lambda: samples.pdf(
            title="How I handle a complaint", paragraphs=["I listen first. (Always.)"] * 60, pages=3
        ),
        "docx": lambda: samples.docx(title="Reflection", paragraphs=["I said <sorry> & meant it.", "Second part."]),
        "xlsx": lambda: samples.xlsx(title="Tills", rows=[["Day", "Calls"], ["Monday", 12], ["Tuesday", 9.5]]),
        "txt": lambda: samples.txt(title="Notes", paragraphs=["The customer rang twice."]),
        "csv": lambda: samples.csv_table(rows=[["Day", "Calls"], ["Monday", 12]]),
        "eml": lambda: samples.eml(
            title="Late delivery",
            paragraphs=["Dear customer"],
            sent_at=TAKEN,
            sender="m@example.org",
            to="k@example.org",
        ),
        "wav": lambda: samples.wav(seed=1, seconds=2),
        "mp3": lambda: samples.mp3(title="Call", seed=2, seconds=2),
        "m4a": lambda: samples.m4a(title="Memo", seed=3, recorded_at=TAKEN, seconds=2),
        "mp4": lambda: samples.mp4(
            title="Greeting", seed=3, filmed_at=TAKEN, place=ISO_CARDIFF, seconds=2, size=(320, 240)
        ),
    }
    return makers[kind]()


class Shelf:
    """Samples by their ending; each is made when it is first asked for."""

    def __init__(self, folder):
        self.folder = folder
        self.kept = {}

    def bytes(self, kind):
        if kind not in self.kept:
            self.kept[kind] = make(kind)
        return self.kept[kind]

    def path(self, kind):
        path = self.folder / f"sample.{kind}"
        if not path.exists():
            path.write_bytes(self.bytes(kind))
        return path

    def finding(self, kind):
        return look(self.path(kind))


def look(path, name="", size=None):
    return inspect_file(path, declared_name=name or path.name, size=path.stat().st_size if size is None else size)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    return Shelf(tmp_path_factory.mktemp("samples"))


@pytest.fixture
def put(tmp_path):
    """Writes bytes under a name, and answers where."""

    def write(name, data) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.fixture
def code_of(put):
    """The code that these bytes get under this name."""

    def code(name, data):
        return look(put("file" + Path(name).suffix, data), name).code

    return code
