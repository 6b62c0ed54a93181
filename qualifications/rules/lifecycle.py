"""Where a version stands in its life, and what that means for those who learn on it (R16)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from common.refusals import Refusal, too_long
from common.text import _, say
from qualifications.enums import Life

_MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
    _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip

#: How long it is when somebody says how they know that entry is open.
SHORTEST_CONFIRMATION, LONGEST_CONFIRMATION = 10, 300
#: So many months before the last certificate everybody still at work on a version is pointed to it.
WARN_MONTHS = (3, 6, 12)
#: The days of a year on which an awarding body's external quality assurers visit nobody, with the day from which a
#: centre has to act when a version ends in them: ((month, day) first, last, act from).
NO_VISITS = {"OCR": ((8, 18), (8, 31), (7, 1))}


@dataclass(frozen=True, slots=True)
class LifecycleFacts:
    """The dates of one version. None: no date is known, which is not the same as open (R16).

    `last_registration_note` is what is known about a missing last entry.
    """

    title: str
    last_registration_on: dt.date | None
    last_certification_on: dt.date | None
    listed_on: dt.date | None = None
    awarding_body: str = ""
    last_registration_note: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that people at work on a version have to know. `hard`: act now, not only plan (R16)."""

    code: str
    sentence: str
    hard: bool = False


def life_on(facts: LifecycleFacts, on: dt.date) -> Life:
    """Return where a version stands on a day (R16). First and last days count as the state they belong to.

    After the last entry it is for certificates only where the last day for them is known, and else closed to entry.
    While its last entry is not known, nobody can say that it is open.
    """
    if facts.last_certification_on is not None and on > facts.last_certification_on:
        return Life.CLOSED
    if facts.last_registration_on is not None and on > facts.last_registration_on:
        return Life.CLOSED_TO_ENTRY if facts.last_certification_on is None else Life.CERTIFICATES_ONLY
    if facts.listed_on is not None and on < facts.listed_on:
        return Life.NOT_YET
    return Life.NOT_KNOWN if facts.last_registration_on is None else Life.OPEN


def why_not_registrable(facts: LifecycleFacts, on: dt.date) -> list[Refusal]:
    """Say why nobody can be registered on this version on that day; an empty list means they can (R16).

    The first and the last day themselves count. A version whose certificates have ended is closed to entry too.
    """
    refusals = []
    if facts.listed_on is not None and on < facts.listed_on:
        sentence = _("%(title)s takes learners from %(date)s.")
        refusals.append(_refusal("not-open-yet", str(sentence), facts, facts.listed_on))
    if facts.last_registration_on is not None and on > facts.last_registration_on:
        sentence = _("New learners could join %(title)s until %(date)s.")
        refusals.append(_refusal("closed-to-entry", str(sentence), facts, facts.last_registration_on))
    if facts.last_certification_on is not None and on > facts.last_certification_on:
        sentence = _("Certificates for %(title)s could be claimed until %(date)s.")
        refusals.append(_refusal("closed-to-certification", str(sentence), facts, facts.last_certification_on))
    return refusals


def why_not_confirmed(facts: LifecycleFacts, on: dt.date, confirmed: str) -> list[Refusal]:
    """Say why nobody can be registered before a person says how they know that entry is open (R16).

    Asked only where the last entry is not known and nothing else closes the version. `confirmed` is what they say, with
    where it is written; from 10 to 300 characters.
    """
    if facts.last_registration_on is not None or why_not_registrable(facts, on):
        return []
    said = confirmed.strip()
    if len(said) < SHORTEST_CONFIRMATION:
        words = say(
            "The last day of entry for %(title)s is not known. Say how you know that it still takes learners, and where"
            " that is written."
        )
        return [Refusal("entry-unknown", words % {"title": facts.title}, "entry_confirmed")]
    return too_long(said, "entry_confirmed", LONGEST_CONFIRMATION)


def asks_for_confirmation(facts: LifecycleFacts, on: dt.date) -> bool:
    """Say whether registering on that day needs somebody's word that entry is open."""
    return life_on(facts, on) == Life.NOT_KNOWN


def _refusal(code: str, sentence: str, facts: LifecycleFacts, last: dt.date) -> Refusal:
    return Refusal(code, sentence % {"title": facts.title, "date": written_out(last)}, "qualification")


def warnings_for(facts: LifecycleFacts, on: dt.date) -> list[Warned]:
    """Return what staff have to know about somebody still at work on this version; the hardest first (R16).

    From 12, 6 and 3 months before the last certificate; hard once nothing can be claimed, and hard from early July
    where the version ends in the days on which the awarding body's quality assurers visit nobody.
    """
    end = facts.last_certification_on
    if end is None:
        return []
    if on > end:
        words = say("Certificates could be claimed until %(date)s. Work can still be recorded, not claimed.")
        return [Warned("ended", words % {"date": written_out(end)}, hard=True)]
    return [*_no_visits(facts.awarding_body, end, on), *_nearing(end, on)]


def _nearing(end: dt.date, on: dt.date) -> Iterator[Warned]:
    for months in WARN_MONTHS:
        if on >= months_before(end, months):
            words = say("No more than %(months)d months are left: certificates can be claimed until %(date)s.")
            yield Warned(f"months-{months}", words % {"months": months, "date": written_out(end)})
            return


def _no_visits(awarding_body: str, end: dt.date, on: dt.date) -> Iterator[Warned]:
    if awarding_body not in NO_VISITS:
        return
    first, last, act_from = (dt.date(end.year, *day) for day in NO_VISITS[awarding_body])
    if not first <= end <= last or on < act_from:
        return
    facts = {"body": awarding_body, "first": written_out(first), "last": written_out(last), "date": written_out(end)}
    if on < first:
        words = say(
            "%(body)s’s quality assurers do not visit from %(first)s to %(last)s, and certificates end on"
            " %(date)s. Without direct claims a visit has to come before."
        )
    else:
        words = say(
            "%(body)s’s quality assurers do not visit before certificates end on %(date)s. Only a centre with direct"
            " claims can still claim."
        )
    yield Warned("no-visits", words % facts, hard=True)


def kind_words(facts: LifecycleFacts, on: dt.date) -> str:
    """Return what the learner reads about the end of their version, or nothing while it is far away (R16)."""
    end = facts.last_certification_on
    if end is None or on < months_before(end, max(WARN_MONTHS)):
        return ""
    if on > end:
        words = say("This qualification ended on %(date)s. Everything you did stays here to read.")
    else:
        words = say("This qualification ends on %(date)s. Ask your assessor for a plan that gets you there in time.")
    return words % {"date": written_out(end)}


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A certificate somebody wants to claim: when it was achieved, and what the record says about that."""

    version: LifecycleFacts
    registered_on: dt.date
    achieved_on: dt.date
    last_signed_on: dt.date | None  # the day of the last signature in the chain; None: nothing is signed


def why_not_claim(facts: ClaimFacts, on: dt.date) -> list[Refusal]:
    """Say why a certificate cannot be claimed on that day (R16); an empty list means its dates allow it.

    The day of the claim decides, not the day written as achievement: a version that has ended pays nothing out,
    however early the achievement is said to be. That day is held against the signatures as they stand in the chain.
    """
    refusals = []
    end = facts.version.last_certification_on
    if end is not None and on > end:
        sentence = say(
            "Certificates for %(title)s could be claimed until %(date)s. An earlier day of achievement does not change"
            " that."
        )
        words = sentence % {"title": facts.version.title, "date": written_out(end)}
        refusals.append(Refusal("certification-ended", words, "qualification"))
    return refusals + list(_back_dated(facts, on))


def _back_dated(facts: ClaimFacts, on: dt.date) -> Iterator[Refusal]:
    field = "achieved_on"
    if facts.achieved_on > on:
        yield Refusal("achieved-later", say("The day of achievement is still to come. Claim it on that day."), field)
    if facts.achieved_on < facts.registered_on:
        words = say("The learner was registered on %(date)s and cannot have achieved it before.")
        yield Refusal("achieved-before-entry", words % {"date": written_out(facts.registered_on)}, field)
    if facts.last_signed_on is None:
        yield Refusal("nothing-signed", say("No unit is signed off, so nothing is achieved yet."), field)
    elif facts.achieved_on < facts.last_signed_on:
        words = say("The last unit was signed off on %(date)s. The day of achievement cannot be before that.")
        yield Refusal("back-dated", words % {"date": written_out(facts.last_signed_on)}, field)


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the day so many calendar months earlier; the last of a month where that one is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    after = dt.date(years + month // 11, (month + 1) % 12 + 1, 1)
    return min(dt.date(years, month + 1, 1) + dt.timedelta(days=day.day - 1), after - dt.timedelta(days=1))


def written_out(day: dt.date) -> str:
    """Return a day as people write it: 31 August 2018."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
