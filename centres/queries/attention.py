"""Background work of a centre that needs its admins' attention."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator

from centres.actor import Actor
from common.refusals import NotFound
from common.seen import mark
from common.text import _
from jobs import queries, registry
from jobs.enums import Why
from jobs.models import Job

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """A line of the list: what it is, about whom or what, since when, why, and the mark of all that."""

    public_id: str
    title: str
    about: str
    since: dt.datetime | None
    why: str
    seen: str


def attention_count(actor: Actor) -> int:
    """Return how much of the centre's background work needs attention. One query."""
    return queries.of_centre(actor.centre_id).count()


def attention_page(actor: Actor, page: int) -> "tuple[tuple[AttentionRow, ...], Page[Job]]":
    """Return what needs attention, the newest first, 30 a page. Two queries, and one for each kind of work on it."""
    shown = Paginator(queries.of_centre(actor.centre_id), A_PAGE).get_page(page)
    rows = list(shown.object_list)
    about = dict(_about(actor.centre_id, rows))
    return tuple(_row(job, about.get(job.pk, "")) for job in rows), shown


def attention_job(actor: Actor, public_id: str) -> Job:
    """Return one of them; another centre's, and what needs no attention any more, is not found."""
    job = queries.of_centre(actor.centre_id).filter(public_id=public_id).first()
    if job is None:
        raise NotFound("job.view", public_id)
    return job


def attention_mark(job: Job) -> str:
    """Mark a job that needs attention: tried again and put aside anew, it has another. No query."""
    return mark("job", job.public_id, job.why, job.finished_at)


def _row(job: Job, about: str) -> AttentionRow:
    title = (registry.find(job.name).title if job.name in registry.names() else "") or _("Background work")
    why = Why(job.why).label if job.why else _("It was tried too often.")
    return AttentionRow(job.public_id, str(title), about, job.finished_at, str(why), attention_mark(job))


def _about(centre_id: int, jobs: Iterable[Job]) -> Iterator[tuple[int, str]]:
    """Yield (key of the job, what it is about): each kind of work is asked once for all of its jobs."""
    for name, group in groupby(sorted(jobs, key=lambda job: job.name), key=lambda job: job.name):
        same = list(group)
        about = registry.find(name).about if name in registry.names() else None
        if about:
            yield from zip((job.pk for job in same), about(centre_id, [job.args for job in same]), strict=True)
