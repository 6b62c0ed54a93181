"""What a person can do with their own account, and what a centre can ask for."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import queries, rules
from accounts.enums import PortfolioView
from accounts.models import Invitation, User
from audit.services import record_person
from common.digests import digest
from common.ids import new_token
from common.plain import for_every_caller
from common.refusals import Refusal, Refused, refuse_if
from common.text import say


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


@transaction.atomic
def keep_view(*, person: User, view: str, at: dt.datetime) -> None:
    """Remember by what a learner likes their work sorted (R45). Refuses a view that there is not."""
    if view not in PortfolioView.values:
        raise Refused(Refusal("unknown-view", say("Choose units first or activities first."), "view"))
    if person.portfolio_view != view:
        person.portfolio_view = view
        person.save(update_fields=["portfolio_view"])
        record_person("account.view", person_id=person.pk, obj=person, at=at, facts={"view": view})


def person_for(*, email: str, given_name: str, family_name: str) -> User:
    """Return the person with this address, or a new one with these names who cannot sign in yet (R128).

    The names of somebody who is known already stay as they are: they are theirs, not the asking centre's.
    """
    known = queries.person_by_email(email)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return User.objects.create_user(email, given_name=given_name, family_name=family_name)
    except IntegrityError:  # another centre was faster with the same new address
        return User.objects.get(email=email.strip().lower())


def end_sessions(*, person: User, at: dt.datetime) -> int:
    """Sign a person out everywhere at once and return how many sessions that were (C07)."""
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    record_person("account.sessions_ended", person_id=person.pk, obj=person, at=at, facts={"sessions": len(sessions)})
    return len(sessions)


def revoke_invitations(*, person: User, centre_name: str, at: dt.datetime) -> int:
    """Spend the open links of a person to this centre and return how many there were."""
    return Invitation.objects.filter(person=person, centre_name=centre_name, used_at=None).update(used_at=at)


for_every_caller(__name__)
