"""Is the award of a registration complete, what is missing, and what comes next (R20)?"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from centres.enums import DONE_UNITS, RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from centres.rules import AwardFacts, next_for_learner, next_for_office, next_for_staff
from qualifications.queries import StoredRule, rules_of
from qualifications.rules import Evaluation
from qualifications.rules.combination import Award


@dataclass(frozen=True, slots=True)
class AwardStanding:
    """How far an award is by what is signed off or exempt. `credit` counts towards it, never more than it needs.

    `missing` are sentences, `to_do` the titles of units that are chosen and not done; both empty where nothing is left.
    `plan` weighs everything that is chosen (`units` of it). The three last say what comes next to whoever reads; they
    are empty while the award is not complete.
    """

    complete: bool
    sure: bool
    credit: int
    needed: int
    missing: tuple[str, ...]
    to_do: tuple[str, ...]
    plan: Evaluation
    units: int
    learner: str = ""
    staff: str = ""
    office: str = ""


def awards_of(
    registrations: Iterable[Registration], day: dt.date, units: Iterable[LearnerUnit] | None = None
) -> dict[int, AwardStanding]:
    """Return how far the award of each registration is on a day, by id (R20, R79). Two queries, however many.

    Each registration brings its qualification. A unit counts when it is signed off (ACHIEVED) or exempt, and never when
    it was dropped. `units`: all chosen ones, where they were read already; then it is one query.
    """
    weighed = _weighed(list(registrations), units)
    return {row.pk: _standing(row, award, chosen, day) for row, award, chosen in weighed}


def award_standing(row: Registration, stored: StoredRule, states: Mapping[int, str], day: dt.date) -> AwardStanding:
    """Return the same for one registration whose rule and chosen units (state by unit version) were read. No query."""
    return _standing(row, _award(stored, states), len(states), day)


def award_complete(registration: Registration) -> bool:
    """Say whether achieved and exempt units of a registration satisfy its rule of combination (R20). Two queries."""
    return all(award.complete for _row, award, _units in _weighed([registration]))


def complete_in(centre_id: int, registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Return those of these registrations whose award is complete. Three queries to say which, however many.

    A registration that was closed as completed had a complete award that day, and nothing in it changes any more: it
    is not weighed again, nor read. Of the others only those are weighed whose units done have enough credit.
    """
    done = LearnerUnit.objects.for_centre(centre_id)
    credit = done.filter(registration_id=OuterRef("pk"), state__in=DONE_UNITS).order_by().values("registration_id")
    near = registrations.exclude(state=RegistrationState.COMPLETED).annotate(
        done_credit=Subquery(credit.annotate(n=Sum("unit__credit")).values("n"))
    )
    rows = list(near.filter(done_credit__gte=F("qualification__credit")))
    weighed = {row.pk for row, award, _units in _weighed(rows) if award.complete}
    found: QuerySet[Registration] = registrations.filter(Q(state=RegistrationState.COMPLETED) | Q(pk__in=weighed))
    return found


def _weighed(
    rows: Sequence[Registration], units: Iterable[LearnerUnit] | None = None
) -> list[tuple[Registration, Award, int]]:
    if not rows:
        return []
    states: dict[int, dict[int, str]] = defaultdict(dict)
    for unit in _chosen(rows) if units is None else units:
        states[unit.registration_id][unit.unit_id] = unit.state
    stored = rules_of(row.qualification_id for row in rows)
    return [(row, _award(stored[row.qualification_id], states[row.pk]), len(states[row.pk])) for row in rows]


def _chosen(rows: Sequence[Registration]) -> QuerySet[LearnerUnit]:
    units = LearnerUnit.objects.for_centre(rows[0].centre_id).filter(registration__in=[row.pk for row in rows])
    return units.exclude(state=UnitState.DROPPED).only("registration_id", "unit_id", "state").order_by()


def _award(stored: StoredRule, states: Mapping[int, str]) -> Award:
    return stored.award(
        achieved=[pk for pk, state in states.items() if state == UnitState.ACHIEVED],
        exempt=[pk for pk, state in states.items() if state == UnitState.EXEMPT],
        chosen=states,
    )


def _standing(row: Registration, award: Award, units: int, day: dt.date) -> AwardStanding:
    needed = award.done.rule.credit
    last = row.qualification.last_certification_on
    ended = last if last is not None and last < day else None
    said = AwardFacts(RegistrationState(row.state), award.sure, ended) if award.complete else None
    return AwardStanding(
        complete=award.complete,
        sure=award.sure,
        credit=min(needed, award.done.credit),
        needed=needed,
        missing=tuple(part.sentence for part in award.missing),
        to_do=tuple(member.name for member in award.open),
        plan=award.plan,
        units=units,
        learner=next_for_learner(said) if said else "",
        staff=next_for_staff(said) if said else "",
        office=next_for_office(said) if said else "",
    )
