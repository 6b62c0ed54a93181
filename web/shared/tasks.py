"""Background work of the screens: answers to forms and sessions are not kept for ever, nor what broken uploads left."""

import datetime as dt
from pathlib import Path

from django.conf import settings

from accounts.services import forget_sessions
from audit import idempotency
from common import clock, temporary
from jobs.registry import task


@task("web.forget_answers", every=dt.timedelta(hours=6))
def forget_answers() -> None:
    """Remove the keys of forms that are older than anybody's second try."""
    idempotency.purge(before=clock.now() - idempotency.KEEP)


@task("web.forget_sessions", every=dt.timedelta(hours=6))
def forget_sessions_that_are_over() -> None:
    """Remove sessions that are over."""
    forget_sessions(before=clock.now())


@task("web.sweep_uploads", every=dt.timedelta(minutes=10))
def sweep_uploads() -> None:
    """Remove what killed web servers of this machine left of uploads, also when nobody uploads anything."""
    temporary.sweep(Path(settings.FILE_UPLOAD_TEMP_DIR), temporary.UPLOADS)
