"""The first row of everything: a centre and its first admin, made by whoever runs the installation."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.services import person_for
from audit.services import record_person
from centres import rules
from centres.enums import Role
from centres.models import Centre, Membership
from centres.services.on_a_day import today_of
from common.refusals import Refusal, refuse_if
from common.text import say

DIGITS = 5


@dataclass(frozen=True, slots=True)
class OpenedCentre:
    """A new centre and the person who can invite everybody else."""

    centre: Centre
    admin: User


@transaction.atomic
def open_centre(
    *, number: str, name: str, admin_email: str, given_name: str, family_name: str, at: dt.datetime
) -> OpenedCentre:
    """Make a centre with its first admin. Emits centre.opened.

    Refuses a number that is not five digits or is taken, an empty name, and what `why_not_invite` says of the admin.
    """
    facts = rules.InviteFacts(
        admin_email.strip().lower(), rules.plain(given_name), rules.plain(family_name), (Role.ADMIN,)
    )
    refuse_if([*_why_not_centre(number, rules.plain(name)), *rules.why_not_invite(facts)])
    centre = Centre.objects.create(number=number, name=rules.plain(name))
    person = person_for(email=facts.email, given_name=facts.given_name, family_name=facts.family_name)
    Membership.objects.create(
        centre=centre,
        person=person,
        role=Role.ADMIN,
        starts_on=today_of(at),
        known_as=f"{facts.given_name} {facts.family_name}",
        created_at=at,
    )
    record_person("centre.opened", person_id=None, obj=person, at=at, facts={"number": number})
    return OpenedCentre(centre, person)


def _why_not_centre(number: str, name: str) -> list[Refusal]:
    if len(number) != DIGITS or not (number.isascii() and number.isdigit()):
        return [Refusal("number", say("A centre number has five digits."), "number")]
    if Centre.objects.filter(number=number).exists():
        return [Refusal("number-taken", say("There is a centre with this number already."), "number")]
    if not name or len(name) > 160:  # noqa: PLR2004 - what the column holds
        return [Refusal("name", say("Give the centre a name of at most 160 characters."), "name")]
    return []
