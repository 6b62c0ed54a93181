"""What became of letters that a centre asked for, and whom they are to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from centres.models import Correction
from centres.queries.people_names import names_in
from common.text import _
from jobs.enums import LIVE, JobState, Why
from jobs.models import Job

INVITATION = "centres.send_invitation"
CORRECTION = "centres.send_correction"

_AWAY = _("The mail server does not answer. The letter goes as soon as it does.")
_FAILED = _("The letter could not be sent.")
_WORDS = {
    Why.REFUSED: _("The mail server refused this address, so no letter arrived."),
    Why.UNKNOWN: _("The mail server did not say whether it took the letter. Ask, or send a new link."),
}


def invitation_key(centre_id: int, person_id: int) -> str:
    """Return the key under which an invitation is asked for once."""
    return f"{INVITATION}:{centre_id}:{person_id}"


def invitations_stuck(centre_id: int, person_ids: Iterable[int]) -> dict[int, str]:
    """Return, for those of some people whose invitation did not leave, what became of it. One query.

    Only the latest letter counts: one that was sent anew is on its way.
    """
    people = {invitation_key(centre_id, pk): pk for pk in person_ids}
    told = Q(state=JobState.DEAD, centre_id=centre_id) | Q(state__in=LIVE)
    rows = Job.objects.filter(told, key__in=people).order_by("id")
    latest = {people[row.key]: row for row in rows if row.key}
    return {pk: words for pk, row in latest.items() if (words := _said_of(row))}


def _said_of(row: Job) -> str:
    if row.state == JobState.DEAD:
        return str(_WORDS.get(Why(row.why)) or _FAILED) if row.why else str(_FAILED)
    return str(_AWAY) if row.failing_since else ""


def invited(centre_id: int, jobs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return whom each of some invitations is to. One query."""
    names = names_in(centre_id, (job["person_id"] for job in jobs))
    return [names.get(job["person_id"], "") for job in jobs]


def corrected(centre_id: int, jobs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return whose record each of some letters is about. One query."""
    rows = Correction.objects.for_centre(centre_id).filter(pk__in={job["correction_id"] for job in jobs})
    names = {row.pk: row.learner.full_name for row in rows.select_related("learner")}
    return [names.get(job["correction_id"], "") for job in jobs]
