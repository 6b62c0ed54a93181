"""Reading about people's accounts."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.signing import BadSignature
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from accounts import rules
from accounts.models import AddressChange, Invitation, User, address_signer
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


def person_by_email(email: str, *, held: bool = False) -> User | None:
    """Return the person with this address, in any case, or None; `held` until the transaction ends."""
    rows = User.objects.alias(plain=Lower("email")).filter(plain=rules.plain_address(email))
    return (rows.select_for_update(of=("self",), no_key=True) if held else rows).first()


def has_joined(person: User) -> bool:
    """Say whether somebody has a login in use: a password of their own, or they were signed in once. No query."""
    return person.has_usable_password() or person.last_login is not None


def wished_address(person: User, at: dt.datetime) -> AddressChange | None:
    """Return the address somebody wants to change to, once a letter went there and while its link works."""
    rows = AddressChange.objects.filter(person=person, sent_at__isnull=False)
    return rows.filter(asked_at__gt=at - rules.ADDRESS_LIFE).first()


def change_behind(key: str) -> AddressChange | None:
    """Return the row behind a link that confirms an address, or None."""
    try:
        public_id = address_signer().unsign(key)
    except BadSignature:
        return None
    return AddressChange.objects.filter(public_id=public_id, person__is_active=True).first()


def facts_of_change(row: AddressChange | None) -> rules.AddressFacts:
    """Return what the rule needs of a row."""
    if row is None:
        return rules.AddressFacts(exists=False)
    owner = person_by_email(row.address)
    return rules.AddressFacts(exists=True, asked_at=row.asked_at, taken=owner is not None and owner != row.person)


def change_to_confirm(key: str, at: dt.datetime) -> AddressChange | None:
    """Return what a link would change, or None when it cannot be used (any more)."""
    row = change_behind(key)
    return None if rules.why_not_confirm(facts_of_change(row), at) else row


def signed_in_from(email: str, address: str) -> bool:
    """Say whether the person with this e-mail address has signed in from this network address before."""
    return bool(UserSession.objects.filter(user__email=rules.plain_address(email), ip=address).exists())


def without_own_row() -> QuerySet[User]:
    """Return the people whose one verified, primary address row is missing or says another address."""
    right = EmailAddress.objects.filter(verified=True, primary=True, email=Lower(F("user__email")))
    odd = EmailAddress.objects.exclude(Q(verified=True) & Q(primary=True) & Q(email=Lower(F("user__email"))))
    return User.objects.exclude(email="").exclude(Q(pk__in=right.values("user")) & ~Q(pk__in=odd.values("user")))
