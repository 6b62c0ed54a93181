"""Who may be given which role, and whose role may end."""

import datetime as dt
from dataclasses import dataclass

from centres.enums import ASSURING, STAFF, Role
from centres.rules.apart import why_not_assure
from centres.rules.identity import why_not_name
from common.refusals import Refusal
from common.text import say

#: Nobody gives these to themselves: it needs another admin (B10, section 4).
NOT_FOR_ONESELF = STAFF
#: The first day that a role cannot be dated to any more.
FARTHEST = dt.timedelta(days=366 * 5)


@dataclass(frozen=True, slots=True)
class Span:
    """A role that somebody holds from one day to another, both included; None: no end."""

    role: Role
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What decides about a new role. `held` are the person's roles in this centre that are not over.

    `entry_codes` are the qualifications a quality assurer is to look after, `known_codes` those that exist.
    """

    role: Role
    starts_on: dt.date
    ends_on: dt.date | None
    today: dt.date
    own: bool
    held: tuple[Span, ...] = ()
    entry_codes: frozenset[str] = frozenset()
    known_codes: frozenset[str] = frozenset()
    assesses: frozenset[str] = frozenset()  # titles of those in which this person assesses learners
    looks_in: bool = False  # is an external quality assurer elsewhere, for a body that this centre works under
    was_learner: bool = False  # is on record as a learner of this centre: one who left may come back


def why_not_grant(facts: GrantFacts) -> list[Refusal]:
    """Say why this role cannot be given: one's own power, no learner behind it, dates, twice, EQA apart (B10, R13)."""
    return [
        *_why_not_role(facts),
        *why_not_dates(facts.starts_on, facts.ends_on, facts.today),
        *_why_not_beside(facts),
        *_why_not_assured(facts),
    ]


def _why_not_role(facts: GrantFacts) -> list[Refusal]:
    if facts.role == Role.LEARNER and not facts.was_learner:
        return [Refusal("learner-by-registering", say("A learner is added by registering them."), "roles")]
    if facts.role == Role.EQA and not facts.own:
        words = say("An external quality assurer is proposed by one person and let in by another, under People.")
        return [Refusal("external-by-two", words, "roles")]
    if facts.looks_in:
        words = say(
            "This person looks into other centres for the same awarding body, so they hold no role here on these days."
        )
        return [Refusal("external-elsewhere", words, "roles")]
    if facts.own and facts.role in NOT_FOR_ONESELF:
        return [Refusal("own-role", say("You cannot give this role to yourself. Another admin can."), "roles")]
    return []


def why_not_dates(starts_on: dt.date, ends_on: dt.date | None, today: dt.date) -> list[Refusal]:
    """Say why these dates cannot stand: in the past, in the wrong order, or too far away (R13)."""
    if starts_on < today:
        return [Refusal("starts-in-past", say("The first day is today or later."), "starts_on")]
    if starts_on > today + FARTHEST:
        return [Refusal("starts-too-late", say("Check the first day: it is more than five years away."), "starts_on")]
    if ends_on is not None and ends_on < starts_on:
        return [Refusal("ends-before-start", say("The last day comes after the first day."), "ends_on")]
    return []


def _why_not_beside(facts: GrantFacts) -> list[Refusal]:
    beside = [s for s in facts.held if _meet(s, facts.starts_on, facts.ends_on)]
    if any(s.role == facts.role for s in beside):
        sentence = say("This person already holds the role %(role)s on these days.")
        return [Refusal("already-held", sentence % {"role": facts.role.label}, "roles")]
    if any((s.role == Role.EQA) != (facts.role == Role.EQA) for s in beside):
        sentence = say("An external quality assurer holds no other role in the centre.")
        return [Refusal("external-apart", sentence, "roles")]
    return []


def _meet(span: Span, starts_on: dt.date, ends_on: dt.date | None) -> bool:
    before = ends_on is not None and ends_on < span.starts_on
    after = span.ends_on is not None and span.ends_on < starts_on
    return not before and not after


def _why_not_assured(facts: GrantFacts) -> list[Refusal]:
    if facts.role not in ASSURING:
        return []
    if not facts.entry_codes:
        sentence = say("Choose the qualifications that this person looks after.")
        return [Refusal("assurance-missing", sentence, "entry_codes")]
    if facts.entry_codes - facts.known_codes:
        return [Refusal("assurance-unknown", say("Choose qualifications from the list."), "entry_codes")]
    return why_not_assure(facts.assesses)


@dataclass(frozen=True, slots=True)
class InviteFacts:
    """Who is to be invited, with tidied names."""

    email: str
    given_name: str
    family_name: str
    roles: tuple[Role, ...]


def why_not_invite(facts: InviteFacts) -> list[Refusal]:
    """Say what is missing for an invitation: name, address, at least one role; an external assurer stays apart."""
    refusals = [*why_not_name(facts.given_name, "given_name"), *why_not_name(facts.family_name, "family_name")]
    refusals += why_not_email(facts.email)
    if not facts.roles:
        refusals.append(Refusal("role-missing", say("Choose at least one role."), "roles"))
    if Role.EQA in facts.roles and len(set(facts.roles)) > 1:
        sentence = say("An external quality assurer holds no other role in the centre.")
        refusals.append(Refusal("external-apart", sentence, "roles"))
    return refusals


def why_not_email(email: str) -> list[Refusal]:
    """Say that this cannot be an address to write to. Whether somebody has it is never said (H02)."""
    local, at, domain = email.rpartition("@")
    fits = bool(at and local and "." in domain) and not any(c.isspace() or not c.isprintable() for c in email)
    if fits and "@" not in local and len(email) <= 254:  # noqa: PLR2004 - the longest address mail can carry
        return []
    return [Refusal("email", say("Type an e-mail address like name@example.org."), "email")]


@dataclass(frozen=True, slots=True)
class EndFacts:
    """What decides about the end of a role. `on` is its last day; the day before today means: over at once.

    `other_admins`: somebody else who can sign in is an admin on the day after.
    """

    role: Role
    starts_on: dt.date
    ends_on: dt.date | None
    on: dt.date
    today: dt.date
    other_admins: bool


def why_not_end(facts: EndFacts) -> list[Refusal]:
    """Say why a role cannot end then: over already, back-dated, later than now agreed, or the last admin (B11, R13)."""
    yesterday = facts.today - dt.timedelta(days=1)
    if facts.ends_on is not None and facts.ends_on < facts.today:
        return [Refusal("already-over", say("This role is over already."), "on")]
    if facts.on < max(yesterday, facts.starts_on - dt.timedelta(days=1)):
        return [Refusal("ends-in-past", say("The last day is today or later."), "on")]
    if facts.ends_on is not None and facts.on > facts.ends_on:
        return [Refusal("ends-later", say("The role ends before that day. To make it longer, give it again."), "on")]
    if facts.role == Role.ADMIN and not facts.other_admins:
        sentence = say("This is the last admin of the centre. Make somebody else an admin first.")
        return [Refusal("last-admin", sentence)]
    return []


def say_no_role() -> str:
    """Return the sentence about somebody who has nothing here to end or to be written about."""
    return say("This person holds no role in the centre.")
