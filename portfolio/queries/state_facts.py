"""Where a piece stands: what the rules are asked with, for the services that act and the pages that offer the act."""

import datetime as dt
from collections.abc import Collection, Sequence

from centres.actor import Actor
from centres.enums import FROZEN_UNITS, OVER
from centres.models import LearnerUnit, Registration
from centres.queries import takes_work, taking_work
from centres.queries.gates import sending_gate
from common import clock
from portfolio import rules
from portfolio.enums import DECIDED_MET, UNSETTLED, MappingState
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, Opening
from portfolio.queries.purges import removed_before


def is_active(actor: Actor) -> bool:
    """Say whether a registration of this learner takes work on the actor's day."""
    if actor.learner_id is None:
        return False
    rows = Registration.objects.for_centre(actor.centre_id).filter(learner_id=actor.learner_id)
    return rows.filter(taking_work(actor.on)).exists()


def is_active_unit(actor: Actor, unit: LearnerUnit) -> bool:
    """Say whether the registration of a chosen unit takes work on the actor's day."""
    return takes_work(unit.registration, actor.on)


def first_opening(evidence: Evidence) -> Opening | None:
    """Return who opened the latest version first, other than the learner."""
    rows = Opening.objects.for_centre(evidence.centre_id).filter(
        version__evidence=evidence, version__number=evidence.version_number
    )
    return rows.exclude(person_id=evidence.learner.person_id).select_related("person").order_by("at", "id").first()


def standing_mappings(evidence: Evidence) -> list[EvidenceMapping]:
    """Return the mappings of a piece that are not closed, in the order of units and criteria. One query."""
    rows = (
        EvidenceMapping.objects.for_centre(evidence.centre_id)
        .filter(evidence=evidence)
        .exclude(state=MappingState.CLOSED)
        .select_related("criterion", "learner_unit__unit", "learner_unit__registration__qualification")
    )
    return sorted(rows, key=lambda c: (c.learner_unit.registration_id, c.learner_unit.position, c.criterion.position))


def live(mappings: Sequence[EvidenceMapping]) -> list[EvidenceMapping]:
    """Return those that may still change: in a registration that is over a mapping is history (R34)."""
    return [c for c in mappings if c.learner_unit.registration.state not in OVER]


def send_facts(
    evidence: Evidence,
    files: Sequence[EvidenceFile],
    mappings: Sequence[EvidenceMapping],
    *,
    today: dt.date,
    declared: bool,
) -> rules.SendFacts:
    """Return what the rules of sending need of a draft. One query; two with files."""
    gate = sending_gate(evidence.centre_id, evidence.learner_id)
    gone = removed_before(evidence, {file.sha256 for file in files}) if files else frozenset[str]()
    units = [c.learner_unit for c in mappings if c.state in UNSETTLED]
    frozen = {unit.unit.title: None for unit in units if unit.state in FROZEN_UNITS}
    stopped = {unit.unit.title: None for unit in units if not takes_work(unit.registration, today)}
    return rules.SendFacts(
        today=today,
        kind=evidence.kind,
        title=evidence.title,
        activity_date=evidence.activity_date,
        setting=evidence.setting,
        description=evidence.description,
        body=evidence.body,
        location=evidence.location,
        custodian=evidence.custodian,
        files=tuple(_file_fact(file, gone) for file in files),
        mappings=len(mappings),
        unsure=evidence.unsure,
        frozen_units=tuple(frozen),
        stopped_units=tuple(stopped),
        declared=declared,
        no_customer_named=evidence.no_customer_named,
        ai_use=evidence.ai_use,
        ai_note=evidence.ai_note,
        induction_to_read=gate.to_read,
        currency_days=gate.currency_days,
    )


def _file_fact(file: EvidenceFile, gone: Collection[str]) -> rules.FileFact:
    captured = clock.london_date(file.captured_at) if file.captured_at else None
    return rules.FileFact(file.name, file.state, captured, removed_before=file.sha256 in gone)


def state_facts(actor: Actor, evidence: Evidence) -> rules.StateFacts:
    """Return what the rules of recalling, revising and withdrawing need: pages ask the same to know what to offer."""
    mappings = standing_mappings(evidence)
    resting = [c for c in mappings if c.state in DECIDED_MET and c.learner_unit.state in FROZEN_UNITS]
    opening = first_opening(evidence)
    return rules.StateFacts(
        state=evidence.state,
        active=is_active(actor),
        rests_on=tuple(dict.fromkeys(c.learner_unit.unit.title for c in resting)),
        undecided=sum(c.state not in DECIDED_MET for c in live(mappings)),
        opened_by=opening.person.full_name if opening else "",
    )
