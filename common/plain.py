"""What every database keeps, and nothing else: text without NUL and lone surrogates, numbers that fit their column.

PostgreSQL stores no NUL, no driver encodes half a surrogate pair, and `int("١")` is 1. A page never lets such things
in (`web.shared.door`). Services have other callers too: `for_every_caller` takes the signs out before anything is
judged, hashed or stored, so that both databases keep the same.
"""

import dataclasses
import datetime as dt
import re
import sys
from collections.abc import Callable
from enum import Enum
from functools import wraps
from types import FunctionType
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

#: The largest numbers that the columns of both databases hold.
SMALL: Final = 32_767
WHOLE: Final = 2_147_483_647
BIG: Final = 9_223_372_036_854_775_807
CLEANED: Final = "takes_plain_text"
#: Hashed as it was typed, never stored.
SECRETS: Final = frozenset({"password"})


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_plain(text: str) -> bool:
    """Say whether every database keeps this text as it is."""
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text))


def plain_text(text: str) -> str:
    """Return a text without NUL and lone surrogates; everything else a person can type stays."""
    return text if is_plain(text) else text.replace("\x00", "").encode("utf-8", "ignore").decode()


def whole_number(text: str, *, most: int = WHOLE, least: int = 0) -> int | None:
    """Return a number written in the digits 0 to 9 that lies between `least` and `most`, or None for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if least <= number <= most else None


def iso_day(text: object) -> dt.date | None:
    """Return a day written as 2026-11-30, or None for anything else, a day that no calendar has included."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def plain(value: R) -> R:
    """Return a value with every text in it made plain: texts, lists, tuples, sets, dictionaries, frozen facts.

    Rows, files and whatever else is no plain value stay the very objects they are.
    """
    return _plain(value)  # type: ignore[no-any-return]  # of the same kind as it came


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else plain_text(value)  # a choice is a word of ours
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()} if type(value) is dict else value
    if type(value) in (list, set, frozenset, tuple):
        return type(value)(_plain(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _of_facts(value)
    return value


def _of_facts(value: Any) -> Any:
    """Return the same facts; a new object only where a text had to change."""
    before = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
    changed = {name: new for name, old in before.items() if (new := _plain(old)) is not old and new != old}
    return dataclasses.replace(value, **changed) if changed else value


def takes_plain_text(service: Callable[P, R]) -> Callable[P, R]:
    """Wrap a service: whoever calls it, the texts it is given are plain."""

    @wraps(service)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        clean = {name: value if name in SECRETS else _plain(value) for name, value in kwargs.items()}
        return service(*args, **clean)  # type: ignore[arg-type]  # the same names

    setattr(inner, CLEANED, True)
    return inner


def for_every_caller(package: str) -> None:
    """Wrap every service that a package of services (or a module of them) offers: say it as its last line."""
    module = sys.modules[package]
    offered = getattr(module, "__all__", None) or [
        name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == package and name[0] != "_"
    ]
    for name in offered:
        thing = getattr(module, name)
        if isinstance(thing, FunctionType):
            setattr(module, name, takes_plain_text(thing))
