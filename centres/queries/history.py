"""How a registration came to its state: who changed it, when, and why (3.5)."""

import datetime as dt
from dataclasses import dataclass

from centres.actor import Actor
from centres.enums import RegistrationState
from centres.models import Learner, StateChange
from common.text import say

#: So many changes of one learner are shown, the newest first.
MOST = 60


@dataclass(frozen=True, slots=True)
class StateRow:
    """A change as people read it."""

    was: RegistrationState
    to: RegistrationState
    on: dt.date
    by: str
    at: dt.datetime
    reason: str

    @property
    def label(self) -> str:
        """Return the state it went to, in words; or that it was taken back that it was completed."""
        if self.was == RegistrationState.COMPLETED:
            return say("Completed: taken back")
        return str(self.to.label)


def state_changes_of(actor: Actor, learner: Learner) -> dict[str, tuple[StateRow, ...]]:
    """Return the changes of a learner's registrations by public id of the registration, the newest first. One query."""
    rows = StateChange.objects.for_centre(actor.centre_id).filter(registration__learner=learner)
    found: dict[str, list[StateRow]] = {}
    for row in rows.select_related("registration")[:MOST]:
        was, to = RegistrationState(row.was), RegistrationState(row.to)
        change = StateRow(was, to, row.on, row.by_name, row.at, row.reason)
        found.setdefault(row.registration.public_id, []).append(change)
    return {public_id: tuple(changes) for public_id, changes in found.items()}
