"""Until when a version of a qualification takes learners (R16)."""

import datetime as dt
from dataclasses import dataclass

from common.refusals import Refusal
from common.text import _

_MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
    _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LifecycleFacts:
    """The dates of one version. None: no date is known, so the version stands open."""

    title: str
    last_registration_on: dt.date | None
    last_certification_on: dt.date | None


def why_not_registrable(facts: LifecycleFacts, on: dt.date) -> list[Refusal]:
    """Say why nobody can be registered on this version on that day; an empty list means they can (R16).

    The last day itself still counts. A version whose certificates have ended is closed to entry too.
    """
    refusals = []
    if facts.last_registration_on is not None and on > facts.last_registration_on:
        sentence = _("New learners could join %(title)s until %(date)s.")
        refusals.append(_refusal("closed-to-entry", str(sentence), facts, facts.last_registration_on))
    if facts.last_certification_on is not None and on > facts.last_certification_on:
        sentence = _("Certificates for %(title)s could be claimed until %(date)s.")
        refusals.append(_refusal("closed-to-certification", str(sentence), facts, facts.last_certification_on))
    return refusals


def _refusal(code: str, sentence: str, facts: LifecycleFacts, last: dt.date) -> Refusal:
    return Refusal(code, sentence % {"title": facts.title, "date": _written_out(last)}, "qualification")


def _written_out(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
