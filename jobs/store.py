"""What lies in the store and no row names: what was taken out, and what a process left that was killed."""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from itertools import islice

from common.storing import WAIT, drop_parts, drop_unnamed, let_go, named_anywhere, stored

logger = logging.getLogger(__name__)

#: An object as young as this may belong to a row that is being written.
YOUNG = dt.timedelta(days=1)
_BATCH = 500


def drop(storage_key: str) -> None:
    """Delete an object, unless a row of any table names it by now."""
    drop_unnamed([storage_key], named_anywhere)


def sweep(at: dt.datetime) -> int:
    """Let go of every object of ours that no row names; return how many there are.

    Each is deleted once `WAIT` is over, and only if still no row names it then: a database that was put back from a
    backup may. Also forgets uploads to S3 that never ended. Reads the whole list of the store, a batch at a time.
    """
    loose = 0
    for keys in _batches(stored(before=at - YOUNG)):
        found = sorted(set(keys) - named_anywhere(keys))
        let_go(found)
        loose += len(found)
    parts = drop_parts(before=at - WAIT)
    if loose or parts:
        logger.warning("store: %d objects that no row names, %d uploads that never ended", loose, parts)
    return loose


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while batch := list(islice(left, _BATCH)):
        yield batch
