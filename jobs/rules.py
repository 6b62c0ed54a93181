"""How long to wait, when to give up, and what may be written down about a fault. Pure."""

import datetime as dt
import hashlib
import traceback
from collections.abc import Mapping
from pathlib import PurePath

MAX_ATTEMPTS = 8
#: A job that takes its worker down with it three times is put aside sooner than one that merely raises.
MAX_CRASHES = 3
FIRST_DELAY = dt.timedelta(seconds=2)
LONGEST_DELAY = dt.timedelta(minutes=15)
ERROR_LIMIT = 300
_OUR_FOLDERS = 2  # "portfolio/services.py" is enough to find a line


def delay_before_retry(seed: str, attempts: int) -> dt.timedelta:
    """Return how long to wait after `attempts` tries: 2 s doubling up to 15 min, plus at most a quarter.

    The extra quarter depends on `seed` and `attempts` only: jobs that stumbled together do not come
    back together, and a test can say the number.
    """
    doublings = min(max(attempts - 1, 0), 20)
    plain = min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
    first_bytes = hashlib.sha256(f"{seed}:{attempts}".encode()).digest()[:2]
    return plain * (1 + int.from_bytes(first_bytes) / 65535 / 4)


def gives_up(*, attempts: int, max_attempts: int, crashes: int = 0) -> bool:
    """Tell whether a job that did not finish is put aside for a person instead of tried again."""
    return attempts >= max_attempts or crashes >= MAX_CRASHES


def describe_fault(error: BaseException) -> str:
    """Return the kind of an error and its place, never its message: messages quote people's names."""
    frames = traceback.extract_tb(error.__traceback__)
    where = ""
    if frames:
        last = frames[-1]
        where = f" at {'/'.join(PurePath(last.filename).parts[-_OUR_FOLDERS:])}:{last.lineno} in {last.name}"
    return f"{type(error).__qualname__}{where}"[:ERROR_LIMIT]


def unfit_arguments(args: Mapping[str, object]) -> list[str]:
    """Return the names of arguments that are no id, flag or short text: a job is given ids, no more."""
    return [name for name, value in args.items() if not isinstance(value, str | int | bool | None)]
