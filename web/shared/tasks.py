"""Background work of the screens: the answers given to forms are not kept for ever."""

import datetime as dt

from audit import idempotency
from common import clock
from jobs.registry import task


@task("web.forget_answers", every=dt.timedelta(hours=6))
def forget_answers() -> None:
    """Remove the keys of forms that are older than anybody's second try."""
    idempotency.purge(before=clock.now() - idempotency.KEEP)
