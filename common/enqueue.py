"""Asking for background work without knowing who does it. The app `jobs` registers itself here at start."""

import datetime as dt
from collections.abc import Callable
from typing import Any

_registered: list[Callable[..., Any]] = []


def register(write: Callable[..., Any], put_off: Callable[[str, dt.timedelta], bool]) -> None:
    """Name the functions that write a job row and that put one off. The last ones win."""
    _registered[:] = [write, put_off]


def enqueue(name: str, **kwargs: Any) -> None:
    """Write a job in the caller's transaction: `enqueue("portfolio.prepare_file", file_id=3)`."""
    _registered[0](name, **kwargs)


def postpone(key: str, delay: dt.timedelta) -> bool:
    """Put the waiting job with that key off until `delay` from now. False: there is none, or it is in hand."""
    put_off: Callable[[str, dt.timedelta], bool] = _registered[1]
    return put_off(key, delay)
