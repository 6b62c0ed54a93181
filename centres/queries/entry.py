"""What has to be asked before somebody is registered for a qualification whose last day of entry is not known (R16)."""

import datetime as dt
from dataclasses import dataclass

from common.text import say
from qualifications.models import Qualification
from qualifications.queries import life_facts
from qualifications.rules import asks_for_confirmation


@dataclass(frozen=True, slots=True)
class EntryAsked:
    """A qualification whose last day of entry is not known: what is known about that, in a sentence or two."""

    title: str
    note: str


def entry_asked(q: Qualification, day: dt.date) -> EntryAsked | None:
    """Return what the page has to ask about entry, None where its last day is known (R16)."""
    life = life_facts(q)
    return EntryAsked(q.title, life.last_registration_note) if asks_for_confirmation(life, day) else None


def offered_as(q: Qualification, day: dt.date) -> str:
    """Return how a qualification stands in a list to choose from: an unknown last entry is said there too."""
    facts = {"title": q.title, "code": q.entry_code}
    if asks_for_confirmation(life_facts(q), day):
        return say("%(title)s (%(code)s), last entry not known") % facts
    return "%(title)s (%(code)s)" % facts  # noqa: UP031 - the same facts as above
