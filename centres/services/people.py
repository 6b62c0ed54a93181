"""Inviting people and giving them roles."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.services import person_for
from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import ASSURING, Role
from centres.models import Assurance, Learner, Membership
from centres.permissions import require_admin
from centres.queries.countersigners import INSIDE
from centres.queries.external import looks_in_elsewhere
from centres.queries.seen import person_mark
from centres.services.apart import assessed_by
from centres.services.holding import hold_centre, hold_person
from centres.services.letters import ask_for_letter
from centres.services.on_a_day import known_as, not_over, today_of
from common.refusals import Refusal, Refused, refuse_if
from common.seen import refuse_other
from qualifications.queries import current_versions


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    """Who was invited, with the roles they were given. Whether they were known before is nobody's business (H02)."""

    person: User
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a role is given: days, qualifications to look after, the name the centre uses."""

    starts_on: dt.date
    ends_on: dt.date | None
    codes: frozenset[str]
    name: str
    at: dt.datetime


@transaction.atomic
def invite_person(
    *,
    actor: Actor,
    email: str,
    given_name: str,
    family_name: str,
    roles: Iterable[Role],
    starts_on: dt.date,
    ends_on: dt.date | None,
    entry_codes: Iterable[str] = (),
    at: dt.datetime,
) -> InvitedPerson:
    """Give a person their first roles here and send them a one-time link, whether they have an account or not.

    Refuses names, address and roles as `why_not_invite` and `why_not_grant` say. Emits person.invited and one
    role.granted a role; the letter is a job that makes the link itself, so that no secret lies in a row.
    """
    require_admin(actor, "person.invite")
    hold_centre(actor.centre_id)
    wanted = tuple(dict.fromkeys(Role(role) for role in roles))
    facts = rules.InviteFacts(email.strip().lower(), rules.plain(given_name), rules.plain(family_name), wanted)
    refuse_if(rules.why_not_invite(facts))
    person = person_for(email=facts.email, given_name=facts.given_name, family_name=facts.family_name)
    terms = Terms(starts_on, ends_on, frozenset(entry_codes), f"{facts.given_name} {facts.family_name}", at)
    _refuse_roles(actor, person, wanted, terms)
    rows = tuple(grant(actor, person, role, terms) for role in wanted)
    record("person.invited", actor=actor, obj=person, at=at, facts={"roles": [str(role) for role in wanted]})
    ask_for_letter(actor.centre_id, person.pk, actor.person_id)
    return InvitedPerson(person, rows)


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    person: User,
    role: Role,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    entry_codes: Iterable[str] = (),
    seen: str | None = None,
    at: dt.datetime,
) -> Membership:
    """Give one more role to somebody who is or was of this centre.

    Refuses what `why_not_grant` says, an admin's own power first (B10). Stale when their roles are no longer as the
    page showed them (`seen`, of `person_mark`). Emits role.granted.
    """
    require_admin(actor, "role.grant")
    hold_centre(actor.centre_id)
    if seen is not None:
        refuse_other(seen, person_mark(actor.centre_id, person.pk))
    terms = Terms(starts_on, ends_on, frozenset(entry_codes), known_as(actor.centre_id, person), at)
    _refuse_roles(actor, person, (role,), terms)
    return grant(actor, person, role, terms)


def _refuse_roles(actor: Actor, person: User, roles: Sequence[Role], terms: Terms) -> None:
    """Raise all reasons against all the roles, each once."""
    hold_person(person.pk)
    today = today_of(terms.at)
    rows = not_over(actor.centre_id, person.pk, today)
    held = tuple(rules.Span(Role(row.role), row.starts_on, row.ends_on) for row in rows)
    known = (
        frozenset(current_versions(actor.centre_id).values_list("entry_code", flat=True))
        if terms.codes
        else terms.codes
    )
    was_learner = Learner.objects.for_centre(actor.centre_id).filter(person=person).exists()
    found: dict[Refusal, None] = {}
    for role in roles:
        facts = rules.GrantFacts(
            role=role,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            today=today,
            own=person.pk == actor.person_id,
            held=held,
            entry_codes=terms.codes,
            known_codes=known,
            was_learner=was_learner,
            assesses=_assesses(actor, person, role, terms),
            looks_in=looks_in_elsewhere(actor.centre_id, person.pk, (terms.starts_on, terms.ends_on)),
        )
        found.update(dict.fromkeys(rules.why_not_grant(facts)))
    refuse_if(list(found))


def _assesses(actor: Actor, person: User, role: Role, terms: Terms) -> frozenset[str]:
    """Return what a person who is to assure from inside assesses among it."""
    if role not in INSIDE:
        return frozenset()
    return assessed_by(actor.centre_id, person.pk, terms.codes, terms.starts_on)


def grant(actor: Actor, person: User, role: Role, terms: Terms) -> Membership:
    """Write a role, the rules having been asked. Emits role.granted."""
    row: Membership = Membership.objects.create(
        centre_id=actor.centre_id,
        person=person,
        role=role,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        known_as=terms.name,
        granted_by_id=actor.person_id,
        created_at=terms.at,
    )
    if role in ASSURING:
        assured = current_versions(actor.centre_id).filter(entry_code__in=terms.codes)
        for body, code in sorted(set(assured.values_list("awarding_body", "entry_code"))):
            Assurance.objects.create(centre_id=actor.centre_id, membership=row, awarding_body=body, entry_code=code)
    record("role.granted", actor=actor, obj=row, at=terms.at, facts={"role": str(role), "person": person.public_id})
    return row


@transaction.atomic
def send_link_again(*, actor: Actor, person: User, seen: str | None = None, at: dt.datetime) -> None:
    """Send a person of this centre a new one-time link; the earlier one stops working. Emits person.link_sent.

    Refuses somebody who holds no role here now or later. Stale when their roles are no longer as the page showed them
    (`seen`, of `person_mark`).
    """
    require_admin(actor, "person.send_link")
    if seen is not None:
        refuse_other(seen, person_mark(actor.centre_id, person.pk))
    if not not_over(actor.centre_id, person.pk, today_of(at)).exists():
        raise Refused(Refusal("no-role", rules.say_no_role()))
    record("person.link_sent", actor=actor, obj=person, at=at)
    ask_for_letter(actor.centre_id, person.pk, actor.person_id)
