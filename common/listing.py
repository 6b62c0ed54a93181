"""What lies in the private storage, whoever names it. Local folder or S3, the callers see no difference."""

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from common.storing import local_path


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that is in the store."""

    key: str
    size: int
    modified: dt.datetime


def listed() -> Iterator[Kept]:
    """Yield every object of the private storage; nothing of them is read."""
    root = local_path(default_storage, "")
    yield from _listed_s3() if root is None else _listed_local(root)


def _listed_local(root: Path) -> Iterator[Kept]:
    for folder, _folders, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            try:
                found = path.stat()
            except FileNotFoundError:  # removed while we looked
                continue
            modified = dt.datetime.fromtimestamp(found.st_mtime, dt.UTC)
            yield Kept(path.relative_to(root).as_posix(), found.st_size, modified)


def _listed_s3() -> Iterator[Kept]:
    bucket: Any = default_storage.bucket  # type: ignore[attr-defined]  # the S3 storage has one
    for found in bucket.objects.all():
        yield Kept(found.key, found.size, found.last_modified)


def is_there() -> bool:
    """Say whether the folder of a local storage is there; a store elsewhere says so itself when it is asked."""
    root = local_path(default_storage, "")
    return root is None or root.is_dir()
