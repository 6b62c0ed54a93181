"""What stands in a file that somebody brings into the catalogue: rows, data or text, read in a child process.

    found = read_apart(path, name="units.xlsx")
    found.sheets, found.documents, found.text, found.flaws

What comes back are values and never an opinion: which column is what, and whether a unit makes sense, is for the
catalogue's own rules. Nothing is to be brought in while there are `flaws`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from common.faults import is_machines
from media import documents, tables
from media.finding import ChildLost, NotAccepted
from media.flaws import Flaw, flaw_from_json
from media.policy import MB
from media.sandbox import Limits, run_child
from media.tables import Row

LARGEST: Final = 10 * MB
LIMITS: Final = Limits(cpu_seconds=120, wall_seconds=180, memory=1024 * MB, written=32 * MB)
ENDINGS: Final = ("xlsx", "csv", "tsv", "yaml", "yml", "zip", "json")
_NOTES: Final = frozenset({"windows-1252"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` are (number, texts); rows without any text are left out."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One file of data. `lines` says in which line a part of it begins."""

    name: str
    data: Any
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that was found. `notes` say what had to be guessed."""

    sheets: tuple[Sheet, ...] = ()
    documents: tuple[Document, ...] = ()
    text: str = ""
    notes: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = field(default_factory=tuple)


def read_apart(path: Path, *, name: str, limits: Limits = LIMITS) -> Contents:
    """Read a file in a child process with limits. What is wrong in the file becomes flaws.

    Raises `ChildLost` and `OSError` as `media.sandbox` does: they say nothing about the file.
    """
    size = path.stat().st_size
    if size == 0 or size > LARGEST:
        return _refused("too-big" if size else "empty", limit="10 MB")
    answer = run_child("read", {"path": str(path.resolve()), "name": name}, limits)
    if isinstance(answer, str):
        return _refused(answer)
    try:
        return _contents(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as nonsense:
        raise ChildLost("its answer makes no sense") from nonsense


def _refused(code: str, **detail: str) -> Contents:
    return Contents(flaws=(Flaw(0, "", code, detail),))


def _contents(answer: Mapping[str, Any]) -> Contents:
    """Check the shape of what a child wrote: the file may have taken it over."""
    return Contents(
        sheets=tuple(Sheet(str(one["name"])[:60], tuple(_row(row) for row in one["rows"])) for one in answer["sheets"]),
        documents=tuple(_document(one) for one in answer["documents"]),
        text=str(answer["text"]),
        notes=tuple(note for note in answer["notes"] if note in _NOTES),
        flaws=tuple(flaw_from_json(one) for one in answer["flaws"]),
    )


def _row(row: Any) -> Row:
    number, texts = row
    return int(number), [str(text) for text in texts]


def _document(one: Mapping[str, Any]) -> Document:
    lines = {str(place): int(line) for place, line in dict(one["lines"]).items()}
    return Document(str(one["name"]), one["data"], lines)


def read_here(path: Path, name: str) -> dict[str, Any]:
    """Do the reading, in the child. Whatever a parser raises on a hostile file is an answer too."""
    found: dict[str, Any] = {"sheets": [], "documents": [], "text": "", "notes": [], "flaws": []}
    flaws: list[Flaw] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parsers grumble about strangers' files; only their answer counts
            _READERS[documents.kind_of(path, name)](path, name, found, flaws)
    except NotAccepted as no:
        flaws.append(Flaw(0, "", no.code, no.detail))
    except MemoryError:
        raise
    except Exception as fault:  # a hostile file may make any parser raise anything
        if is_machines(fault):
            raise
        flaws.append(Flaw(0, "", "reaches-out" if type(fault).__module__.startswith("defusedxml") else "damaged"))
    return found | {"flaws": [flaw.as_json() for flaw in flaws]}


def _xlsx(path: Path, _name: str, found: dict[str, Any], flaws: list[Flaw]) -> None:
    found["sheets"], wrong = tables.read_xlsx(path)
    flaws += wrong


def _csv(path: Path, _name: str, found: dict[str, Any], flaws: list[Flaw]) -> None:
    found["sheets"], wrong, found["notes"] = tables.read_csv(path)
    flaws += wrong


def _yaml(path: Path, name: str, found: dict[str, Any], flaws: list[Flaw]) -> None:
    one, wrong = documents.read_yaml(name, path.read_bytes())
    found["documents"] = [one] if one else []
    flaws += wrong


def _zip(path: Path, _name: str, found: dict[str, Any], flaws: list[Flaw]) -> None:
    found["documents"], wrong = documents.read_folder(path)
    flaws += wrong


def _json(path: Path, name: str, found: dict[str, Any], flaws: list[Flaw]) -> None:
    data, wrong = documents.read_json(path.read_bytes())
    found["documents"] = [] if wrong else [{"name": name, "data": data, "lines": {}}]
    flaws += wrong


def _text(path: Path, _name: str, found: dict[str, Any], flaws: list[Flaw]) -> None:
    found["text"], wrong = documents.read_text(path)
    flaws += wrong


_READERS: Final[Mapping[str, Any]] = {
    "xlsx": _xlsx, "csv": _csv, "yaml": _yaml, "zip": _zip, "json": _json, "text": _text,
}  # fmt: skip
