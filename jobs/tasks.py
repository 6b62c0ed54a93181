"""Housekeeping of the store, which belongs to no app."""

import datetime as dt

from common import clock
from common.storing import DROP
from jobs import store
from jobs.enums import Lane
from jobs.registry import task


@task(DROP)
def drop_object(storage_key: str) -> None:
    """Delete the bytes of what was taken out, once its time is over."""
    store.drop(storage_key)


@task("store.sweep", every=dt.timedelta(days=1), lane=Lane.SLOW)
def sweep_store() -> None:
    """Let go of objects that no row names."""
    store.sweep(clock.now())
