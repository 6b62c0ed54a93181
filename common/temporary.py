"""Temporary files and folders that are known to be left over once their process is gone, killed or not.

Whoever makes one holds a lock on it, which the kernel lets go with the process. So the sweep needs neither a guess how
long an upload may take nor the number of a process, which another one may have by now. Each container has a folder of
its own, so whoever needs room there sweeps it first.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

_PREFIX: Final = "attest-work-"
#: What a file or folder of a worker, and what an upload that Django writes to disk, is called.
OURS: Final = f"{_PREFIX}*"
UPLOADS: Final = "tmp*.upload*"
#: Seconds. A file younger than this may belong to somebody who has not locked it yet.
YOUNG: Final = 5.0


def hold(handle: int) -> None:
    """Lock a temporary file or folder of ours for as long as this handle of it is open."""
    with contextlib.suppress(
        OSError
    ):  # a disk that knows no locks: there the sweep gets none either, and removes nothing
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)


@contextlib.contextmanager
def own_folder() -> Iterator[str]:
    """Give an empty folder that is removed afterwards; what killed processes left beside it goes first."""
    sweep(Path(tempfile.gettempdir()), OURS)
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            hold(handle)
            yield folder
        finally:
            os.close(handle)


@contextlib.contextmanager
def own_file() -> Iterator[IO[bytes]]:
    """Give an empty file with a name that is removed afterwards, or later where nobody comes back to do it."""
    with tempfile.NamedTemporaryFile(prefix=_PREFIX) as file:
        hold(file.fileno())
        yield file


def sweep(folder: Path, pattern: str, *, young: float = YOUNG) -> int:
    """Remove what killed processes left in a folder under names like `pattern`; return how much that was.

    Leaves alone what somebody holds, and what is younger than `young` seconds.
    """
    before = time.time() - young
    return sum(_remove(path) for path in folder.glob(pattern) if _is_over(path, before))


def _is_over(path: Path, before: float) -> bool:
    with contextlib.suppress(OSError):  # it has gone meanwhile
        return path.lstat().st_mtime < before
    return False


def _remove(path: Path) -> bool:
    """Remove it under a lock that nobody else has. False: somebody holds it, took it away, or it is a stranger's."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        finally:
            os.close(handle)
        return True
    return False
