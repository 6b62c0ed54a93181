"""What must hold after any two acts on one learner's work met: the invariants of decisions 9 and 10."""

import json
from collections.abc import Iterator

from django.db.models import Q

from assessments.enums import Act
from assessments.models import CurrentDecision, Judgement, LedgerEntry
from assessments.queries.chain_faults import broken_links
from assessments.queries.current import relied_on, waiting_in
from centres.enums import DONE_UNITS, FROZEN_UNITS, OVER, UNCONFIRMED_UNITS, RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from centres.queries.award import award_complete
from portfolio.enums import DECIDED_MET, EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from qualifications.models import Criterion

LOOK = "a race is looked at afterwards"


def faults() -> Iterator[str]:
    """Yield what does not hold, whatever happened: the invariants of decision 9 and 10."""
    units = LearnerUnit.objects.across_centres(reason=LOOK).filter(state__in=FROZEN_UNITS - {UnitState.EXEMPT})
    for unit in units.exclude(pk__in=_carried_over()):
        yield from _signed_unit(unit)
    made = Judgement.objects.across_centres(reason=LOOK).order_by("round")
    last = {decision.mapping_id: decision for decision in made}
    for row in CurrentDecision.objects.across_centres(reason=LOOK).select_related("mapping", "judgement", "proposed"):
        latest = last.get(row.mapping_id)
        if latest not in {row.judgement, row.proposed} and row.proposed is not None:
            yield f"{row}: what waits is not the latest decision"
        counts = row.verdict == "met" and row.judgement is not None
        if row.mapping.state == MappingState.MET and not counts:
            yield f"{row}: the mapping is met and no decision says so"
    met = EvidenceMapping.objects.across_centres(reason=LOOK).filter(state=MappingState.MET)
    for mapping in met.filter(Q(current=None)):
        yield f"{mapping}: met without a decision"
    left = LearnerUnit.objects.across_centres(reason=LOOK).filter(registration__state__in=OVER)
    for unit in left.filter(state__in=UNCONFIRMED_UNITS):
        yield f"{unit}: half signed in a registration that is over"
    closed = Registration.objects.across_centres(reason=LOOK).filter(state=RegistrationState.COMPLETED)
    yield from (f"{row}: completed, and its award is not complete" for row in closed if not _complete(row))
    yield from _carried()
    yield from (str(broken) for broken in broken_links())


def _complete(row: Registration) -> bool:
    """Say whether an award is complete; asked once for each state of its units, which is all that it rests on."""
    units = LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row)
    asked = (row.qualification_id, *sorted(units.values_list("unit_id", "state")))
    if asked not in _weighed:
        _weighed[asked] = award_complete(row)
    return _weighed[asked]


_weighed: dict[tuple[object, ...], bool] = {}


def _carried_over() -> list[int]:
    rows = LedgerEntry.objects.across_centres(reason=LOOK).filter(act=Act.CARRIED_OVER)
    return list(rows.values_list("learner_unit_id", flat=True))


def _carried() -> Iterator[str]:
    """Yield units that count because of one that does not count any more."""
    acts = LedgerEntry.objects.across_centres(reason=LOOK).filter(act=Act.CARRIED_OVER)
    for act in acts.filter(learner_unit__state__in=DONE_UNITS):
        source = LearnerUnit.objects.across_centres(reason=LOOK).get(public_id=json.loads(act.payload)["from"]["unit"])
        if source.state not in DONE_UNITS:
            yield f"{act.learner_unit}: counts because of {source}"


def _signed_unit(unit: LearnerUnit) -> Iterator[str]:
    needed = set(Criterion.objects.filter(unit_id=unit.unit_id).values_list("pk", flat=True))
    counts = relied_on(unit.centre_id, [unit.pk])
    missing = needed - set(counts.values_list("criterion_id", flat=True))
    if missing:
        yield f"{unit}: signed, and {len(missing)} criteria have no decision that counts"
    if waiting_in(unit).exists():
        yield f"{unit}: signed while a decision waits"
    pieces = EvidenceMapping.objects.across_centres(reason=LOOK).filter(learner_unit=unit, state__in=DECIDED_MET)
    gone = pieces.filter(evidence__state__in=[EvidenceState.WITHDRAWN, EvidenceState.RETURNED])
    if gone.exists():
        yield f"{unit}: signed on a piece that is withdrawn or sent back"
