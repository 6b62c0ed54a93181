"""How long to wait, when to give up, and what may be written down about a fault. Pure."""

import datetime as dt
import hashlib
import traceback
from collections.abc import Mapping, Sequence
from pathlib import PurePath

#: A job that takes its worker down with it, or raises what nobody expected, is put aside after so many times. It is
#: either poison or a mistake of ours: more tries change neither.
MAX_CRASHES = 3
AFTER_CRASH = (dt.timedelta(seconds=2), dt.timedelta(minutes=1))
#: What passes by itself (a store, a database, a mail server that is away, a full disk) is waited for so long, from the
#: first time on.
PATIENCE = dt.timedelta(days=7)
#: How long after the first, second … such fault; then the last one again and again, so that with its extra quarter
#: nobody waits longer than 15 minutes once everything is back (R6).
AFTER_FAULT = tuple(dt.timedelta(seconds=n) for n in (2, 10, 30, 60, 180, 360, 720))
ERROR_LIMIT = 300
_OUR_FOLDERS = 2  # "portfolio/services.py" is enough to find a line


def delay_before_retry(seed: str, number: int, waits: Sequence[dt.timedelta] = AFTER_FAULT) -> dt.timedelta:
    """Return how long to wait after the fault of that number (1 is the first): as `waits` says, plus at most a quarter.

    The extra quarter depends on `seed` and `number` only: jobs that stumbled together do not come back together, and a
    test can say the number.
    """
    plain = waits[min(max(number, 1), len(waits)) - 1]
    first_bytes = hashlib.sha256(f"{seed}:{number}".encode()).digest()[:2]
    return plain * (1 + int.from_bytes(first_bytes) / 65535 / 4)


def is_poison(*, crashes: int, most: int) -> bool:
    """Tell whether a job that broke off is put aside for a person instead of tried again."""
    return crashes >= min(most, MAX_CRASHES)


def is_over(*, failing_for: dt.timedelta) -> bool:
    """Tell whether what a job waits for has been away for so long that a person has to know."""
    return failing_for >= PATIENCE


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
