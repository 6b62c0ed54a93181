"""Background work on files and counts: ids in, one service call each. Safe to run twice."""

import datetime as dt

from common import clock
from jobs.registry import task
from portfolio.services import accepted_together, files, preparing, telling_altered


def _give_up(file_id: int) -> None:
    preparing.give_up(file_id=file_id, at=clock.now())


@task("portfolio.prepare_file", on_dead=_give_up)
def prepare_file(file_id: int) -> None:
    """Check a received file and make its previews."""
    preparing.prepare_file(file_id=file_id, at=clock.now())


@task("portfolio.forget_partial")
def forget_partial(file_id: int) -> None:
    """Clear a file whose bytes never came."""
    files.forget_partial(file_id=file_id)


@task("portfolio.drop_object")
def drop_object(storage_key: str) -> None:
    """Delete the bytes of a removed file."""
    files.drop_object(storage_key=storage_key)


@task("portfolio.learn")
def learn(centre_id: int) -> None:
    """Count again what was accepted together in a centre."""
    accepted_together.learn(centre_id=centre_id)


@task(telling_altered.TELL)
def tell_altered(centre_id: int, since: str) -> None:
    """Write to a centre's admins about files that are not as they came in."""
    telling_altered.tell_altered(centre_id=centre_id, since=dt.datetime.fromisoformat(since), at=clock.now())
