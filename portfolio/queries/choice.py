"""The chosen units of a registration with the work in them, for whoever may take one out (R43)."""

from dataclasses import dataclass

from django.db.models import Count

from centres.enums import FROZEN_UNITS, UnitState
from centres.models import LearnerUnit, Registration
from portfolio.enums import DECIDED_MET
from portfolio.models import EvidenceMapping
from portfolio.queries.progress import Short, UnitProgress, enough, unit_progress


@dataclass(frozen=True, slots=True)
class ChosenUnit:
    """A chosen unit: its place and unit in the catalogue, its state, how far it is.

    `progress` counts as met only what is enough (R71). `accepted` counts every criterion with accepted evidence, enough
    or not, those that a countersigner looks at included: that work goes out of sight with the unit.
    """

    place_id: int
    unit_public_id: str
    state: UnitState
    progress: UnitProgress
    accepted: int

    @property
    def frozen(self) -> bool:
        """Say whether it is signed, so that it stays (R83)."""
        return self.state in FROZEN_UNITS


def chosen_units(registration: Registration, short: Short = enough) -> dict[int, ChosenUnit]:
    """Return the chosen units by place. Four queries and those of `short`."""
    rows = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration=registration)
    units = list(rows.exclude(state=UnitState.DROPPED).select_related("unit"))
    progress, accepted = unit_progress(units, short(units)), accepted_work(registration)
    return {
        u.place_id: ChosenUnit(
            u.place_id, u.unit.public_id, UnitState(u.state), progress[u.pk], accepted.get(u.place_id, 0)
        )
        for u in units
    }


def accepted_work(registration: Registration) -> dict[int, int]:
    """Return for how many criteria evidence was accepted, by place of the chosen unit. One query.

    Whether it is enough is not asked (R71): one piece of two that are needed is work that somebody may lose.
    """
    rows = EvidenceMapping.objects.for_centre(registration.centre_id).filter(
        learner_unit__registration=registration, state__in=DECIDED_MET
    )
    counted = rows.values("learner_unit__place_id").annotate(accepted=Count("criterion", distinct=True))
    return dict(counted.values_list("learner_unit__place_id", "accepted"))
