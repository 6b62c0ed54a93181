"""Who may look after which learner, and who may countersign for whom."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from centres.rules.apart import why_not_assurer, why_not_own, why_not_registrar
from centres.rules.people import why_not_dates
from common.refusals import Refusal
from common.text import say

LONGEST_REASON = 300
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AssessorFacts:
    """A person on the first day of an allocation: `assesses` as assessor or trainee; `countersigned` by somebody."""

    person_id: int
    name: str
    assesses: bool
    trainee: bool = False
    countersigned: bool = False


@dataclass(frozen=True, slots=True)
class AllocateFacts:
    """What decides about an allocation. `current` are the people who look after the learner then and would stop.

    `alongside`: the present assessors stay. `registration_open`: the registration it names is at work; true for all.
    """

    learner_person_id: int
    learner_name: str
    assessor: AssessorFacts | None
    starts_on: dt.date
    ends_on: dt.date | None
    today: dt.date
    reason: str
    current: frozenset[int] = frozenset()
    alongside: bool = False
    registration_open: bool = True
    registered_by: frozenset[int] = frozenset()  # who entered the learner for what they work on (section 4)
    exception: str = ""  # why whoever registered the learner looks after them all the same
    acting: int = 0  # the admin who acts (id of a person)
    assures: frozenset[str] = frozenset()  # titles of what the assessor quality-assures among the learner's
    own: bool = False  # the admin who acts is this learner


def why_not_allocate(facts: AllocateFacts) -> list[Refusal]:
    """Say why this assessor cannot look after this learner then (R6, R8, R13)."""
    return [
        *why_not_own(own=facts.own),
        *_why_not_assessor(facts),
        *_why_not_registrar(facts),
        *_why_not_registration(facts),
        *why_not_dates(facts.starts_on, facts.ends_on, facts.today),
        *_why_not_reason(facts),
    ]


def _why_not_assessor(facts: AllocateFacts) -> list[Refusal]:
    who = facts.assessor
    if who is None:
        return [Refusal("assessor-missing", say("Choose an assessor from the list."), "assessor")]
    words = {"name": who.name, "learner": facts.learner_name}
    if who.person_id == facts.learner_person_id:
        return [Refusal("own-assessor", say("Nobody assesses their own work. Choose somebody else."), "assessor")]
    if not who.assesses:
        return [Refusal("not-an-assessor", say("%(name)s is not an assessor on the first day.") % words, "assessor")]
    if who.person_id in facts.current:
        return [Refusal("same-assessor", say("%(name)s looks after %(learner)s already.") % words, "assessor")]
    if who.trainee and not who.countersigned:
        sentence = say("%(name)s is a trainee. Choose first who countersigns, on their own page.")
        return [Refusal("trainee-alone", sentence % words, "assessor")]
    return []


def _why_not_registrar(facts: AllocateFacts) -> list[Refusal]:
    who = facts.assessor
    if who is None:
        return []
    by_another = facts.acting not in {0, who.person_id}
    apart = why_not_registrar(
        who.person_id,
        facts.registered_by,
        who.name,
        facts.learner_name,
        exception=facts.exception,
        by_another=by_another,
    )
    return [*apart, *(why_not_assurer(who.name, facts.assures) if who.assesses and not apart else ())]


def _why_not_registration(facts: AllocateFacts) -> list[Refusal]:
    if facts.registration_open:
        return []
    sentence = say("Choose a qualification that %(learner)s is registered for now.") % {"learner": facts.learner_name}
    return [Refusal("registration-over", sentence, "registration")]


def _why_not_reason(facts: AllocateFacts) -> list[Refusal]:
    if facts.current and not facts.alongside and not facts.reason:
        return [Refusal("reason-missing", say("Say why the learner changes assessor."), "reason")]
    if len(facts.reason) > LONGEST_REASON:
        sentence = say("Use at most %(limit)d characters.") % {"limit": LONGEST_REASON}
        return [Refusal("too-long", sentence, "reason")]
    return []


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which nobody looks after a learner, both included; None: no end in sight."""

    starts_on: dt.date
    ends_on: dt.date | None


def first_gap(spans: Iterable[tuple[dt.date, dt.date | None]], day: dt.date) -> Gap | None:
    """Return the first days from `day` on that none of these spans (first and last day, None: no end) covers (R13).

    None: somebody looks after the learner on every one. It warns before the day comes on which nobody does.
    """
    alone, ordered = day, sorted(spans, key=lambda span: span[0])
    for first, last in ordered:
        if first > alone:
            return Gap(alone, first - ONE_DAY)
        if last is None:
            return None
        alone = max(alone, last + ONE_DAY)
    return Gap(alone, None)


@dataclass(frozen=True, slots=True)
class CountersignerFacts:
    """What decides about a countersigner, on the first day. `reverse`: the other way round is in force.

    `assured`: titles of qualifications in which the trainee looks after learners and which the countersigner
    quality-assures; `everything`: those are all of them.
    """

    trainee_id: int
    countersigner_id: int
    trainee_name: str
    countersigner_name: str
    trainee_in_training: bool
    countersigner_qualified: bool
    starts_on: dt.date
    today: dt.date
    already: bool = False
    reverse: bool = False
    assured: frozenset[str] = frozenset()
    everything: bool = False


def why_not_countersign_for(facts: CountersignerFacts) -> list[Refusal]:
    """Say why the one cannot countersign for the other: not a trainee, not qualified, oneself, each other (R6).

    Nor who quality-assures all that the trainee's learners do: they could countersign nothing of it (R8, section 4).
    """
    return [*islice(_between(facts), 1), *why_not_dates(facts.starts_on, None, facts.today)]


def _between(facts: CountersignerFacts) -> Iterator[Refusal]:
    """Yield what is wrong between the two people; the first is what is said."""
    field = "countersigner"
    words = {"name": facts.countersigner_name, "trainee": facts.trainee_name}
    if facts.trainee_id == facts.countersigner_id:
        yield Refusal("own-countersigner", say("Nobody countersigns their own decisions."), field)
    if not facts.trainee_in_training:
        sentence = say("%(trainee)s is not a trainee assessor on the first day.")
        yield Refusal("not-a-trainee", sentence % words, field)
    if facts.reverse:
        sentence = say("%(trainee)s countersigns for %(name)s. Two people never countersign for each other.")
        yield Refusal("each-other", sentence % words, field)
    if not facts.countersigner_qualified:
        sentence = say("%(name)s is not a qualified assessor on the first day.")
        yield Refusal("not-qualified", sentence % words, field)
    if facts.already:
        sentence = say("%(name)s countersigns for %(trainee)s already.")
        yield Refusal("already-countersigns", sentence % words, field)
    if facts.everything:
        sentence = say(
            "%(name)s quality-assures %(title)s, so they can countersign nothing for %(trainee)s. Choose somebody else."
        )
        yield Refusal("assurer-apart", sentence % {**words, "title": _listed(facts.assured)}, field)


def countersigner_warning(name: str, assured: Collection[str]) -> str:
    """Return what to know of a countersigner who quality-assures some of what the trainee's learners do; else "".

    Each countersignature there is refused (R8, section 4), so somebody else has to be named beside them.
    """
    if not assured:
        return ""
    words = say("%(name)s quality-assures %(title)s, so they countersign nothing there. Name somebody else as well.")
    return words % {"name": name, "title": _listed(assured)}


def _listed(titles: Collection[str]) -> str:
    return "; ".join(sorted(titles))


def why_not_end_link(starts_on: dt.date, ends_on: dt.date | None, on: dt.date, today: dt.date) -> list[Refusal]:
    """Say why a dated link cannot have `on` as its last day: over already, or in the past (R13)."""
    if ends_on is not None and ends_on < today:
        return [Refusal("already-over", say("This is over already."), "on")]
    if on < max(today, starts_on) - dt.timedelta(days=1):
        return [Refusal("ends-in-past", say("The last day is today or later."), "on")]
    if ends_on is not None and on > ends_on:
        return [Refusal("ends-later", say("It ends before that day."), "on")]
    return []
