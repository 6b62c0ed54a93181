"""Background work of the catalogue: ids in, one service call each. Safe to run twice."""

from common import clock
from common.text import _
from jobs.registry import task
from qualifications.queries.imports import titles_of
from qualifications.services import import_reading
from qualifications.services.importing import READ


def _give_up(draft_id: int) -> None:
    import_reading.give_up_import(draft_id=draft_id, at=clock.now())


def _read_again(draft_id: int) -> None:
    import_reading.read_again(draft_id=draft_id, at=clock.now())


@task(READ, on_poison=_give_up, on_retry=_read_again, title=_("Reading a file that was brought in"), about=titles_of)
def read_import(draft_id: int) -> None:
    """Read a file that somebody brought in."""
    import_reading.read_import(draft_id=draft_id, at=clock.now())
