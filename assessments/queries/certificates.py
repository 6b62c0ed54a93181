"""What a certificate is compared with: its unit, its number elsewhere, who may be the second person (R19, R79)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from assessments.enums import Act, ExemptionState, StandsBy
from assessments.models import Countersignature, Exemption, Judgement, LedgerEntry, Review
from assessments.queries.exempting import ExemptionRow, exemption_row, exemptions_for
from assessments.rules.certificates import Standing, UnitFacts, number_key, standing_of
from assessments.rules.exempting import DECIDERS
from centres.actor import Actor
from centres.enums import RegistrationState, UnitState
from centres.models import Allocation, LearnerUnit
from common.refusals import Refusal
from qualifications.queries import rule_of
from qualifications.queries.sameness import acceptable_references

#: Other uses of a number on one page.
USES: Final = 10
#: Acts in the chain that say: I assessed this.
ASSESSING = (
    Act.ASSESSOR_SIGNED,
    Act.COUNTERSIGNED,
    Act.COUNTERSIGN_REFUSED,
    Act.CARRIED_OVER,
    Act.CARRY_DECLINED,
)


@dataclass(frozen=True, slots=True)
class Use:
    """Where a certificate number stands already, for somebody who may see it there."""

    public_id: str
    learner: str
    unit_title: str
    entry_code: str
    awarding_body: str
    state: ExemptionState
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Uses:
    """The other uses of a certificate number in the centre: a page of those that may be seen, and how many may not."""

    page: Page[int]
    seen: tuple[Use, ...] = ()
    hidden: int = 0

    @property
    def number(self) -> int:
        """Return how many there are."""
        return self.page.paginator.count + self.hidden


@dataclass(frozen=True, slots=True)
class ExemptionItem:
    """A certificate with all that its page shows beside it, for this actor today."""

    row: ExemptionRow
    unit: UnitFacts
    standing: Standing  # as it was compared when somebody approved, or as it compares now
    older: bool  # than the family of units: the number may have been in use before, or be a slip
    uses: Uses
    few: tuple[Refusal, ...]
    decides: bool  # this actor may be the second person
    assesses: bool  # but for this they might be
    revokes: bool  # this actor may withdraw it
    completed: bool  # it counts in a registration that is completed: that is taken back before it is withdrawn
    registration_id: str


def exemption_item(actor: Actor, row: Exemption, uses: int = 1) -> ExemptionItem:
    """Return one certificate as its page shows it, with a page of its number's other uses. At most twelve queries."""
    unit, facts = row.learner_unit, unit_facts(row.learner_unit, actor.on)
    waits = row.state == ExemptionState.WAITING
    second = actor.holds(*DECIDERS) and actor.person_id not in {row.recorded_by_id, unit.learner.person_id}
    assesses = second and assesses_learner(unit, actor.person_id)
    history = unit.registration.state != RegistrationState.ACTIVE
    return ExemptionItem(
        row=exemption_row(actor, row),
        unit=facts,
        standing=standing_of(row.unit_reference, facts)
        if waits
        else Standing(StandsBy(row.stands_by), row.equivalence),
        older=row.awarded_on.year < int(unit.unit.generation),
        uses=uses_of(actor, row.certificate_number, apart_from=row, page=uses),
        few=few_assessed(unit) if waits else (),
        decides=waits and second and not assesses,
        assesses=assesses,
        revokes=row.state == ExemptionState.APPROVED and not history and second and not assesses,
        completed=row.state == ExemptionState.APPROVED and unit.registration.state == RegistrationState.COMPLETED,
        registration_id=unit.registration.public_id,
    )


def unit_facts(unit: LearnerUnit, on: dt.date) -> UnitFacts:
    """Return what a certificate for this unit is compared with. One query."""
    return UnitFacts(
        own=unit.unit.reference or "",
        accepted=acceptable_references(unit.unit, unit.centre_id),
        born_on=unit.learner.date_of_birth,
        ends_on=unit.registration.ends_on,
        today=on,
    )


def few_assessed(unit: LearnerUnit) -> tuple[Refusal, ...]:
    """Return what the rule of combination says of the award with this unit exempt too: too little assessed (R79).

    Weighed are the units that are chosen now, by the awarding body's limit or by ours. Two queries.
    """
    rows = LearnerUnit.objects.for_centre(unit.centre_id).filter(registration_id=unit.registration_id)
    chosen = dict(rows.exclude(state=UnitState.DROPPED).values_list("unit_id", "state"))
    exempt = {unit.unit_id, *(pk for pk, state in chosen.items() if state == UnitState.EXEMPT)}
    found = rule_of(unit.registration.qualification_id).weigh(chosen, (), exempt)
    return tuple(one for one in found.unmet if one.code == "few-assessed")


def uses_of(actor: Actor, number: str, *, apart_from: Exemption | None = None, page: int = 1) -> Uses:
    """Return where else in the centre a certificate number stands, however it is typed, the newest first (R79).

    Also where it was turned down or withdrawn: that is worth knowing. What this actor may not see is only counted. At
    most two queries.
    """
    key = number_key(number)
    rows = Exemption.objects.for_centre(actor.centre_id)
    everywhere = rows.filter(number_key=key) if key else rows.none()
    if apart_from is not None:
        everywhere = everywhere.exclude(pk=apart_from.pk)
    mine = exemptions_for(actor)
    told = everywhere.annotate(told=Exists(mine.filter(pk=OuterRef("pk")))).order_by("-recorded_at", "-pk")
    found = list(told.values_list("pk", "told"))
    shown = Paginator([pk for pk, is_told in found if is_told], USES).get_page(page)
    seen = mine.filter(pk__in=shown.object_list).order_by("-recorded_at", "-pk")
    return Uses(shown, tuple(_use(row) for row in seen), sum(not is_told for _pk, is_told in found))


def _use(row: Exemption) -> Use:
    unit = row.learner_unit
    return Use(
        public_id=row.public_id,
        learner=unit.learner.full_name,
        unit_title=unit.unit.title,
        entry_code=unit.registration.qualification.entry_code,
        awarding_body=row.awarding_body,
        state=ExemptionState(row.state),
        recorded_at=row.recorded_at,
    )


def assesses_learner(unit: LearnerUnit, person_id: int) -> bool:
    """Say whether somebody assesses this learner in this registration, or ever took part in judging their work (R79).

    Allocated on any day, in this registration or in all; a decision, a piece sent back, a countersignature or a
    signature of theirs on any work of the learner. At most five queries.
    """
    covers = Q(registration=None) | Q(registration_id=unit.registration_id)
    counted = Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))  # one that ended before it began never counted
    allocated = Allocation.objects.for_centre(unit.centre_id).filter(
        covers, counted, learner_id=unit.learner_id, assessor_id=person_id
    )
    return allocated.exists() or any(rows.exists() for rows in _work_of(unit, person_id))


def _work_of(unit: LearnerUnit, person_id: int) -> Sequence[QuerySet[Any]]:
    centre, learner = unit.centre_id, unit.learner_id
    return (
        Judgement.objects.for_centre(centre).filter(learner_unit__learner_id=learner, assessor_id=person_id),
        Review.objects.for_centre(centre).filter(evidence__learner_id=learner, assessor_id=person_id),
        Countersignature.objects.for_centre(centre).filter(
            judgement__learner_unit__learner_id=learner, countersigner_id=person_id
        ),
        LedgerEntry.objects.for_centre(centre).filter(
            registration__learner_id=learner, person_id=person_id, act__in=ASSESSING
        ),
    )
