"""What is in the folder of a backup, and whether it still is what was written.

    manifest.json       what this is, when and by which release it was made, and the SHA-256 of the two files below
    database.…          the database, whole: `database.sqlite3`, or `database.dump` of PostgreSQL's own kind
    objects.jsonl       a line for each object of the store: key, size, sha256
    objects/<key>       its bytes

The manifest is written last, and the folder gets its name when all of it is on the disk: a folder without a manifest,
or with UNFINISHED behind its name, was cut off.
"""

import dataclasses
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST, LISTING, OBJECTS = "manifest.json", "objects.jsonl", "objects"
UNFINISHED = ".unfinished"
CHUNK = 1024 * 1024


class BackupError(Exception):
    """A backup could not be made or cannot be used; the sentence says why and names what is wrong."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a backup, or an object in it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    attest: str  # the release that made it
    began: str  # the moment that its rows are of
    ended: str
    vendor: str  # sqlite or postgresql
    server: str  # its version
    tool: str  # the version of what wrote the file of the database
    database: Written
    migrations: tuple[str, ...]
    rows: dict[str, int]  # of each table
    listing: Written
    objects: int
    bytes: int
    faults: tuple[str, ...] = ()  # what was not as it should be in the store when this was made
    format: int = FORMAT

    def text(self) -> str:
        """Return it as it is written down."""
        return json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup. Refuses what is none, what was cut off, and another format."""
    path = folder / MANIFEST
    if folder.name.endswith(UNFINISHED):
        raise BackupError(f"{folder} was cut off before its end. Take an earlier backup.")
    if not path.is_file():
        raise BackupError(f"{folder} is no whole backup: it has no {MANIFEST}.")
    return parsed(path)


def parsed(path: Path) -> Manifest:
    """Return what a manifest says. Refuses another format, and what cannot be read."""
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if facts["format"] > FORMAT:
            raise BackupError(f"{path} is of a newer release: format {facts['format']}, and this one reads {FORMAT}.")
        return _manifest(facts)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BackupError(f"{path} was altered: it cannot be read ({type(fault).__name__}).") from fault


def _manifest(facts: dict[str, Any]) -> Manifest:
    files = {name: Written(**facts[name]) for name in ("database", "listing")}
    lists = {name: tuple(facts[name]) for name in ("migrations", "faults")}
    return Manifest(**{**facts, **files, **lists})


# --- writing ----------------------------------------------------------------------------------------------------------
def write_through(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file and wait until the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())


def settle(path: Path) -> None:
    """Wait until the disk has a file or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def object_path(folder: Path, key: str) -> Path:
    """Return where the bytes of an object lie in a backup. Refuses a key that leads out of it."""
    parts = PurePosixPath(key).parts
    if not parts or key.startswith("/") or ".." in parts or "\\" in key or "\0" in key:
        raise BackupError(f"The object “{key}” has a name that leads elsewhere.")
    return folder.joinpath(OBJECTS, *parts)


# --- reading ----------------------------------------------------------------------------------------------------------
def weigh(path: Path, name: str) -> Written:
    """Return the size and SHA-256 of a file, read in pieces."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found.update(piece)
            size += len(piece)
    return Written(name, size, found.hexdigest())


def listed_objects(folder: Path) -> Iterator[Written]:
    """Yield the objects of a backup as its listing names them."""
    with (folder / LISTING).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                facts = json.loads(line)
                yield Written(facts["key"], facts["size"], facts["sha256"])
            except (ValueError, KeyError, TypeError) as fault:
                raise BackupError(f"{folder / LISTING} was altered: line {number} cannot be read.") from fault


def altered_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield a line for each file of a backup that is not what was written. Reads every byte of it."""
    for written in (manifest.database, manifest.listing):
        yield from _altered(folder / written.name, written)
    if not (folder / LISTING).is_file():
        return
    objects = size = 0
    for written in listed_objects(folder):
        objects, size = objects + 1, size + written.size
        yield from _altered(object_path(folder, written.name), written)
    if (objects, size) != (manifest.objects, manifest.bytes):
        yield f"{folder / LISTING} names {objects} objects, and the manifest {manifest.objects}"


def _altered(path: Path, written: Written) -> list[str]:
    try:
        found = weigh(path, written.name)
    except OSError as fault:
        return [f"{path} is not there" if isinstance(fault, FileNotFoundError) else f"{path} cannot be read"]
    return [] if found == written else [f"{path} was altered"]
