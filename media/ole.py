"""The container of Office files from before 2007, of saved Outlook mails, and of Office files with a password.

Only its directory and the first sector of two streams are read; nothing in it is ever run or unpacked.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from media.finding import NotAccepted
from media.sniff import OLE

_ENTRY: Final = 128
_MOST_SECTORS: Final = 4096  # of the directory: 16,000 names and more
_MINI: Final = 4096  # bytes
_END: Final = 0xFFFFFFFA  # this and above are marks, not sectors
_MACROS: Final = {"VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros"}
_MAIN: Final = {
    "doc": {"WordDocument"},
    "xls": {"Workbook", "Book"},
    "ppt": {"PowerPoint Document"},
    "msg": {"__properties_version1.0"},
}
_BIFF_PASSWORD: Final = 0x2F
_WORD_ENCRYPTED: Final = 0x0100


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of the directory with the place of its bytes."""

    name: str
    start: int
    size: int


def is_ole(path: Path) -> bool:
    """Whether the file is such a container at all."""
    with path.open("rb") as file:
        return file.read(8) == OLE


def check_container(path: Path, extension: str) -> None:
    """Refuses passwords (`password`), macros (`macro`), another kind inside (`renamed`) and torn ones (`damaged`).

    Also called for .docx and friends, whose encrypted form is such a container.
    """
    try:
        with path.open("rb") as file:
            size, entries = _directory(file, path.stat().st_size)
            _judge(file, extension, size, entries)
    except struct.error as torn:
        raise NotAccepted("damaged") from torn


def _judge(file: BinaryIO, extension: str, sector: int, entries: dict[str, Entry]) -> None:
    if {"EncryptedPackage", "EncryptedSummary", "EncryptionInfo"} & entries.keys():
        raise NotAccepted("password")
    main = next((entries[name] for name in _MAIN.get(extension, ()) if name in entries), None)
    if main is None:
        raise NotAccepted("renamed", said=f".{extension}", found="application/x-ole-storage")
    if entries.keys() & _MACROS:
        raise NotAccepted("macro")
    if main.size >= _MINI:  # smaller streams live elsewhere and are too small for a document
        file.seek((main.start + 1) * sector)
        beginning = file.read(sector)
        if len(beginning) < sector:
            raise NotAccepted("damaged")
        if _has_password(extension, beginning):
            raise NotAccepted("password")


def _has_password(extension: str, beginning: bytes) -> bool:
    if extension == "doc" and len(beginning) > 12:  # noqa: PLR2004 - the flags of the file information block
        return bool(struct.unpack_from("<H", beginning, 10)[0] & _WORD_ENCRYPTED)
    if extension != "xls":
        return False
    place = 0
    while place + 4 <= len(beginning):  # records: number, length, bytes
        record, length = struct.unpack_from("<HH", beginning, place)
        if record == _BIFF_PASSWORD:
            return True
        place += 4 + length
    return False


def _directory(file: BinaryIO, file_size: int) -> tuple[int, dict[str, Entry]]:
    header = file.read(512)
    sector = 1 << min(struct.unpack_from("<H", header, 30)[0], 16)
    if sector < 512:  # noqa: PLR2004 - the smallest sector there is
        raise NotAccepted("damaged")
    table = _Table(file, header, sector, file_size)
    entries: dict[str, Entry] = {}
    for number in table.chain(struct.unpack_from("<I", header, 48)[0]):
        data = table.sector(number)
        for place in range(0, len(data) - _ENTRY + 1, _ENTRY):
            entry = _entry(data[place : place + _ENTRY])
            if entry:
                entries[entry.name] = entry
    return sector, entries


def _entry(raw: bytes) -> Entry | None:
    length = struct.unpack_from("<H", raw, 64)[0]
    if raw[66] == 0 or not 2 <= length <= 64:  # noqa: PLR2004 - bytes of a name with its end
        return None
    start, size = struct.unpack_from("<II", raw, 116)
    return Entry(raw[: length - 2].decode("utf-16-le", "replace"), start, size)


class _Table:
    """The sector table: which sector follows which. Chains are cut at a bound, so that loops end."""

    def __init__(self, file: BinaryIO, header: bytes, sector: int, file_size: int) -> None:
        self.file, self.size, self.last = file, sector, file_size // sector
        self.parts = [n for n in struct.unpack_from("<109I", header, 76) if n < _END]
        following = struct.unpack_from("<I", header, 68)[0]
        for _ in range(64):  # more parts than a file of 50 MB needs
            if following >= _END:
                break
            numbers = struct.unpack(f"<{sector // 4}I", self.sector(following))
            self.parts += [n for n in numbers[:-1] if n < _END]
            following = numbers[-1]

    def sector(self, number: int) -> bytes:
        if number > self.last:
            raise NotAccepted("damaged")
        self.file.seek((number + 1) * self.size)
        data = self.file.read(self.size)
        if len(data) < self.size:
            raise NotAccepted("damaged")
        return data

    def chain(self, first: int) -> list[int]:
        numbers: list[int] = []
        while first < _END and len(numbers) < _MOST_SECTORS:
            numbers.append(first)
            part, place = divmod(first, self.size // 4)
            if part >= len(self.parts):
                raise NotAccepted("damaged")
            first = struct.unpack_from("<I", self.sector(self.parts[part]), place * 4)[0]
        return numbers
