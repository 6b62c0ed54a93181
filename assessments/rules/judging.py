"""May this be judged so? Pure: frozen facts in, reasons out."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assessments.enums import Vacsr, Verdict
from common.refusals import Refusal
from common.text import say
from portfolio.enums import DECIDED_MET, NOT_REAL, EvidenceState, MappingState
from qualifications.enums import Kind

#: States of evidence in which an assessor may decide. ACCEPTED: a decision may be changed until a unit rests on it.
JUDGEABLE = frozenset({EvidenceState.IN_REVIEW, EvidenceState.ACCEPTED})
LONGEST_FEEDBACK = 8000
LONGEST_NEXT_ACTION = 300
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """One verdict that an assessor wants to give."""

    mapping: str  # public id, names the form field
    code: str  # "6.2.3", as the person sees it
    verdict: str
    reason: str
    kind: str  # of the criterion
    unit_frozen: bool
    state: str  # of the mapping, now


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether these verdicts may be given. Dates are days in Europe/London."""

    own_evidence: bool
    allocated: bool
    registration_active: bool
    state: str
    is_latest_version: bool
    opened: bool
    files_open: bool
    in_situ: bool
    today: dt.date
    learner_setting: str
    confirmed_setting: str = ""
    inspected_on: dt.date | None = None
    observed_on: dt.date | None = None
    vacsr: Mapping[str, bool] = field(default_factory=dict)
    vacsr_note: str = ""
    feedback: str = ""
    next_by: dt.date | None = None
    asked: tuple[Asked, ...] = ()
    sending_back: bool = False
    rests_on: tuple[str, ...] = ()  # titles of signed units that rest on this piece


def why_not_decide(facts: Facts) -> list[Refusal]:
    """Return every reason against these verdicts (R8, R13, R49, R53, R54, R61, R69, R70, R77)."""
    standing = [*_standing(facts)]
    return standing or [*_evidence(facts), *_observation(facts), *_each(facts), *_words(facts)]


def _standing(facts: Facts) -> Iterable[Refusal]:
    if facts.own_evidence:
        yield Refusal("own-evidence", say("This is your own evidence. Another assessor has to judge it."))
    if not facts.allocated:
        yield Refusal(
            "not-allocated", say("This learner is not in your caseload today. Ask your centre to allocate them to you.")
        )
    if not facts.registration_active:
        yield Refusal("registration-ended", say("This learner's registration is not active, so nothing can be judged."))


def _evidence(facts: Facts) -> Iterable[Refusal]:
    if facts.state == EvidenceState.WITHDRAWN:
        yield Refusal(
            "withdrawn", say("The learner has withdrawn this piece. Your text is kept below for you to copy.")
        )
    elif not facts.is_latest_version:
        yield Refusal("old-version", say("The learner has sent a newer version. Open it; your text is kept."))
    elif facts.state not in JUDGEABLE:
        yield Refusal("not-with-you", say("This piece is not with you at the moment. Your text is kept."))
    if facts.sending_back:
        text = say("“%(unit)s” is signed and rests on this piece. Reopen the unit before you send it back.")
        for title in facts.rests_on:
            yield Refusal("unit-frozen", text % {"unit": title})
    if not facts.opened:
        yield Refusal("not-opened", say("Open the evidence first. A decision needs somebody who has seen it."))
    if not facts.files_open:
        yield Refusal(
            "files-closed", say("A file of this piece is still being checked. Judge it when it can be opened.")
        )
    if facts.in_situ and _any_met(facts):
        yield from _inspection(facts)


def _inspection(facts: Facts) -> Iterable[Refusal]:
    if facts.inspected_on is None:
        yield Refusal("not-inspected", say("Say on which day you saw it where it is kept."), "inspected_on")
    elif facts.inspected_on > facts.today:
        yield Refusal("inspected-later", say("The day you saw it cannot be in the future."), "inspected_on")


def _observation(facts: Facts) -> Iterable[Refusal]:
    """What an assessor saw at work: on a day that has been, for something met, and not in a simulation (R71, R61)."""
    if facts.observed_on is None:
        return
    if facts.observed_on > facts.today:
        yield Refusal("observed-later", say("The day you saw it at work cannot be in the future."), "observed_on")
    if not _any_met(facts):
        text = say("You say that you saw it at work, and nothing is met. Choose Met, or take the day away.")
        yield Refusal("observed-nothing", text, "observed_on")
    if {facts.learner_setting, facts.confirmed_setting} & NOT_REAL:
        text = say("This was not real work, so it was not seen at work. Take the day away.")
        yield Refusal("observed-not-real", text, "observed_on")


def _each(facts: Facts) -> Iterable[Refusal]:
    if not facts.asked and not facts.sending_back:
        yield Refusal(
            "nothing-decided", say("Nothing is decided yet. Choose Met or Not yet for at least one criterion.")
        )
    for one in facts.asked:
        yield from _one(one, facts)


def _one(one: Asked, facts: Facts) -> Iterable[Refusal]:
    if one.unit_frozen:
        text = say("%(code)s belongs to a unit that is signed. Reopen the unit before you change a decision.")
        yield Refusal("unit-signed", text % {"code": one.code}, one.mapping)
    if one.state in {MappingState.PROPOSED, MappingState.CLOSED}:
        text = say("%(code)s is no longer offered with this piece.")
        yield Refusal("mapping-closed", text % {"code": one.code}, one.mapping)
    if one.verdict == Verdict.MET and one.kind == Kind.COMPETENCE:
        yield from _really_done(one, facts)
    if one.verdict == Verdict.NOT_YET and not one.reason.strip():
        text = say("Say what is missing for %(code)s, so that the learner knows what to do.")
        yield Refusal("no-reason", text % {"code": one.code}, f"reason-{one.mapping}")
    if len(one.reason) > LONGEST_REASON:
        text = say("The note on %(code)s is too long. Keep it under 500 characters.")
        yield Refusal("long-reason", text % {"code": one.code}, f"reason-{one.mapping}")


def _really_done(one: Asked, facts: Facts) -> Iterable[Refusal]:
    """R61: competence is shown at work; neither the learner's word nor the assessor's alone opens the door."""
    if {facts.learner_setting, facts.confirmed_setting} & NOT_REAL:
        text = say("%(code)s is about doing the job, and this was not real work. It cannot be met by this piece.")
        yield Refusal("not-real-work", text % {"code": one.code}, one.mapping)


def _words(facts: Facts) -> Iterable[Refusal]:
    if _any_met(facts):
        yield from _stands_for(facts)
    needs_text = facts.sending_back or any(a.verdict == Verdict.NOT_YET for a in facts.asked)
    if needs_text and not facts.feedback.strip():
        yield Refusal("no-feedback", say("Write to the learner what to do next."), "feedback")
    if len(facts.feedback) > LONGEST_FEEDBACK:
        yield Refusal("long-feedback", say("The feedback is too long. Keep it under 8,000 characters."), "feedback")
    if facts.next_by is not None and facts.next_by < facts.today:
        yield Refusal("past-date", say("The day for the next step is in the past."), "next_by")


def _stands_for(facts: Facts) -> Iterable[Refusal]:
    """R70: five answers for acceptance, and words where one is no; R61: the setting confirmed by the assessor."""
    if set(facts.vacsr) != set(Vacsr.values):
        yield Refusal("vacsr", say("Answer all five: valid, authentic, current, sufficient, reliable."), "vacsr")
    elif not all(facts.vacsr.values()) and not facts.vacsr_note.strip():
        yield Refusal(
            "vacsr-note", say("One of the five is taken off. Say why you still accept this piece."), "vacsr_note"
        )
    if not facts.confirmed_setting:
        yield Refusal("setting", say("Confirm where this happened."), "setting_confirmed")


def _any_met(facts: Facts) -> bool:
    return any(a.verdict == Verdict.MET for a in facts.asked)


def state_after(mappings: Iterable[str], *, sending_back: bool) -> EvidenceState:
    """Return where the evidence goes when its mappings are in these states (3.1).

    Sent back: RETURNED. Something still undecided: stays IN_REVIEW. All decided: ACCEPTED with one met, else RETURNED.
    """
    states = {MappingState(c) for c in mappings} - {MappingState.CLOSED, MappingState.PROPOSED}
    if sending_back:
        return EvidenceState.RETURNED
    if MappingState.OFFERED in states or not states:
        return EvidenceState.IN_REVIEW
    if states & DECIDED_MET:
        return EvidenceState.ACCEPTED
    return EvidenceState.RETURNED


@dataclass(frozen=True, slots=True)
class CountersignFacts:
    """What decides about a countersignature on a trainee's decision (R6, R8)."""

    own_decision: bool
    own_evidence: bool
    is_countersigner: bool
    is_trainee: bool
    opened: bool
    still_open: bool
    agrees: bool
    reason: str
    unit_signed: bool = False


def why_not_countersign(facts: CountersignFacts) -> list[Refusal]:
    """Return every reason against countersigning this decision (R6, R8, R69)."""
    checks = [
        (facts.own_decision, "own-decision", say("You made this decision. Somebody else has to countersign it."), ""),
        (
            facts.own_evidence,
            "own-evidence",
            say("This is your own evidence. Somebody else has to countersign it."),
            "",
        ),
        (
            not facts.is_countersigner or facts.is_trainee,
            "not-countersigner",
            say("You are not this trainee's countersigner today. Ask your centre to name you."),
            "",
        ),
        (
            facts.unit_signed,
            "unit-signed",
            say("The unit is signed, so nothing in it changes. Reopen the unit first."),
            "",
        ),
        (not facts.still_open, "not-open", say("This decision no longer waits for a countersignature."), ""),
        (
            not facts.opened,
            "not-opened",
            say("Open the evidence first. A signature needs somebody who has seen it."),
            "",
        ),
        (
            not facts.agrees and not facts.reason.strip(),
            "no-reason",
            say("Say why you do not agree, so that the trainee can learn from it."),
            "reason",
        ),
    ]
    return [Refusal(code, sentence, where) for holds, code, sentence, where in checks if holds]
