"""Asking for background work without knowing who does it. The app `jobs` registers itself here at start."""

from collections.abc import Callable
from typing import Any

_registered: list[Callable[..., Any]] = []


def register(function: Callable[..., Any]) -> None:
    """Name the function that writes a job row. The last one wins."""
    _registered[:] = [function]


def enqueue(name: str, **kwargs: Any) -> None:
    """Write a job in the caller's transaction: `enqueue("portfolio.prepare_file", file_id=3)`."""
    _registered[0](name, **kwargs)
