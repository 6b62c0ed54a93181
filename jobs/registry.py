"""Which function does a job of which name. Apps register theirs in `tasks.py`, imported at start."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules

from jobs.enums import Lane
from jobs.rules import MAX_CRASHES

Work = Callable[..., object]
#: For each of some jobs of a centre, by their arguments and in their order: in a few words, what it is about.
About = Callable[[int, Sequence[Mapping[str, Any]]], Sequence[str]]


class UnknownTaskError(LookupError):
    """No installed app has a task of that name."""


@dataclass(frozen=True, slots=True)
class Task:
    """A function that is safe to run twice.

    `on_poison` is told the same ids when the job broke off so often that it was put aside, `on_retry` when a person
    gives it another chance. `title` and `about` are how an admin reads it. One with `every` takes no arguments and is
    due again so long after it was done.
    """

    name: str
    function: Work
    max_crashes: int = MAX_CRASHES
    on_poison: Work | None = None
    on_retry: Work | None = None
    every: dt.timedelta | None = None
    lane: Lane = Lane.QUICK
    title: Any = ""
    about: About | None = None


_tasks: dict[str, Task] = {}


def task(name: str, **options: Any) -> Callable[[Work], Work]:
    """Register a function of ids under `name` ("portfolio.prepare_file"); the options are those of `Task`.

    Refuses a name already taken. With `every` nobody has to ask for it: the sweep keeps one job of that name waiting.
    """

    def register(function: Work) -> Work:
        known = _tasks.get(name)
        if known and (known.function.__module__, known.function.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise ValueError(f"two tasks are called {name}")
        _tasks[name] = Task(name, function, **options)
        return function

    return register


def find(name: str) -> Task:
    """Return the task of that name. Refuses a name nobody registered (`UnknownTaskError`)."""
    try:
        return _tasks[name]
    except KeyError:
        raise UnknownTaskError(name) from None


def regular() -> list[Task]:
    """Return the tasks that come round by themselves, in alphabetical order of their names."""
    return [_tasks[name] for name in names() if _tasks[name].every]


def names() -> list[str]:
    """Return all registered names in alphabetical order."""
    return sorted(_tasks)


def autodiscover() -> None:
    """Import `tasks.py` of every installed app."""
    autodiscover_modules("tasks")
