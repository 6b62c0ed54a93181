"""Background work of the catalogue: ids in, one service call each. Safe to run twice."""

from common import clock
from jobs.registry import task
from qualifications.services import import_reading
from qualifications.services.importing import READ


def _give_up(draft_id: int) -> None:
    import_reading.give_up_import(draft_id=draft_id, at=clock.now())


@task(READ, max_attempts=3, on_dead=_give_up)
def read_import(draft_id: int) -> None:
    """Read a file that somebody brought in."""
    import_reading.read_import(draft_id=draft_id, at=clock.now())
