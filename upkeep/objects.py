"""The private store beside the rows that name it: is every object there, whole, and named? (I1, I2)

This stands outside of the snapshot of the rows: a row that names an object which is not there is asked once more, as it
is now, because its object may have been removed with it since.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from botocore.exceptions import BotoCoreError, ClientError

from common import clock, health
from common.faults import Away
from common.health import Stored
from common.listing import Kept, is_there, listed
from common.storing import OURS, fingerprint, named_anywhere, size_of

#: Objects asked about at a time.
BATCH = 200
#: How long an object without a row may lie there: what was written for a row that then was not, is swept before that.
UNNAMED_FOR = dt.timedelta(days=7)
#: What says that the store itself does not answer, not that one object is gone.
AWAY = (Away, BotoCoreError, ClientError)


def wrong_objects(counts: Counter[str], *, files: bool) -> Iterator[str]:
    """Yield a line for each object that is not what its row says, and for each that no row has named for days.

    With `files` every byte is read and compared with the SHA-256 that rows know; without, only lengths are. Counts what
    was looked at under "objects" and "bytes".
    """
    if not is_there() and any(True for _one in health.named_objects()):
        yield "the folder of the store is not there, so no object was looked at"
        return
    try:
        for stored in health.named_objects():
            counts["objects"] += 1
            yield from _wrong(stored, counts, files=files)
        yield from _unnamed()
    except AWAY as fault:
        yield f"the store does not answer ({type(fault).__name__}), so not every object was looked at"


def _wrong(stored: Stored, counts: Counter[str], *, files: bool) -> list[str]:
    try:
        wrong = _content(stored, counts) if files else _length(stored)
    except FileNotFoundError:
        wrong = "is gone"
    except Away:
        raise
    except OSError as fault:
        wrong = f"cannot be read ({type(fault).__name__})"
    return [f"the object of {stored.what} {wrong}: {stored.key}"] if wrong and _still_named(stored) else []


def _still_named(stored: Stored) -> bool:
    return health.who_names([stored.key]).get(stored.key) == stored


def _length(stored: Stored) -> str:
    size = size_of(stored.key)
    return "" if stored.size in {None, size} else f"has {size} bytes, not {stored.size}"


def _content(stored: Stored, counts: Counter[str]) -> str:
    sha256, size = fingerprint(stored.key)
    counts["bytes"] += size
    if stored.size not in {None, size}:
        return f"has {size} bytes, not {stored.size}"
    return "" if stored.sha256 in {"", sha256} else "has another SHA-256"


def _unnamed() -> Iterator[str]:
    """Yield the objects that no row names, and nothing waits to remove, once they are old enough."""
    everything, since = listed(), clock.now() - UNNAMED_FOR
    while some := list(islice(everything, BATCH)):
        old = {one.key: one for one in some if one.modified < since and one.key.startswith(OURS)}
        yield from (
            f"the object {one.key} ({one.size} bytes, of {one.modified:%Y-%m-%d}) belongs to no row"
            for one in _nobodys(old)
        )


def _nobodys(objects: dict[str, Kept]) -> list[Kept]:
    left = set(objects) - named_anywhere(list(objects)) if objects else set[str]()
    return [objects[key] for key in sorted(left - health.on_their_way_out(left))] if left else []
