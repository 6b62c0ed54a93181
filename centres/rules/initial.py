"""Was the level found out before the learner was registered, and is the chosen one right? (R39, R40)"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from common.refusals import Refusal
from common.text import say

MANAGING_LEVEL = 4
SHORTEST_REASON = 5
LONGEST = {"prior_learning": 2000, "role_fit": 500, "reason": 500}


@dataclass(frozen=True, slots=True)
class Initial:
    """What was found out before registration. `outcome_level` None: no initial assessment was made."""

    made_on: dt.date | None = None
    prior_learning: str = ""
    role_fit: str = ""
    outcome_level: int | None = None
    reason: str = ""
    manages_people: bool | None = None
    purpose: str = ""


def level_warnings(initial: Initial, chosen_level: int) -> list[Refusal]:
    """Say what speaks against the chosen level: nothing found out, found another, nobody to manage (R39, R40).

    They are warnings: with a reason on record the learner is registered all the same.
    """
    return [*_outcome(initial, chosen_level), *_managing(initial, chosen_level)]


def _outcome(initial: Initial, chosen: int) -> Iterable[Refusal]:
    found = {"chosen": chosen, "found": initial.outcome_level}
    if initial.outcome_level is None:
        yield Refusal("no-initial", say("No initial assessment is on record."), "outcome_level")
    elif chosen < initial.outcome_level:
        words = say("Level %(chosen)d is below the level %(found)d that the initial assessment found.")
        yield Refusal("level-below", words % found, "level_reason")
    elif chosen > initial.outcome_level:
        words = say("Level %(chosen)d is above the level %(found)d that the initial assessment found.")
        yield Refusal("level-above", words % found, "level_reason")


def _managing(initial: Initial, chosen: int) -> Iterable[Refusal]:
    if chosen < MANAGING_LEVEL or initial.manages_people:
        return
    if initial.manages_people is None:
        words = say("Level 4 suits people who manage others. Nothing is said about that yet.")
    else:
        words = say("Level 4 suits people who manage others, and this learner does not.")
    yield Refusal("nobody-to-manage", words, "manages_people")


def why_not_initial(initial: Initial, chosen_level: int, today: dt.date, starts_on: dt.date) -> list[Refusal]:
    """Return why this cannot go on record: half an outcome, made too late, or a warning without a reason (R39)."""
    found = [*_dates(initial, today, starts_on), *_lengths(initial)]
    if len(initial.reason.strip()) < SHORTEST_REASON:
        ask = say("%(warning)s Say why this level is right, then register.")
        warnings = level_warnings(initial, chosen_level)
        found += [Refusal(w.code, ask % {"warning": w.sentence}, "level_reason") for w in warnings]
    return found


def _dates(initial: Initial, today: dt.date, starts_on: dt.date) -> Iterable[Refusal]:
    if initial.outcome_level is not None and initial.made_on is None:
        yield Refusal("initial-undated", say("Say on which day the initial assessment was made."), "initial_on")
    if initial.made_on is not None and initial.outcome_level is None:
        yield Refusal("initial-open", say("Say which level the initial assessment found."), "outcome_level")
    if initial.made_on is not None and initial.made_on > today:
        yield Refusal("initial-to-come", say("The initial assessment cannot be on a day to come."), "initial_on")
    elif initial.made_on is not None and initial.made_on > starts_on:
        words = say("The initial assessment comes before the first day of the registration. Check both days.")
        yield Refusal("initial-after-start", words, "initial_on")


def _lengths(initial: Initial) -> Iterable[Refusal]:
    for name, longest in LONGEST.items():
        if len(getattr(initial, name)) > longest:
            words = say("Use at most %(n)d characters.") % {"n": longest}
            yield Refusal("too-long", words, "level_reason" if name == "reason" else name)
