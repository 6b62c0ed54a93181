"""A letter to a centre's admins about files that are not as they came in: at most one a day, without names.

Who asks for an altered file gets a page that says so and can do no more about it; whoever runs the centre can.
"""

import datetime as dt
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from audit.models import Event
from centres.models import Centre
from centres.queries.leading import admins_of
from common import clock
from common.enqueue import enqueue
from common.text import say
from jobs.letters import hand_over
from portfolio.models import EvidenceFile

TELL = "portfolio.send_altered"
#: When the letter goes: the next time that it is this hour where the centres are.
HOUR = 6
MOST = 50


def tell_soon(centre_id: int, at: dt.datetime) -> None:
    """Ask for the letter of the next morning; one that waits already says this too. Inside the caller's transaction."""
    asked = {"key": f"{TELL}:{centre_id}", "delay": _until_morning(at), "of_centre": centre_id}
    enqueue(TELL, **asked, centre_id=centre_id, since=at.isoformat())


def _until_morning(at: dt.datetime) -> dt.timedelta:
    local = at.astimezone(clock.LONDON)
    morning = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    later = morning if local < morning else morning + dt.timedelta(days=1)
    return later.astimezone(dt.UTC) - at


def tell_altered(*, centre_id: int, since: dt.datetime, at: dt.datetime) -> int:
    """Write to the admins of a centre which files were found altered or missing since then; return how many read it.

    One letter to all of them, so that a second try sends none twice. No learner is named: a link leads to each.
    """
    events = Event.objects.filter(centre_id=centre_id, action="file.altered", at__gte=since, at__lte=at)
    ids = set(events.values_list("object_id", flat=True))
    files = EvidenceFile.objects.for_centre(centre_id).filter(public_id__in=ids).select_related("evidence__learner")
    centre = Centre.objects.get(pk=centre_id)
    lines = [_line(centre, file) for file in files.order_by("evidence_id", "position")[:MOST]]
    admins = admins_of(centre_id, clock.london_date(at)) if lines else []
    if admins:
        hand_over(partial(_letter, [admin.email for admin in admins], centre, len(ids), lines))
    return len(admins)


def _line(centre: Centre, file: EvidenceFile) -> str:
    link = settings.SITE_ORIGIN + reverse("centre:learner", args=[centre.number, file.evidence.learner.public_id])
    return f"{file.public_id}: {link}"


def _letter(addresses: list[str], centre: Centre, count: int, lines: list[str]) -> EmailMessage:
    text = say(
        "Somebody asked for files at %(centre)s that are not as they came in, or are gone: %(count)d. "
        "They were not handed out. Each line is the number of a file and whose it is:\n\n%(lines)s\n\n"
        "Decisions and words are not touched. Tell whoever runs Attest for you: a backup may still have the files."
    )
    subject = say("Files at %(centre)s cannot be opened") % {"centre": centre.name}
    facts = {"centre": centre.name, "count": count, "lines": "\n".join(lines)}
    return EmailMessage(" ".join(subject.split()), text % facts, to=addresses)
