"""What may still be done with a signed unit, and by whom: asked by the services and by the page (R83, R84)."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.enums import Act, Verdict
from assessments.models import CurrentDecision, LedgerEntry
from assessments.queries.core import latest_act, needs_countersign
from assessments.rules import signing
from centres.access import may_assess_in
from centres.actor import Actor
from centres.enums import DONE_UNITS, FROZEN_UNITS, LEFT, RegistrationState, Role, UnitState
from centres.models import LearnerUnit, Membership
from centres.queries import on_day
from centres.queries.leading import leads, manages


def standing_act(unit: LearnerUnit) -> LedgerEntry | None:
    """Return the act by which a unit stands, or stood last: signed, carried over or exempted. One query."""
    return latest_act(unit, Act.ASSESSOR_SIGNED, Act.CARRIED_OVER, Act.EXEMPTED)


def counts_elsewhere(unit: LearnerUnit) -> tuple[str, ...]:
    """Return the titles of qualifications in which a unit counts because it was carried over from this one.

    Also by way of others. A registration that was left asks for nothing itself, but what was carried over from there
    may stand in one that goes on. One query, and one for each registration on the way.
    """
    titles: dict[str, None] = {}
    seen, found = {unit.pk}, [unit.public_id]
    while found:
        rows = list(_carried_from(unit, found).exclude(learner_unit__in=seen))
        titles |= dict.fromkeys(
            row.registration.qualification.title for row in rows if row.registration.state not in LEFT
        )
        seen |= {row.learner_unit_id for row in rows}
        found = [row.learner_unit.public_id for row in rows]
    return tuple(titles)


def _carried_from(unit: LearnerUnit, public_ids: Collection[str]) -> QuerySet[LedgerEntry]:
    """Return what carried one of these units over, where it still stands."""
    named = reduce(or_, (Q(payload__contains=f'"unit":"{public_id}"') for public_id in public_ids))
    acts = LedgerEntry.objects.for_centre(unit.centre_id).filter(
        named, act=Act.CARRIED_OVER, registration__learner=unit.learner_id
    )
    opened = LedgerEntry.objects.for_centre(unit.centre_id).filter(
        learner_unit=OuterRef("learner_unit"), act=Act.REOPENED, sequence__gt=OuterRef("sequence")
    )
    rests: QuerySet[LedgerEntry] = acts.filter(~Exists(opened), learner_unit__state__in=DONE_UNITS)
    return rests.select_related("registration__qualification", "learner_unit").order_by("pk")


def took_part(unit: LearnerUnit, person_id: int) -> bool:
    """Say whether a person signed, countersigned or made a decision that counts in a unit (R8). At most two queries."""
    signed = LedgerEntry.objects.for_centre(unit.centre_id).filter(
        learner_unit=unit, person_id=person_id, act__in=[Act.ASSESSOR_SIGNED, Act.COUNTERSIGNED, Act.CARRIED_OVER]
    )
    decided = CurrentDecision.objects.for_centre(unit.centre_id).filter(learner_unit=unit, verdict=Verdict.MET)
    mine = Q(judgement__assessor_id=person_id) | Q(countersignature__countersigner_id=person_id)
    return signed.exists() or decided.filter(mine).exists()


def reopen_facts(
    unit: LearnerUnit, actor: Actor, signed: LedgerEntry | None, *, reason: str, reauthenticated: bool
) -> signing.ReopenFacts:
    """Gather what the rule about reopening needs. At most four queries."""
    return signing.ReopenFacts(
        state=unit.state,
        reason=reason,
        reauthenticated=reauthenticated,
        is_signer=actor.assesses and signed is not None and signed.person_id == actor.person_id,
        allocated=may_assess_in(actor, unit.registration_id),
        leads=leads(actor, unit.registration),
        manages=manages(actor, unit.learner_id),
        own_unit=unit.learner.person_id == actor.person_id,
        carried=signed is not None and signed.act == Act.CARRIED_OVER,
        counts_in=counts_elsewhere(unit),
    )


@dataclass(frozen=True, slots=True)
class UnitActs:
    """What this actor may do with a unit now, apart from signing it."""

    reopen: bool
    confirm_absent: bool


def unit_acts(unit: LearnerUnit, actor: Actor) -> UnitActs:
    """Return what to offer on a page: the very rules that decide about the act, asked with enough words. 8 queries."""
    if unit.state not in FROZEN_UNITS or unit.registration.state != RegistrationState.ACTIVE:
        return UnitActs(reopen=False, confirm_absent=False)
    words = "x" * signing.SHORTEST_REASON
    signed = standing_act(unit)
    opens = reopen_facts(unit, actor, signed, reason=words, reauthenticated=True)
    return UnitActs(
        reopen=not signing.why_not_reopen(opens),
        confirm_absent=unit.state in {UnitState.ASSESSOR_SIGNED, UnitState.COUNTERSIGNED}
        and not signing.why_not_confirm_absent(absent_facts(unit, actor, reason=words, reauthenticated=True)),
    )


def absent_facts(unit: LearnerUnit, actor: Actor, *, reason: str, reauthenticated: bool) -> signing.AbsentFacts:
    """Gather what the rule about confirming for somebody who left needs. At most five queries."""
    here = Membership.objects.for_centre(unit.centre_id).filter(
        on_day(actor.on), person_id=unit.learner.person_id, role=Role.LEARNER
    )
    return signing.AbsentFacts(
        state=unit.state,
        needs_countersign=needs_countersign(unit),
        learner_here=here.exists(),
        may=leads(actor, unit.registration) or manages(actor, unit.learner_id),
        took_part=took_part(unit, actor.person_id),
        own_unit=unit.learner.person_id == actor.person_id,
        reason=reason,
        reauthenticated=reauthenticated,
    )
