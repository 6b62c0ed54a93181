"""Bytes in and out of the private storage, in constant memory. Local folder or S3, the callers see no difference."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from django.core.files import File
from django.core.files.storage import Storage, default_storage

#: Bytes held in memory at a time.
CHUNK = 1024 * 1024
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
        _bucket().upload_fileobj(_StaysOpen(content), storage_key, Config=GENTLY)
    return default_storage.size(storage_key)


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
    asked = {storage_key for storage_key in storage_keys if storage_key}
    for storage_key in sorted(asked - set(named(asked))) if asked else ():
        default_storage.delete(storage_key)


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
    try:
        body = _bucket().Object(storage_key).get(**options)["Body"]
    except ClientError as fault:
        raise FileNotFoundError(storage_key) from fault
    with closing(body):
        yield from body.iter_chunks(chunk)


def _bucket() -> Any:
    return default_storage.bucket  # type: ignore[attr-defined]  # the S3 storage has one


@contextmanager
def on_disk(storage_key: str) -> Iterator[Path]:
    """Give a path under which a stored file can be read: its own, or a copy that is taken away afterwards."""
    path = local_path(default_storage, storage_key)
    if path:
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="attest-") as copy:
        for piece in read(storage_key):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
