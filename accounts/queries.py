"""Reading about people's accounts."""

import datetime as dt
from dataclasses import dataclass

from accounts import rules
from accounts.models import Invitation, User
from common.digests import digest


@dataclass(frozen=True, slots=True)
class InvitationView:
    """Who was invited by whom and for what."""

    email: str
    given_name: str
    family_name: str
    centre_name: str
    inviter_name: str
    roles: str
    has_password: bool


def invitation_row(token: str) -> Invitation | None:
    """Return the row behind a secret, or None. Compares hashes only."""
    return Invitation.objects.select_related("person", "invited_by").filter(token_hash=digest(token)).first()


def facts_of(row: Invitation | None) -> rules.InvitationFacts:
    """Return what the rule needs of a row."""
    if row is None:
        return rules.InvitationFacts(exists=False)
    return rules.InvitationFacts(exists=row.person.is_active, expires_at=row.expires_at, used_at=row.used_at)


def open_invitation(token: str, at: dt.datetime) -> InvitationView | None:
    """Return the invitation behind a link, or None when it cannot be used (any more)."""
    row = invitation_row(token)
    if row is None or rules.why_not_accept(facts_of(row), at):
        return None
    return InvitationView(
        email=row.person.email,
        given_name=row.person.given_name,
        family_name=row.person.family_name,
        centre_name=row.centre_name,
        inviter_name=row.invited_by.full_name if row.invited_by else "",
        roles=row.roles,
        has_password=row.person.has_usable_password(),
    )


def person_by_email(email: str) -> User | None:
    """Return the person with this address, in any case, or None."""
    return User.objects.filter(email=email.strip().lower()).first()
