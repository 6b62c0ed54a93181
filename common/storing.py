"""Bytes in and out of the private storage, in constant memory. Local folder or S3, the callers see no difference.

An object that is not there is `FileNotFoundError`, a store that does not answer is `Away`: both are an `OSError`, and
neither says anything about the bytes that were once received.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import Storage, default_storage

from common.enqueue import enqueue
from common.faults import Away
from common.temporary import own_file

#: Bytes held in memory at a time.
CHUNK = 1024 * 1024
#: Every key of ours begins so; nothing else in the store is looked at.
OURS = "centre/"
#: The task that deletes an object, and how long what was taken out waits for it: longer than any backup takes, so that
#: a database that was copied first finds every object it names in the copy of the store.
DROP = "store.drop"
WAIT = dt.timedelta(days=7)
#: What S3 says of an object that is not there; of a bucket that is not there it says something else.
_NO_OBJECT = frozenset({"404", "NoSuchKey", "NotFound"})
#: To S3 in parts of 8 MiB, two in memory: ten, as the library would, hold 80 MiB for every upload.
GENTLY = TransferConfig(multipart_chunksize=8 * CHUNK, max_concurrency=2)
GENTLY.max_in_memory_upload_chunks = 2


def hash_of(content: "File[bytes]") -> tuple[str, int]:
    """Return the SHA-256 and the length of a file, read in pieces of 1 MiB."""
    found, length = hashlib.sha256(), 0
    for piece in content.chunks(CHUNK):
        found.update(piece)
        length += len(piece)
    return found.hexdigest(), length


def keep(storage_key: str, content: "File[bytes]") -> int:
    """Write a file under a key of ours and return the length that is stored, once it would survive a crash (R1).

    A file that the web server has already put on the same disk is moved, not copied.
    """
    if default_storage.exists(storage_key):  # 128 random bits say that this does not happen
        raise FileExistsError(storage_key)
    content.seek(0)
    path = local_path(default_storage, storage_key)
    if path:
        default_storage.save(storage_key, content)
        _settle(path)
    else:
        with _asking():
            _bucket().upload_fileobj(_StaysOpen(content), storage_key, Config=GENTLY)
    return size_of(storage_key)


@contextmanager
def _asking() -> Iterator[None]:
    """Say `FileNotFoundError` or `Away`, whatever the store's library raises."""
    try:
        yield
    except ClientError as fault:
        kind = FileNotFoundError if fault.response.get("Error", {}).get("Code") in _NO_OBJECT else Away
        raise kind(str(fault)) from fault
    except (BotoCoreError, Boto3Error) as fault:
        raise Away(str(fault)) from fault


def size_of(storage_key: str) -> int:
    """Return the length of a stored object. Raises `OSError` when it is not there or the store is away."""
    with _asking():
        return default_storage.size(storage_key)


def fingerprint(storage_key: str) -> tuple[str, int]:
    """Return the SHA-256 and the length of a stored object. Raises `OSError` as `size_of` does."""
    found, length = hashlib.sha256(), 0
    for piece in read(storage_key):
        found.update(piece)
        length += len(piece)
    return found.hexdigest(), length


def written(storage_key: str) -> str:
    """Return what changes with every writing of an object: its length with its moment, or with S3's own mark of it.

    Raises `OSError` as `size_of` does.
    """
    path = local_path(default_storage, storage_key)
    if path:
        found = path.stat()
        return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"
    with _asking():
        there = _bucket().Object(storage_key)
        return f"{there.content_length} {there.e_tag}"


class _StaysOpen:
    """What S3's library reads from, and would close: the file is read a second time where its row met another act."""

    def __init__(self, content: "File[bytes]") -> None:
        self.read, self.seek, self.tell = content.read, content.seek, content.tell

    def seekable(self) -> bool:
        """Say that parts may be read again; the web server's files are on disk."""
        return True

    def close(self) -> None:
        """Leave it open: whoever handed it in closes it."""


def drop_unnamed(storage_keys: Iterable[str], named: Callable[[Collection[str]], Iterable[str]]) -> None:
    """Delete objects, but none that a row names: `named` says which of these keys stand in rows that are written.

    Whoever stops a process may come after its rows were committed, or hide the answer to that; so whether an act came
    to its end says nothing about its rows, and they are asked themselves. Nothing else of ours deletes an object.
    """
    asked = {key for key in storage_keys if key}
    for key in sorted(asked - set(named(asked))) if asked else ():
        with _asking():
            default_storage.delete(key)


Named = Callable[[Collection[str]], Iterable[str]]
_tables: dict[str, Named] = {}


def names_objects(table: str, named: Named) -> None:
    """Register that rows of a table name objects; `named` says which of some keys stand in them."""
    _tables[table] = named


def tables_naming() -> frozenset[str]:
    """Return the tables that are registered, by the names of their models."""
    return frozenset(_tables)


def named_anywhere(storage_keys: Collection[str]) -> set[str]:
    """Return which of these keys stand in a row of any table. One query a table."""
    return {storage_key for named in _tables.values() for storage_key in named(storage_keys)}


def let_go(storage_keys: Iterable[str], *, at_once: bool = False, found: bool = False) -> None:
    """Ask in the caller's transaction for objects to be deleted that no row names any more, once `WAIT` is over.

    `at_once` is for personal data of others, which no backup is to keep a day longer. `found` is for the sweep, which
    finds the same ones day after day and asks once.
    """
    for storage_key in storage_keys:
        if storage_key:
            key = f"drop {storage_key}" if found else None
            enqueue(DROP, key=key, delay=None if at_once else WAIT, storage_key=storage_key)


def stored(*, before: dt.datetime) -> Iterator[str]:
    """Yield the keys of all objects of ours that were written before then, whatever rows say of them."""
    root = local_path(default_storage, OURS)
    yield from _stored_here(root, before.timestamp()) if root else _stored_there(before)


def _stored_here(root: Path, before: float) -> Iterator[str]:
    for folder, _folders, names in os.walk(root):
        for path in (Path(folder, name) for name in names):
            if path.stat().st_mtime < before:
                yield f"{OURS}{path.relative_to(root).as_posix()}"


def _stored_there(before: dt.datetime) -> Iterator[str]:
    with _asking():
        for found in _bucket().objects.filter(Prefix=OURS):
            if found.last_modified < before:
                yield found.key


def drop_parts(*, before: dt.datetime) -> int:
    """Forget the parts of uploads to S3 that were begun before then and never ended; return how many uploads (T30).

    They are no objects: nobody reads them, no row names them, and they are paid for. In a local folder there are none.
    """
    if local_path(default_storage, OURS):
        return 0
    with _asking():
        begun = [one for one in _bucket().multipart_uploads.all() if one.initiated < before]
        for one in begun:
            one.abort()
    return len(begun)


def _settle(path: Path) -> None:
    """Wait until the disk itself has the file and its name. S3 answers only once it has."""
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def local_path(storage: Storage, storage_key: str) -> Path | None:
    """Return where a file lies on this machine, or None where the storage is elsewhere."""
    try:
        return Path(storage.path(storage_key))
    except NotImplementedError:
        return None


def read(storage_key: str, start: int = 0, length: int | None = None, *, chunk: int = CHUNK) -> Iterator[bytes]:
    """Yield the bytes of a stored file from `start`, `length` of them (None: to its end), `chunk` at a time.

    Raises `OSError` before the first byte when the file is not there. From S3 only the range asked for is fetched.
    """
    path = local_path(default_storage, storage_key)
    return _read_local(path, start, length, chunk) if path else _read_s3(storage_key, start, length, chunk)


def _read_local(path: Path, start: int, length: int | None, chunk: int) -> Iterator[bytes]:
    with path.open("rb") as stored:
        stored.seek(start)
        left = path.stat().st_size if length is None else length
        while left > 0 and (piece := stored.read(min(chunk, left))):
            left -= len(piece)
            yield piece


def _read_s3(storage_key: str, start: int, length: int | None, chunk: int) -> Iterator[bytes]:
    wanted = f"bytes={start}-" if length is None else f"bytes={start}-{start + length - 1}"
    options = {} if start == 0 and length is None else {"Range": wanted}
    with _asking(), closing(_bucket().Object(storage_key).get(**options)["Body"]) as body:
        yield from body.iter_chunks(chunk)


def _bucket() -> Any:
    return default_storage.bucket  # type: ignore[attr-defined]  # the S3 storage has one


@contextmanager
def on_disk(storage_key: str) -> Iterator[Path]:
    """Give a path under which a stored file can be read: its own, or a copy that is taken away afterwards.

    Raises `OSError` when it is not there or the store is away: whoever opens the path later could not tell that from a
    file in which something is wrong.
    """
    path = local_path(default_storage, storage_key)
    if path:
        path.stat()
        yield path
        return
    with own_file() as copy:
        for piece in read(storage_key):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
