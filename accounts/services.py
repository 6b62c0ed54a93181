"""What a person can do with their own account, and what a centre can ask for."""

import datetime as dt
import logging

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import letters, queries, rules
from accounts.enums import PortfolioView
from accounts.models import AddressChange, Invitation, User
from audit.services import record_person
from common.digests import digest
from common.ids import new_public_id, new_token
from common.plain import for_every_caller
from common.refusals import Refusal, Refused, refuse_if
from common.text import say

log = logging.getLogger(__name__)

BATCH = 1000


@transaction.atomic
def invite(
    *, person: User, invited_by_id: int | None, centre_number: str, centre_name: str, roles: str, at: dt.datetime
) -> str:
    """Make a one-time link for a person and return its secret; earlier open links of theirs at this centre end.

    The number says which centre asks; the name is only what the page shows. `person` gets the address of now, to which
    the letter goes: a centre may have corrected it since they were read. Emits account.invited.
    """
    person.email = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk).email
    revoke_invitations(person=person, centre_number=centre_number, at=at)
    token = new_token()
    Invitation.objects.create(
        person=person,
        invited_by_id=invited_by_id,
        centre_number=centre_number,
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
    it: the link then only says that they know of the new role. Either way the link proves the address.
    """
    row = queries.invitation_row(token)
    refuse_if(rules.why_not_accept(queries.facts_of(row), at))
    assert row is not None  # noqa: S101 - the rule above refused None
    person = row.person
    if not person.has_usable_password():
        _set_password(person, password)
    if not Invitation.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
        refuse_if(rules.why_not_accept(rules.InvitationFacts(exists=False), at))
    _own_row(person)
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


def rename(*, person: User, given_name: str, family_name: str, by_id: int, at: dt.datetime) -> None:
    """Give an account the name that its only centre corrected. Emits account.renamed; the caller holds the right."""
    person.given_name, person.family_name = given_name, family_name
    person.save(update_fields=["given_name", "family_name"])
    record_person("account.renamed", person_id=by_id, obj=person, at=at)


@transaction.atomic
def person_for(*, email: str, given_name: str, family_name: str) -> User:
    """Return the person with this address, or a new one with these names who cannot sign in yet (R128).

    The names of somebody who is known already stay as they are: they are theirs, not the asking centre's. They are
    held: who had the address until a centre corrected it in the same moment is somebody else. Call inside the act's
    transaction, after the centre is held.
    """
    known = queries.person_by_email(email, held=True)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return User.objects.create_user(email, given_name=given_name, family_name=family_name)
    except IntegrityError:  # another centre was faster with the same new address
        return User.objects.select_for_update(of=("self",), no_key=True).get(email=rules.plain_address(email))


def end_sessions(*, person: User, at: dt.datetime) -> int:
    """Sign a person out everywhere at once and return how many sessions that were (C07)."""
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    record_person("account.sessions_ended", person_id=person.pk, obj=person, at=at, facts={"sessions": len(sessions)})
    return len(sessions)


def carry_session(*, before: str, after: str) -> None:
    """Let the row of a session stand for the key that the session has from now on. Emits nothing: it is one session."""
    UserSession.objects.filter(session_key=before).update(session_key=after)


def forget_sessions(*, before: dt.datetime) -> int:
    """Remove sessions that were over before then, and what was noted beside them; return how many sessions.

    A batch at a time, so that nobody who signs in waits for it. Safe to run twice, also at once. Emits nothing: they
    end by themselves.
    """
    total = 0
    over = Session.objects.filter(expire_date__lt=before).order_by("expire_date")
    while keys := list(over.values_list("pk", flat=True)[:BATCH]):
        UserSession.objects.filter(session_key__in=keys).delete()
        removed, _by_model = Session.objects.filter(pk__in=keys, expire_date__lt=before).delete()
        total += removed
        if not removed:
            break
    return total


def revoke_invitations(*, person: User, centre_number: str, at: dt.datetime) -> int:
    """Spend the open links of a person to the centre with this number and return how many there were."""
    return Invitation.objects.filter(person=person, centre_number=centre_number, used_at=None).update(used_at=at)


# --- the address ------------------------------------------------------------------------------------------------------


def _own_row(person: User) -> None:
    """Make one verified, primary row of a person's address and no other; the person's own column says which it is.

    A row of somebody else that names the address is left over from a fault and goes: it would sign them in with it.
    """
    rows = EmailAddress.objects
    rows.filter(email=person.email).exclude(user=person).delete()
    rows.filter(user=person).exclude(email=person.email).delete()
    rows.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})


def choose_password(*, person: User, password: str, at: dt.datetime) -> None:
    """Keep a new password, checked already, of somebody who knew the old one or opened a link from their mailbox.

    A wish for another address ends: whoever had the old password could have had it. Emits account.password_chosen.
    """
    with transaction.atomic():
        held = User.objects.select_for_update(of=("self",), no_key=True).only("email").get(pk=person.pk)
        person.email = held.email  # a centre may have corrected it since the link was looked at
        person.set_password(password)
        person.save(update_fields=["password"])
        _own_row(person)
        AddressChange.objects.filter(person=person).delete()
        record_person("account.password_chosen", person_id=person.pk, obj=person, at=at)


def ask_for_address(*, person: User, address: str, at: dt.datetime) -> bool:
    """Keep a wished address and write to it; the old one goes on signing in. Emits account.address_asked.

    Refuses one's own address, and says so when the letter could not go. An address that somebody else signs in with is
    *not* refused (it would tell who has an account): its owner gets a letter of another kind, with no link. Returns
    whether a letter went: not a second one within a few minutes.
    """
    wish = _wish(person, rules.plain_address(address), at)
    if not rules.may_write(wish.sent_at, at):
        return False
    owner = queries.person_by_email(wish.address)
    try:
        if owner is None:
            letters.ask_to_confirm(wish.address, wish.key)
        else:
            letters.tell_owner(owner)
    except OSError as fault:
        log.exception("a letter about an address could not be sent")
        raise Refused(Refusal("letter-not-sent", say("The letter could not be sent. Try again later."))) from fault
    AddressChange.objects.filter(pk=wish.pk, public_id=wish.public_id).update(sent_at=at)
    return True


@transaction.atomic
def _wish(person: User, address: str, at: dt.datetime) -> AddressChange:
    """Keep the one wish of a person. Another address makes a new link and ends the earlier one."""
    locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    refuse_if(rules.why_not_wish(locked.email, address))
    known = AddressChange.objects.filter(person=locked).first()
    if known is not None and known.address == address:
        if rules.may_write(known.sent_at, at):
            known.asked_at = at
            known.save(update_fields=["asked_at"])
        return known
    fresh = {"public_id": new_public_id(), "address": address, "asked_at": at, "sent_at": None}
    row, _ = AddressChange.objects.update_or_create(person=locked, defaults=fresh)
    record_person("account.address_asked", person_id=person.pk, obj=person, at=at)
    return row


@transaction.atomic
def keep_address(*, person: User, at: dt.datetime) -> None:
    """Drop the wish for another address: its link opens nothing any more. Emits account.address_kept."""
    if AddressChange.objects.filter(person=person).delete()[0]:
        record_person("account.address_kept", person_id=person.pk, obj=person, at=at)


def confirm_address(*, key: str, seen_from: str, at: dt.datetime) -> User:
    """Make a wished address the one its person signs in with, and tell the old one. Emits account.address_changed.

    Refuses a link that was used, is too old or was overtaken by another wish, and an address that somebody else got
    meanwhile, also in the same moment. `seen_from` is the network address that the letter names.
    """
    person, old = _confirm(key, at)
    try:
        letters.tell_old_address(person, old, seen_from=seen_from, at=at)
    except OSError:  # the address is changed; a fault here must not say otherwise
        log.exception("the old address could not be told about the change")
    return person


@transaction.atomic
def _confirm(key: str, at: dt.datetime) -> tuple[User, str]:
    found = queries.change_behind(key)
    refuse_if(rules.why_not_confirm(queries.facts_of_change(found), at))
    assert found is not None  # noqa: S101 - the rule above refused None
    person = User.objects.select_for_update(of=("self",), no_key=True).get(pk=found.person_id)
    wish = queries.change_behind(key)  # again, now that nobody else can use or change it
    refuse_if(rules.why_not_confirm(queries.facts_of_change(wish), at))
    assert wish is not None  # noqa: S101 - see above
    old, person.email = person.email, wish.address
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:  # somebody got the address in the same moment
        refuse_if(rules.why_not_confirm(rules.AddressFacts(exists=True, asked_at=wish.asked_at, taken=True), at))
    _own_row(person)
    wish.delete()
    record_person("account.address_changed", person_id=person.pk, obj=person, at=at)
    return person, old


@transaction.atomic
def correct_address(*, person: User, address: str, by_id: int, at: dt.datetime) -> User:
    """Give somebody who never joined the address that was meant, and spend every link that went to the other one.

    The caller holds the right, and sends a new link. Refuses what `why_not_correct_address` says, also of an address
    that somebody got in the same moment. Emits account.address_corrected.
    """
    held = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    wanted = rules.plain_address(address)
    owner = queries.person_by_email(wanted)
    joined, same = queries.has_joined(held), held.email == wanted
    taken = owner is not None and owner.pk != held.pk
    refuse_if(rules.why_not_correct_address(rules.CorrectAddressFacts(joined, same, taken)))
    held.email = wanted
    try:
        with transaction.atomic():
            held.save(update_fields=["email"])
    except IntegrityError:
        refuse_if(rules.why_not_correct_address(rules.CorrectAddressFacts(joined=False, same=False, taken=True)))
    _own_row(held)
    AddressChange.objects.filter(person=held).delete()
    Invitation.objects.filter(person=held, used_at=None).update(used_at=at)
    record_person("account.address_corrected", person_id=by_id, obj=held, at=at)
    return held


@transaction.atomic
def mend_rows() -> int:
    """Write the address row of everybody whose own is missing or wrong, and return how many that were."""
    people = list(queries.without_own_row())
    for person in people:
        _own_row(person)
    return len(people)


for_every_caller(__name__)
