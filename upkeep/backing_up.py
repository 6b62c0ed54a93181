"""Making a backup while people write: rows first, as they were at one moment, then the objects that those rows name.

What this rests on: an object never changes, and the bytes of a row that goes stay in the store for longer than a backup
takes. So whatever was acknowledged before the backup began has its row and its bytes in it.
"""

import contextlib
import datetime as dt
import errno
import fcntl
import hashlib
import json
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.db import DatabaseError, connection

from audit.services import record_person
from common import clock, health
from common.faults import Away
from common.health import Stored
from common.storing import read
from upkeep import databases, schema
from upkeep.manifest import (
    LISTING,
    MANIFEST,
    UNFINISHED,
    BackupError,
    Manifest,
    Written,
    altered_files,
    object_path,
    parsed,
    settle,
    weigh,
    write_through,
)
from upkeep.snapshot import snapshot

#: No room, no room for this person, a file longer than may be.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def make_backup(target: Path) -> tuple[Manifest, str]:
    """Write everything to a new folder; return its manifest and the SHA-256 of that.

    The folder has its name only when all of it is on the disk and was read again: until then it ends in UNFINISHED.
    Refuses a place that is taken, a database in which nobody is, a dump that is not whole, a target without room and
    another backup that is being written there; nothing is left behind then. What was not as it should be in the
    store is in the manifest's `faults`. Emits "backup.made".
    """
    target = target.absolute()
    with _unfinished(target) as folder, _in_words(target):
        manifest = _written(folder)
        write_through(folder / MANIFEST, lambda file: file.write(manifest.text().encode()))
        _verify(folder, manifest)
        (folder / "lock").unlink()
        settle(folder)
        folder.rename(target)
        settle(target.parent)
    proof = weigh(target / MANIFEST, MANIFEST).sha256
    facts = {"sha256": proof, "objects": manifest.objects, "bytes": manifest.bytes, "faults": len(manifest.faults)}
    with contextlib.suppress(DatabaseError):  # one that takes no more rows is the one that needs its backup most
        record_person("backup.made", person_id=None, at=clock.now(), facts=facts)
    return manifest, proof


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give the folder that is written to, held against another backup; take it away when this one does not end well."""
    if target.exists():
        raise BackupError(f"{target} is there already. Give each backup a name of its own, such as its day.")
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is not there.")
    folder = target.with_name(target.name + UNFINISHED)
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is being written to {folder}.") from None
        _empty(folder)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _empty(folder: Path) -> None:
    """Take away what a backup left here that was cut off."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


@contextmanager
def _in_words(target: Path) -> Iterator[None]:
    try:
        yield
    except (Away, BotoCoreError, ClientError) as fault:
        raise BackupError(f"The store does not answer ({type(fault).__name__}). Nothing was kept.") from fault
    except OSError as fault:
        if fault.errno in FULL:
            raise BackupError(f"There is no room for the backup in {target.parent} ({fault.strerror}).") from fault
        where = f" ({fault.filename})" if fault.filename else ""
        raise BackupError(f"The backup could not be written: {fault.strerror or fault}{where}.") from fault


def _written(folder: Path) -> Manifest:
    path = folder / databases.FILES[connection.vendor]
    began = clock.now()
    with tempfile.TemporaryFile("w+", dir=folder, encoding="utf-8") as names:
        with snapshot():
            rows, migrations = _rows(), tuple(schema.applied())
            _refuse_no_room(folder, databases.size() + _note(names))
            tool = databases.dump(path)
        settle(path)
        if wrong := databases.why_not_whole(path, rows):
            raise BackupError(f"The dump of the database is not whole: {wrong}.")
        copied = _Copied(folder)
        copied.take(names)
    return Manifest(
        attest=release(),
        began=_instant(began),
        ended=_instant(clock.now()),
        vendor=connection.vendor,
        server=databases.server_version(),
        tool=tool,
        database=weigh(path, path.name),
        migrations=migrations,
        rows=rows,
        listing=weigh(folder / LISTING, LISTING),
        objects=copied.objects,
        bytes=copied.bytes,
        faults=tuple(copied.faults),
    )


def release() -> str:
    """Return the version of Attest that runs here."""
    facts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(facts["project"]["version"])


def _instant(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _rows() -> dict[str, int]:
    """Return how many rows each table has. Refuses a database in which nobody is: it is the wrong one, or empty."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    counts = schema.row_counts(sorted(there & schema.tables().keys()))
    if not counts.get("accounts_user"):
        raise BackupError("Nobody is in this database. Is DATABASE_URL, or VAR_DIR, the one you mean?")
    return counts


def _refuse_no_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise BackupError(f"There is no room in {folder.parent}: {_mib(needed)} are needed, {_mib(free)} are free.")


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MiB"


def _note(names: IO[str]) -> int:
    """Write down what the rows of the snapshot say of their objects, so that it can end before the bytes are copied.

    Returns how many bytes those are, as far as rows know.
    """
    total = 0
    for one in health.named_objects():
        names.write(json.dumps([one.key, one.size, one.sha256, one.what]) + "\n")
        total += one.size or 0
    names.seek(0)
    return total


class _Copied:
    """The objects of a backup, written one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.objects, self.bytes = folder, 0, 0
        self.faults: list[str] = []

    def take(self, names: IO[str]) -> None:
        """Copy every object that is named, and write down what each is."""

        def listing(file: IO[bytes]) -> None:
            for line in names:
                if written := self._copy(Stored(*json.loads(line))):
                    facts = {"key": written.name, "size": written.size, "sha256": written.sha256}
                    file.write(json.dumps(facts, sort_keys=True).encode() + b"\n")

        write_through(self.folder / LISTING, listing)

    def _copy(self, stored: Stored) -> Written | None:
        try:
            written = _copy_object(self.folder, stored)
        except FileNotFoundError:
            object_path(self.folder, stored.key).unlink(missing_ok=True)
            self.faults.append(f"the object of {stored.what} is gone: {stored.key}")
            return None
        self.objects, self.bytes = self.objects + 1, self.bytes + written.size
        if stored.size not in {None, written.size} or stored.sha256 not in {"", written.sha256}:
            self.faults.append(f"the object of {stored.what} is not what came in: {stored.key}")
        return written


def _copy_object(folder: Path, stored: Stored) -> Written:
    found, size = hashlib.sha256(), 0

    def copy(file: IO[bytes]) -> None:
        nonlocal size
        for piece in read(stored.key):
            found.update(piece)
            size += file.write(piece)

    write_through(object_path(folder, stored.key), copy)
    return Written(stored.key, size, found.hexdigest())


def _verify(folder: Path, manifest: Manifest) -> None:
    """Read all of it again: what the disk has is what was written."""
    if parsed(folder / MANIFEST) != manifest:
        raise BackupError(f"{folder / MANIFEST} is not what was written.")
    for line in altered_files(folder, manifest):
        raise BackupError(f"The backup is not what was written: {line}.")


def lasting(manifest: Manifest) -> dt.timedelta:
    """Return how long a backup took: bytes that nobody names any more must stay longer than that."""
    return dt.datetime.fromisoformat(manifest.ended) - dt.datetime.fromisoformat(manifest.began)
