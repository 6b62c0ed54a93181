"""The chosen units of a registration with the work in them, for whoever may take one out (R43)."""

from dataclasses import dataclass

from django.db.models import Count

from centres.enums import FROZEN_UNITS, UnitState
from centres.models import LearnerUnit, Registration
from portfolio.enums import ClaimState
from portfolio.models import Claim
from portfolio.queries.progress import UnitProgress, unit_progress

ACCEPTED = (ClaimState.MET, ClaimState.MET_PROVISIONAL)


@dataclass(frozen=True, slots=True)
class ChosenUnit:
    """A chosen unit: its place and unit in the catalogue, its state, how far it is."""

    place_id: int
    unit_public_id: str
    state: UnitState
    progress: UnitProgress

    @property
    def accepted(self) -> int:
        """Return how many criteria are met by accepted evidence, those that a countersigner looks at included."""
        return self.progress.met + self.progress.provisional

    @property
    def frozen(self) -> bool:
        """Say whether it is signed, so that it stays (R83)."""
        return self.state in FROZEN_UNITS


def chosen_units(registration: Registration) -> dict[int, ChosenUnit]:
    """Return the chosen units by place. Three queries."""
    rows = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration=registration)
    units = list(rows.exclude(state=UnitState.DROPPED).select_related("unit"))
    progress = unit_progress(units)
    return {u.place_id: ChosenUnit(u.place_id, u.unit.public_id, UnitState(u.state), progress[u.pk]) for u in units}


def accepted_work(registration: Registration) -> dict[int, int]:
    """Return how many criteria are met by accepted evidence, by place of the chosen unit. One query."""
    rows = Claim.objects.for_centre(registration.centre_id).filter(
        learner_unit__registration=registration, state__in=ACCEPTED
    )
    counted = rows.values("learner_unit__place_id").annotate(met=Count("criterion", distinct=True))
    return dict(counted.values_list("learner_unit__place_id", "met"))
