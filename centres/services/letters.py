"""Letters that a centre sends to its people.

A letter is a job that holds ids only. The job makes the one-time link itself when it writes the letter, so the secret
lies nowhere but in the letter; what is kept is its hash. A second try makes a new link and ends the first one, and
there is one only where the first letter certainly did not leave (`jobs.letters`).
"""

import datetime as dt
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.models import User
from accounts.services import invite
from centres.enums import Role
from centres.models import Centre, Correction
from centres.queries.letters import CORRECTION, INVITATION, invitation_key
from centres.queries.records import LABELS
from centres.services.on_a_day import known_as, not_over, today_of
from common.enqueue import enqueue
from common.text import say
from jobs.letters import hand_over


def ask_for_letter(centre_id: int, person_id: int, invited_by_id: int) -> None:
    """Ask for an invitation to be sent after the commit. Several asked for in one go become one letter."""
    ids = {"centre_id": centre_id, "person_id": person_id, "invited_by_id": invited_by_id}
    enqueue(INVITATION, key=invitation_key(centre_id, person_id), of_centre=centre_id, **ids)


def send_invitation(*, centre_id: int, person_id: int, invited_by_id: int, at: dt.datetime) -> bool:
    """Write and send one invitation. Sends nothing, and says so, when the person has no role there any more (C07).

    The link is stored before the letter goes and outside any transaction: a slow mail server holds no lock. Raises as
    `jobs.letters.hand_over` does.
    """
    roles = [Role(row.role).label for row in not_over(centre_id, person_id, today_of(at))]
    if not roles:
        return False
    words = ", ".join(dict.fromkeys(str(role) for role in roles))[:200]
    hand_over(partial(_invitation, centre_id, person_id, invited_by_id, words, at))
    return True


def _invitation(centre_id: int, person_id: int, invited_by_id: int, words: str, at: dt.datetime) -> EmailMessage:
    """Make the link and write the letter with it."""
    centre = Centre.objects.get(pk=centre_id)
    person = User.objects.get(pk=person_id)
    token = invite(
        person=person,
        invited_by_id=invited_by_id,
        centre_number=centre.number,
        centre_name=centre.name,
        roles=words,
        at=at,
    )
    inviter = known_as(centre_id, User.objects.get(pk=invited_by_id))
    link = settings.SITE_ORIGIN + reverse("web_account:invitation", args=[token])
    facts = {
        "name": known_as(centre_id, person),
        "inviter": inviter,
        "centre": centre.name,
        "roles": words,
        "link": link,
    }
    return _letter(person.email, facts)


def _letter(address: str, facts: dict[str, str]) -> EmailMessage:
    text = say(
        "Hello %(name)s\n\n"
        "%(inviter)s at %(centre)s invites you to Attest as: %(roles)s.\n\n"
        "Open this link to start. It works once and for 14 days:\n%(link)s\n\n"
        "You did not expect this? Then do nothing: the link stops working by itself."
    )
    subject = say("%(centre)s invites you to Attest") % facts
    return EmailMessage(" ".join(subject.split()), text % facts, to=[address])


def ask_to_tell(centre_id: int, correction_id: int) -> None:
    """Ask for a letter to the learner whose record was corrected, after the commit."""
    key = f"{CORRECTION}:{correction_id}"
    enqueue(CORRECTION, key=key, of_centre=centre_id, centre_id=centre_id, correction_id=correction_id)


def send_correction(*, centre_id: int, correction_id: int) -> None:
    """Tell a learner what was corrected in their record: the names of the fields and no value.

    Raises as `jobs.letters.hand_over` does.

    A learner number beside a name or a birthday never goes by e-mail (R32); what it says stands on their own page.
    """
    row = Correction.objects.for_centre(centre_id).select_related("learner__person", "centre").get(pk=correction_id)
    labels = ", ".join(str(LABELS[one["field"]]) for one in row.changes)
    link = settings.SITE_ORIGIN + reverse("learner:record", args=[row.centre.number])
    facts = {"name": row.learner.full_name, "by": row.by_name, "centre": row.centre.name, "link": link}
    text = say(
        "Hello %(name)s\n\n"
        "%(by)s at %(centre)s corrected your record: %(what)s.\n\n"
        "See what it says now, and why, when you are signed in:\n%(link)s\n\n"
        "Is it wrong? Tell your centre. Nobody asks you for your details by e-mail."
    )
    subject = say("%(centre)s corrected your record") % facts
    body = text % (facts | {"what": labels})
    hand_over(lambda: EmailMessage(" ".join(subject.split()), body, to=[row.learner.person.email]))
