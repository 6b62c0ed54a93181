"""Background work on files and counts: ids in, one service call each. Safe to run twice."""

import datetime as dt
from typing import Any

from common import clock
from common.text import _
from jobs.enums import Lane
from jobs.registry import task
from portfolio.queries.objects import learners_of
from portfolio.services import accepted_together, files, preparing, telling_altered


def _give_up(file_id: int) -> None:
    preparing.give_up(file_id=file_id, at=clock.now())


def _check_again(file_id: int) -> None:
    preparing.check_again(file_id=file_id, at=clock.now())


_ON_A_FILE: dict[str, Any] = {"on_poison": _give_up, "on_retry": _check_again, "about": learners_of}


@task("portfolio.prepare_file", title=_("Checking a file of a learner"), **_ON_A_FILE)
def prepare_file(file_id: int) -> None:
    """Check a received file and make its previews."""
    preparing.prepare_file(file_id=file_id, at=clock.now())


@task("portfolio.make_copy", lane=Lane.SLOW, title=_("Making a learner's recording play everywhere"), **_ON_A_FILE)
def make_copy(file_id: int) -> None:
    """Make the previews of a recording."""
    preparing.make_copy(file_id=file_id, at=clock.now())


@task("portfolio.forget_partial", title=_("Finishing a file that stopped half way"), about=learners_of)
def finish_partial(file_id: int) -> None:
    """Finish or clear a file whose process is gone."""
    files.finish_partial(file_id=file_id, at=clock.now())


@task("portfolio.drop_object")
def drop_object(storage_key: str) -> None:
    """Delete the bytes of a removed file: jobs that the release before has written."""
    files.drop_object(storage_key=storage_key)


@task("portfolio.learn", title=_("Counting what was accepted together"))
def learn(centre_id: int) -> None:
    """Count again what was accepted together in a centre."""
    accepted_together.learn(centre_id=centre_id)


@task(telling_altered.TELL, lane=Lane.MAIL, title=_("Telling admins of files that cannot be opened"))
def tell_altered(centre_id: int, since: str) -> None:
    """Write to a centre's admins about files that are not as they came in."""
    telling_altered.tell_altered(centre_id=centre_id, since=dt.datetime.fromisoformat(since), at=clock.now())
