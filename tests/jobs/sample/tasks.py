"""Tasks that leave a line in a file, so that what really ran can be counted from outside."""

import os
import signal
import time
from pathlib import Path

from django.core.mail import EmailMessage

from common.faults import Hopeless
from jobs.enums import Lane
from jobs.letters import hand_over
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


@task("sample.raises")
def raises(path: str) -> None:
    note(path, "tried")
    raise ValueError("Aled Jones, 3 Mill Lane")  # a message with a person in it, as real ones have


def mourn(path: str) -> None:
    note(path, "told")


def comfort(path: str) -> None:
    note(path, "comforted")


@task("sample.mourned", max_crashes=1, on_poison=mourn, on_retry=comfort)
def mourned(path: str) -> None:
    raise ValueError(path)


def mourn_badly(path: str) -> None:
    raise OSError(path)


@task("sample.mourned_badly", max_crashes=1, on_poison=mourn_badly)
def mourned_badly(path: str) -> None:
    raise ValueError(path)


@task("sample.away")
def away(path: str) -> None:
    note(path, "tried")
    raise ConnectionError("Aled Jones, 3 Mill Lane")


@task("sample.hopeless")
def hopeless(path: str) -> None:
    note(path, "tried")
    raise Hopeless


@task("sample.film", lane=Lane.SLOW)
def film(path: str, line: str) -> None:
    note(path, line)


@task("sample.letter", lane=Lane.MAIL)
def letter(path: str, to: str) -> None:
    def write() -> EmailMessage:
        note(path, "written")
        return EmailMessage("A letter", "Hello", to=[to])

    hand_over(write)


@task("sample.poison")
def poison(path: str) -> None:
    note(path, "swallowed")
    os.kill(os.getpid(), signal.SIGKILL)
