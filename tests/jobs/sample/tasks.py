"""Tasks that leave a line in a file, so that what really ran can be counted from outside."""

import os
import signal
import time
from pathlib import Path

from jobs.registry import task


def note(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@task("sample.note")
def write(path: str, line: str) -> None:
    note(path, line)


@task("sample.slow")
def slow(path: str, seconds: int) -> None:
    note(path, f"begun {os.getpid()}")
    gate = Path(path).with_suffix(".gate")
    until = time.monotonic() + seconds
    while time.monotonic() < until and not gate.exists():
        time.sleep(0.02)
    note(path, "ended")


@task("sample.raises", max_attempts=3)
def raises(path: str) -> None:
    note(path, "tried")
    raise ValueError("Aled Jones, 3 Mill Lane")  # a message with a person in it, as real ones have


def mourn(path: str) -> None:
    note(path, "told")


@task("sample.mourned", max_attempts=1, on_dead=mourn)
def mourned(path: str) -> None:
    raise ValueError(path)


def mourn_badly(path: str) -> None:
    raise OSError(path)


@task("sample.mourned_badly", max_attempts=1, on_dead=mourn_badly)
def mourned_badly(path: str) -> None:
    raise ValueError(path)


@task("sample.poison")
def poison(path: str) -> None:
    note(path, "swallowed")
    os.kill(os.getpid(), signal.SIGKILL)
