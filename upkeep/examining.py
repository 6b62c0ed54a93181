"""Examining an installation: every registered check, then the store beside the rows. Writes nothing."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from common import health
from common.health import Check
from upkeep.objects import wrong_objects
from upkeep.snapshot import apart, snapshot

OBJECTS = Check("objects", "Every object that a row names is in the store, and every old object has its row.", list)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be: which check found it, and what it is."""

    check: str
    words: str

    def __str__(self) -> str:
        return f"{self.check}: {self.words}"


def names() -> list[str]:
    """Return what can be asked, in the order in which it is."""
    return [*(one.name for one in health.checks()), OBJECTS.name]


def examine(
    counts: Counter[str], *, files: bool = False, only: Collection[str] = (), without: Collection[str] = ()
) -> Iterator[Fault]:
    """Yield every fault of the installation, check by check. Nobody waits for it.

    All rows are read as they were when it began; the store is looked at afterwards, with `files` every byte of it.
    `only` and `without` name checks. Counts the checks under "checks", and what `wrong_objects` counts.
    """
    asked = {name for name in (only or names()) if name not in without}
    with snapshot():
        for one in (one for one in health.checks() if one.name in asked):
            counts["checks"] += 1
            yield from _asked(one)
    if OBJECTS.name in asked:
        counts["checks"] += 1
        yield from (Fault(OBJECTS.name, words) for words in wrong_objects(counts, files=files))


def _asked(one: Check) -> Iterator[Fault]:
    """Yield what one check finds. It may break off; the next one is asked all the same."""
    try:
        with apart():
            yield from (Fault(one.name, words) for words in one.look())
    except Exception as error:  # noqa: BLE001 - what cannot be looked at is a fault, and not the last one
        yield Fault(one.name, f"this could not be looked at to its end ({type(error).__name__}: {_line(error)})")


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
