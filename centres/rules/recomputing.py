"""What must stand now, worked out again from the changes that led to it: stored states are compared with it."""

import datetime as dt
from collections.abc import Iterable, Sequence

from centres.enums import REGISTRATION_TRANSITIONS, RegistrationState
from centres.rules.registration_states import ENDING

#: One change of a registration: from which state, to which, from which day on.
Step = tuple[str, str, dt.date]


def wrong_in_states(state: str, starts_on: dt.date, ends_on: dt.date | None, steps: Sequence[Step]) -> list[str]:
    """Return what does not follow from the changes of a registration, in order (3.5)."""
    found, now, last_day = [], str(RegistrationState.ACTIVE), ends_on if not steps else None
    for was, to, on in steps:
        if was != now or to not in REGISTRATION_TRANSITIONS[RegistrationState(was)]:
            found.append(f"a change goes from {was} to {to} where it was {now}")
        last_day = _last_day(last_day, was, to, max(on, starts_on))
        now = to
    if state != now:
        found.append(f"it is {state}, and its changes lead to {now}")
    if last_day != ends_on:
        found.append(f"its last day is {ends_on or 'open'}, and its changes say {last_day or 'open'}")
    return found


def _last_day(before: dt.date | None, was: str, to: str, day: dt.date) -> dt.date | None:
    if to in ENDING or to == RegistrationState.TRANSFERRED:
        return day
    return None if was == RegistrationState.COMPLETED else before


def choice_after(changes: Iterable[tuple[Iterable[str], Iterable[str]]]) -> set[str]:
    """Return the units that are taken out after these changes, each of units added and units dropped (R43)."""
    out: set[str] = set()
    for added, dropped in changes:
        out = (out - set(added)) | set(dropped)
    return out
