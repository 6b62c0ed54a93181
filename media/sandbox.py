"""One stranger's file, one child process: limits, no network where the kernel lets, a clean environment.

What bounds the child: CPU seconds, address space, size of what it writes, no core dump, no new privileges, an own
session that is ended as a whole, an empty working folder, no variable of ours. Where the kernel lets (root, or user
namespaces allowed) it also has no network at all; where it does not, the list of protocols given to ffmpeg is what is
left. File permissions are the caller's: production runs the worker as an own user on a read-only root.

What the child says of a file is one thing, and what becomes of the child another. A refusal comes from its answer, or
from a limit of ours that the file used up: its processor time, its memory. A child that is ended by anything else,
breaks, or answers what makes no sense, has said nothing: `ChildLost` is raised, and whoever asked tries again. The time
by the clock is such an end too: it is longer than the processor time, so what runs out of it was starved or asleep.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from common.faults import Away
from common.temporary import own_folder
from media import wire
from media.child import MACHINE_EXIT, MEMORY_EXIT
from media.finding import ChildLost, Finding, finding_from_json, refused
from media.names import extension_of, plain_text
from media.policy import KINDS, MB, Family
from media.preview_kinds import CONTENT_TYPES, Made, Shown

_ROOT: Final = Path(__file__).resolve().parent.parent
_RESULT: Final = 16 * MB
_TEXT: Final = 200_000
_BEAT: Final = 0.02  # seconds between looks at the child


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: seconds, seconds, bytes, bytes."""

    cpu_seconds: int = 120
    wall_seconds: float = 180
    memory: int = 2048 * MB  # address space; a HEIC of 200 million dots stays below 1 GB of real memory
    written: int = 256 * MB  # the largest single file it may write


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one child found and made. `made` is empty unless the finding is ok."""

    finding: Finding
    made: tuple[Made, ...] = ()


RECORDING: Final = Limits(cpu_seconds=7200, wall_seconds=9000, memory=3072 * MB, written=2560 * MB)
"""For sound and video, which may have to be encoded again."""


def limits_for(declared_name: str) -> Limits:
    """The limits that a file of this name is opened with."""
    kind = KINDS.get(extension_of(declared_name))
    return RECORDING if kind and kind.family in {Family.AUDIO, Family.VIDEO} else Limits()


def prepare_file(
    path: Path,
    *,
    declared_name: str,
    size: int,
    out_dir: Path,
    limits: Limits | None = None,
    beat: Callable[[], None] | None = None,
) -> Prepared:
    """Looks into `path` and makes its previews in `out_dir`, all in one child process.

    A file that uses up its processor time or its memory is a refused finding (`too-slow`, `too-heavy`). Raises
    `ChildLost` when the child was ended or answers what makes no sense, and `OSError` when the machine is full. `beat`
    is called about once a second while the child works, so that a lease can be renewed; what it raises ends the child
    and is passed on.
    """
    job = {"path": str(path.resolve()), "declared_name": declared_name, "size": size, "out_dir": str(out_dir.resolve())}
    return _prepared(run_child("prepare", job, limits or limits_for(declared_name), beat), out_dir)


def inspect_apart(path: Path, *, declared_name: str, size: int, limits: Limits | None = None) -> Finding:
    """`media.inspect.inspect_file` in a child process."""
    job = {"path": str(path.resolve()), "declared_name": declared_name, "size": size}
    return _prepared(run_child("inspect", job, limits or limits_for(declared_name)), None).finding


def run_child(
    task: str, job: Mapping[str, Any], limits: Limits, beat: Callable[[], None] | None = None
) -> Mapping[str, Any] | str:
    """Runs one task of `media.child`: its answer as JSON, or the code of the refusal that its end means.

    Raises `ChildLost` and `OSError` as `prepare_file` does.
    """
    with own_folder() as folder:
        order, answer = Path(folder, "job.json"), Path(folder, "answer.json")
        order.write_text(json.dumps({"task": task, "job": dict(job), "limits": asdict(limits), "answer": str(answer)}))
        with Path(folder, "said").open("wb") as said:
            code = _watch(_start(order, folder, said), limits.wall_seconds, beat)
        return _read(answer) if code == 0 else _ended(code)


def _start(order: Path, folder: str, said: IO[bytes]) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder,
        "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2",
    }  # fmt: skip
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-s", "-m", "media.child", str(order)],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, close_fds=True,
        start_new_session=True,
    )  # fmt: skip


def _watch(child: subprocess.Popen[bytes], seconds: float, beat: Callable[[], None] | None) -> int | None:
    """The child's exit code, None when its time ran out. Whatever it started ends with it."""
    now = time.monotonic()
    end, next_beat = now + seconds, now + 1
    try:
        while not _has_ended(child.pid):
            now = time.monotonic()
            if now > end:
                return None
            if beat and now > next_beat:
                beat()
                next_beat = now + 1
            time.sleep(_BEAT)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        code = child.wait()
    return code


def _has_ended(pid: int) -> bool:
    """Looks without collecting: until then nobody else can be given the number that is about to be ended."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _ended(code: int | None) -> str:
    """The refusal that a child's end means: it reached a limit of its own. Raises on every other end."""
    if code == -signal.SIGXCPU:
        return "too-slow"
    if code == MEMORY_EXIT:
        return "too-heavy"
    if code == MACHINE_EXIT:
        raise Away("the machine is full or broken")
    raise ChildLost("its time by the clock ran out" if code is None else f"it ended with {code}")


def _read(answer: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(answer.read_text("utf-8")) if answer.stat().st_size <= _RESULT else None
    except (FileNotFoundError, ValueError, RecursionError) as unreadable:
        raise ChildLost("nobody can read its answer") from unreadable
    if not isinstance(data, dict):
        raise ChildLost("it answered something else")
    return data


def _prepared(answer: Mapping[str, Any] | str, out_dir: Path | None) -> Prepared:
    """The answer of a child, which may have been taken over by the file it opened: every value is checked again."""
    if isinstance(answer, str):
        return Prepared(refused(answer))
    try:
        finding = finding_from_json(answer["finding"])
        made = tuple(_made(one, out_dir) for one in answer["made"]) if finding.ok and out_dir else ()
    except (KeyError, TypeError, ValueError, AttributeError) as nonsense:
        raise ChildLost("its answer makes no sense") from nonsense
    return Prepared(finding, made)


def _made(data: Mapping[str, Any], out_dir: Path) -> Made:
    kind, filename, content_type = Shown(data["kind"]), data["filename"], data["content_type"]
    if content_type not in CONTENT_TYPES[kind] or not _is_ours(kind, filename, out_dir):
        raise ValueError("not one of our previews")
    return Made(
        kind=kind,
        position=wire.count(data["position"]) or 0,
        filename=filename,
        content_type=content_type,
        width=wire.count(data["width"]),
        height=wire.count(data["height"]),
        duration=wire.seconds(data["duration"]),
        text=plain_text(data["text"], _TEXT),
    )


def _is_ours(kind: Shown, filename: str, out_dir: Path) -> bool:
    """A plain name of a file with bytes in it, straight inside the folder; a text has none."""
    if kind is Shown.TEXT:
        return filename == ""
    place = out_dir / filename
    return place.parent == out_dir and place.is_file() and not place.is_symlink() and place.stat().st_size > 0
