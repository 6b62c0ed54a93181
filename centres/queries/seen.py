"""What pages of a centre showed, as marks (see `common.seen`): made alike for the page and after the lock."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from django.db.models import Max

from accounts.models import User
from centres.models import (
    Countersigner,
    Learner,
    LearnerUnit,
    Membership,
    Registration,
    SufficiencyDecision,
    SufficiencyRule,
    UnitChange,
)
from common.seen import mark


def unit_mark(unit: LearnerUnit) -> str:
    """Mark a learner's unit: its state, since when, disputed or not; signed and reopened, it has another. No query."""
    return mark("unit", unit.public_id, unit.state, unit.changed_at, unit.disputed)


def registration_mark(row: Registration) -> str:
    """Mark a registration: its state, its last day, how many signatures its chain has. No query."""
    return mark("registration", row.public_id, row.state, row.ends_on, row.ledger_length)


def choice_mark(row: Registration) -> str:
    """Mark a registration with the units it chose. One query."""
    changes = UnitChange.objects.for_centre(row.centre_id).filter(registration=row)
    return mark(registration_mark(row), changes.values_list("public_id", flat=True).first())


def registrations_mark(centre_id: int, learner_id: int) -> str:
    """Mark all registrations of a learner. One query."""
    rows = Registration.objects.for_centre(centre_id).filter(learner_id=learner_id).order_by("pk")
    return mark("registrations", list(rows.values_list("public_id", "state", "ends_on")))


def record_mark(row: Learner) -> str:
    """Mark a learner's record, and where their number stands. No query."""
    who = (row.given_names, row.family_name, row.date_of_birth, row.gender, row.workplace)
    number = (row.uln, row.uln_missing_reason, row.uln_status, row.uln_requested_on, row.uln_checked_on)
    bodies = (row.candidate_number, row.ocr_number, row.uci)
    return mark("record", row.public_id, who, number, row.uln_mismatch, bodies)


def person_mark(centre_id: int, person_id: int) -> str:
    """Mark what somebody is in a centre: roles with their days, and who countersigns for them. Two queries."""
    roles = Membership.objects.for_centre(centre_id).filter(person_id=person_id)
    links = Countersigner.objects.for_centre(centre_id).filter(trainee_id=person_id)
    days = links.values_list("starts_on", "ends_on")
    return roles_mark(roles.values_list("role", "starts_on", "ends_on"), days)


def address_mark(person: User) -> str:
    """Mark the address of a person. No query."""
    return mark("address", person.public_id, person.email)


def roles_mark(roles: Iterable[tuple[object, ...]], links: Iterable[tuple[object, ...]]) -> str:
    """Mark a person by their roles with the days, and by the days of those who countersign for them. No query.

    Without ids: a page of somebody who was known before looks like one of somebody new (H02). Whose it is, is in the
    address that the form goes to.
    """
    return mark("person", sorted(map(_words, roles)), sorted(map(_words, links)))


def _words(fact: tuple[object, ...]) -> str:
    return " ".join(map(str, fact))


class Dated(Protocol):
    """What runs from one day to another: a row of a table, or of a page."""

    @property
    def starts_on(self) -> dt.date:
        """The first day."""

    @property
    def ends_on(self) -> dt.date | None:
        """The last one, or None."""


def days_mark(row: Dated) -> str:
    """Mark a role, an allocation or a countersigner's link with its days; the address says which. No query."""
    return mark("days", row.starts_on, row.ends_on)


def rules_mark(centre_id: int) -> str:
    """Mark the centre's rules about evidence: the last one proposed and the last one decided. One query."""
    found = SufficiencyRule.objects.for_centre(centre_id).aggregate(rule=Max("pk"), decision=Max("decision__pk"))
    return mark("rules", found["rule"], found["decision"])


def rule_mark(row: SufficiencyRule, decision: SufficiencyDecision | None) -> str:
    """Mark one rule: the row never changes, a decision is added. No query."""
    return mark("rule", row.public_id, decision.pk if decision else None)
