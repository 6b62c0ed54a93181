"""What a complete award means to each of those who read it, and what comes next (R16, R20)."""

import datetime as dt
from dataclasses import dataclass

from centres.enums import RegistrationState
from common.text import say
from qualifications.rules.lifecycle import written_out

#: Nothing is claimed meanwhile, and from here a registration is not closed as completed (3.5).
STOPPED = frozenset({RegistrationState.ON_BREAK, RegistrationState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """A complete award: the state of its registration, and whether everything that it rests on is confirmed.

    `ended_on` is the last day for certificates where that day has passed, else None.
    """

    state: RegistrationState
    sure: bool
    ended_on: dt.date | None = None


def next_for_learner(facts: AwardFacts) -> str:
    """Return what the learner reads below "Your award is complete"."""
    if facts.state == RegistrationState.COMPLETED:
        return say("Your centre has closed it as completed. Everything you did stays here to read.")
    if facts.ended_on is not None:
        words = say("Certificates could be claimed until %(date)s. Ask your centre what is possible now.")
        return words % {"date": written_out(facts.ended_on)}
    if facts.state == RegistrationState.TRANSFERRED:
        return say("It stays complete after your move. Ask your centre about its certificate.")
    if facts.state in STOPPED:
        return say("It stays complete. Your centre claims the certificate once your registration goes on.")
    if not facts.sure:
        return say(
            "Your centre asks the awarding body about what is not confirmed yet, and then claims your certificate. You"
            " have nothing more to do for it."
        )
    return say("Your centre claims the certificate. You have nothing more to do for it.")


def next_for_staff(facts: AwardFacts) -> str:
    """Return what an assessor or quality assurer reads below "The award is complete"."""
    if facts.state == RegistrationState.COMPLETED:
        return say("The office has closed the registration as completed.")
    if facts.ended_on is not None:
        words = say("Certificates could be claimed until %(date)s. The office asks the awarding body.")
        return words % {"date": written_out(facts.ended_on)}
    return say("Nothing more has to be assessed for it. The office claims the certificate.")


def next_for_office(facts: AwardFacts) -> str:
    """Return what the office reads below "The award is complete"."""
    if facts.state == RegistrationState.COMPLETED:
        return say("The registration is closed as completed.")
    if facts.ended_on is not None:
        words = say("Certificates could be claimed until %(date)s. Ask the awarding body what is possible now.")
        return words % {"date": written_out(facts.ended_on)}
    if facts.state == RegistrationState.TRANSFERRED:
        return say("The learner has moved on, and this award stays complete. Claim its certificate if you have not.")
    if facts.state in STOPPED:
        return say(
            "Next: let the registration go on. Then claim the certificate, and record the registration as completed."
        )
    if not facts.sure:
        return say(
            "Next: ask the awarding body about what is not confirmed, claim the certificate, then record the"
            " registration as completed."
        )
    return say("Next: claim the certificate from the awarding body, then record the registration as completed.")
