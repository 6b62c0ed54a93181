"""Giving background work of a centre another chance."""

import datetime as dt

from django.db import transaction

from audit.services import record
from centres.actor import Actor
from centres.permissions import require_admin
from centres.queries.attention import attention_job, attention_mark
from common.seen import refuse_other
from jobs.services import retry_dead


@transaction.atomic
def try_again(*, actor: Actor, job: str, seen: str | None = None, at: dt.datetime) -> None:
    """Let a job that needs attention begin anew; what its app said when it was put aside is undone.

    By an admin of its centre. Refuses one that the same work is waiting beside; stale when it was tried since the page
    was made (`seen`, of `attention_mark`). Emits job.tried_again.
    """
    require_admin(actor, "job.try_again")
    row = attention_job(actor, job)
    refuse_other(seen, attention_mark(row))
    retry_dead(row.public_id)
    record("job.tried_again", actor=actor, obj=row, at=at, facts={"task": row.name})
