"""The process in which one file is opened: `python -m media.child job.json`. Started by `media.sandbox` only."""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from common.faults import is_machines

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_DIE_WITH_PARENT, _NO_NEW_PRIVILEGES = 1, 38
_TOLD: Final = 5  # seconds between being told that its time is over and being ended
MEMORY_EXIT: Final = 77  # by which a child says that its memory did not suffice
MACHINE_EXIT: Final = 78  # and by which that the machine is full or broken


def main(order: Path) -> int:
    """Locks itself in, then does the one task that `order` names and writes the answer as JSON."""
    said = json.loads(order.read_text("utf-8"))
    limit(said["limits"])
    leave_network()
    answer = Path(said["answer"])
    try:
        answer.write_text(json.dumps(_TASKS[said["task"]](said["job"])), "utf-8")
    except MemoryError:
        return MEMORY_EXIT
    except Exception as fault:
        if is_machines(fault):
            return MACHINE_EXIT
        raise
    return 0


def limit(limits: Mapping[str, Any]) -> None:
    """Sets what this process and all it starts may use. Nothing of the stranger's file has been read yet."""
    seconds = int(limits["cpu_seconds"])
    for what, most, more in (
        # Told first and ended a little later: both at once, the kernel ends it as it does when memory is short.
        (resource.RLIMIT_CPU, seconds, _TOLD),
        (resource.RLIMIT_AS, int(limits["memory"]), 0),
        (resource.RLIMIT_FSIZE, int(limits["written"]), 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 256, 0),
    ):
        hard = resource.getrlimit(what)[1]
        allowed, last = (_within(number, hard) for number in (most, most + more))
        resource.setrlimit(what, (allowed, last))


def _within(number: int, hard: int) -> int:
    return number if hard == resource.RLIM_INFINITY else min(number, hard)


def leave_network() -> bool:
    """Moves into an empty network, ends with the worker, gains no privileges; answers whether the network is gone."""
    with suppress(OSError, AttributeError):  # not every kernel has these
        libc = ctypes.CDLL(None, use_errno=True)
        gone: bool = libc.unshare(_NEW_NET) == 0 or libc.unshare(_NEW_USER | _NEW_NET) == 0
        libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return gone
    return False


def _inspect(job: Mapping[str, Any]) -> dict[str, Any]:
    from media.inspect import inspect_file  # after the limits: the parsers are what they are for

    finding = inspect_file(Path(job["path"]), declared_name=job["declared_name"], size=job["size"])
    return {"finding": finding.as_json(), "made": []}


def _prepare(job: Mapping[str, Any]) -> dict[str, Any]:
    from media.finding import NotAccepted, finding_from_json, refused
    from media.preview import make_previews

    answer = _inspect(job)
    finding = finding_from_json(answer["finding"])
    if not finding.ok:
        return answer
    try:
        made = make_previews(Path(job["path"]), finding, Path(job["out_dir"]))
    except NotAccepted as late:
        if is_machines(late):
            raise
        return {"finding": refused(late.code, **late.detail).as_json(), "made": []}
    return answer | {"made": [asdict(one) for one in made]}


def _read(job: Mapping[str, Any]) -> dict[str, Any]:
    from media.reading import read_here

    return read_here(Path(job["path"]), job["name"])


_TASKS: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "inspect": _inspect, "prepare": _prepare, "read": _read,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
