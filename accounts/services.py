"""What a person can do with their own account, and what a centre can ask for."""

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import queries, rules
from accounts.models import Invitation, User
from audit.services import record_person
from common.digests import digest
from common.ids import new_token
from common.refusals import Refusal, Refused, refuse_if


@transaction.atomic
def invite(*, person: User, invited_by_id: int | None, centre_name: str, roles: str, at: dt.datetime) -> str:
    """Make a one-time link for a person and return its secret; earlier open links of theirs at this centre end."""
    Invitation.objects.filter(person=person, centre_name=centre_name, used_at=None).update(used_at=at)
    token = new_token()
    Invitation.objects.create(
        person=person,
        invited_by_id=invited_by_id,
        centre_name=centre_name,
        roles=roles,
        token_hash=digest(token),
        created_at=at,
        expires_at=at + rules.INVITATION_LIFE,
    )
    record_person("account.invited", person_id=invited_by_id, obj=person, at=at)
    return token


@transaction.atomic
def accept_invitation(*, token: str, password: str, at: dt.datetime) -> User:
    """Set the first password and open the account. Refuses a used, expired or unknown link and a weak password.

    The link is spent by compare-and-swap, so that two clicks make one account. Someone who already has a password keeps
    it: the link then only says that they know of the new role.
    """
    row = queries.invitation_row(token)
    refuse_if(rules.why_not_accept(queries.facts_of(row), at))
    assert row is not None  # noqa: S101 - the rule above refused None
    person = row.person
    if not person.has_usable_password():
        _set_password(person, password)
    if not Invitation.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
        refuse_if(rules.why_not_accept(rules.InvitationFacts(exists=False), at))
    record_person("account.invitation_accepted", person_id=person.pk, obj=person, at=at)
    return person


def _set_password(person: User, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as wrong:
        raise Refused(*[Refusal("weak-password", text, "password") for text in wrong.messages]) from wrong
    person.set_password(password)
    person.save(update_fields=["password"])


@transaction.atomic
def save_preferences(*, person: User, density: str, shortcuts: bool, appearance: str, at: dt.datetime) -> None:
    """Keep how a person likes their pages. Values come checked from a form."""
    person.density, person.shortcuts_enabled, person.appearance = density, shortcuts, appearance
    person.save(update_fields=["density", "shortcuts_enabled", "appearance"])
    record_person("account.preferences", person_id=person.pk, obj=person, at=at)
