"""Looks into one received file: ending, first bytes and a real parser must agree (R54). Run it in `media.sandbox`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from common.faults import is_machines
from media.finding import ChildLost, Finding, NotAccepted, refused
from media.images import inspect_image
from media.mails import inspect_mail
from media.ole import check_container, is_ole
from media.packages import check_package
from media.pdfs import inspect_pdf
from media.policy import KINDS, Family, admit
from media.recordings import inspect_recording
from media.sniff import check_agrees
from media.texts import inspect_text


def inspect_file(path: Path, *, declared_name: str, size: int) -> Finding:
    """What `path` is, or why it is refused. Never raises on what is in the file, only on a fault of the machine.

    `declared_name` is the name the person's device gave, `size` the number of bytes it announced. Refuses endings that
    are not on the list, sizes beyond the cap, content that is not what the ending says, passwords, macros, bombs and
    torn files, each with a code whose sentence says what to do next.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parsers grumble about strangers' files; only their answer counts
            return _inspect(path, declared_name, size)
    except MemoryError:
        return refused("too-heavy")
    except Exception as said:  # a hostile file may make any parser raise anything, and that is an answer too
        if isinstance(said, ChildLost) or is_machines(said):
            raise
        return refused(said.code, **said.detail) if isinstance(said, NotAccepted) else refused("damaged")


def _inspect(path: Path, declared_name: str, size: int) -> Finding:
    first = admit(declared_name, size)
    if not first.ok:
        return first
    there = path.stat().st_size
    if there != size:
        return refused("incomplete" if there else "empty")
    if first.family in {Family.OFFICE, Family.SHEET} and is_ole(path):
        check_container(path, first.extension)  # an Office file with a password is such a container
    check_agrees(path, KINDS[first.extension])
    return _PARSERS[Family(first.family)](path, first)


def _inspect_package(path: Path, finding: Finding) -> Finding:
    return replace(finding, active_content=check_package(path, finding.extension))


def _inspect_legacy(path: Path, finding: Finding) -> Finding:
    check_container(path, finding.extension)
    return finding


def _inspect_mail(path: Path, finding: Finding) -> Finding:
    return _inspect_legacy(path, finding) if finding.extension == "msg" else inspect_mail(path, finding)


_PARSERS: Final[Mapping[Family, Callable[[Path, Finding], Finding]]] = {
    Family.IMAGE: inspect_image,
    Family.DOCUMENT: inspect_pdf,
    Family.OFFICE: _inspect_package,
    Family.SHEET: _inspect_package,
    Family.TEXT: inspect_text,
    Family.LEGACY: _inspect_legacy,
    Family.MAIL: _inspect_mail,
    Family.AUDIO: inspect_recording,
    Family.VIDEO: inspect_recording,
}
