"""May this be judged so? Pure: frozen facts in, reasons out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.enums import Verdict
from assessments.rules import confirming
from assessments.rules.asked import USUAL_CURRENCY_DAYS, Asked, Facts
from common.refusals import Refusal
from common.text import say
from portfolio.enums import DECIDED_MET, EvidenceState, MappingState
from qualifications.rules import not_counting

__all__ = [
    "JUDGEABLE",
    "LONGEST_FEEDBACK",
    "LONGEST_REASON",
    "USUAL_CURRENCY_DAYS",
    "Asked",
    "CountersignFacts",
    "Facts",
    "state_after",
    "why_not_countersign",
    "why_not_decide",
]

#: States of evidence in which an assessor may decide. ACCEPTED: a decision may be changed until a unit rests on it.
JUDGEABLE = frozenset({EvidenceState.IN_REVIEW, EvidenceState.ACCEPTED})
LONGEST_FEEDBACK = 8000
LONGEST_NEXT_ACTION = 300
LONGEST_REASON = 500


def why_not_decide(facts: Facts) -> list[Refusal]:
    """Return every reason against these verdicts (R8, R13, R49, R53, R54, R59, R61, R69, R70, R71, R77)."""
    standing = [*_standing(facts)]
    return standing or [
        *_evidence(facts),
        *_observation(facts),
        *_days(facts),
        *_each(facts),
        *confirming.why_not_confirmed(facts),
        *_words(facts),
    ]


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
            yield Refusal.of("unit-frozen", text, unit=title)
        yield from _overturned(facts)
    yield from _opened(facts)
    if not facts.files_open:
        yield Refusal(
            "files-closed", say("A file of this piece is still being checked. Judge it when it can be opened.")
        )
    if facts.in_situ and facts.any_met:
        yield from _inspection(facts)


def _overturned(facts: Facts) -> Iterable[Refusal]:
    """R6: the piece goes back as a whole, so somebody in training would undo alone what a qualified person accepted."""
    if facts.overturns:
        text = say(
            "Something in this piece is met, and a qualified assessor stands for it. "
            "Ask your countersigner or another qualified assessor to send it back."
        )
        yield Refusal("overturns", text)


def _opened(facts: Facts) -> Iterable[Refusal]:
    """R69: a decision needs somebody who has seen the evidence, and "met" somebody who has seen all of it."""
    if not facts.opened:
        yield Refusal("not-opened", say("Open the evidence first. A decision needs somebody who has seen it."))
    elif facts.any_met:
        for name in facts.unseen:
            text = say("Open “%(name)s” first. Nothing is met before all of it was seen.")
            yield Refusal.of("not-opened", text, name=name)


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
    if not facts.any_met:
        text = say("You say that you saw it at work, and nothing is met. Choose Met, or take the day away.")
        yield Refusal("observed-nothing", text, "observed_on")
    said = (facts.learner_setting, facts.confirmed_setting)
    if any(not_counting(said, one.allowed) for one in facts.asked if one.met):
        text = say("This was not real work, so it was not seen at work. Take the day away.")
        yield Refusal("observed-not-real", text, "observed_on")


def _days(facts: Facts) -> Iterable[Refusal]:
    """A day on which it was seen fits the activity and the registration, or its reason is said (R49, R71)."""
    if confirming.says_something(facts.days_note):
        return
    doubted = confirming.days_doubts(facts)
    if "observed_on" in doubted:
        text = say("The day you saw it is far from the day it happened, or before the registration. Say why.")
        yield Refusal("observed-doubtful", text, "days_note")
    if "inspected_on" in doubted:
        text = say("The day you saw it is before it happened, or before the registration. Say why.")
        yield Refusal("inspected-doubtful", text, "days_note")


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
        yield Refusal.of("unit-signed", text, one.mapping, code=one.code)
    if one.state in {MappingState.PROPOSED, MappingState.CLOSED}:
        text = say("%(code)s is no longer offered with this piece.")
        yield Refusal.of("mapping-closed", text, one.mapping, code=one.code)
    if one.met and one.does:
        said = (facts.learner_setting, facts.confirmed_setting)
        yield from confirming.why_not_real(one.code, one.mapping, said, one.allowed)
    if one.verdict == Verdict.NOT_YET and not one.reason.strip():
        text = say("Say what is missing for %(code)s, so that the learner knows what to do.")
        yield Refusal.of("no-reason", text, f"reason-{one.mapping}", code=one.code)
    if len(one.reason) > LONGEST_REASON:
        text = say("The note on %(code)s is too long. Keep it under 500 characters.")
        yield Refusal.of("long-reason", text, f"reason-{one.mapping}", code=one.code)


def _words(facts: Facts) -> Iterable[Refusal]:
    needs_text = facts.sending_back or any(a.verdict == Verdict.NOT_YET for a in facts.asked)
    if not re.search(r"\w", facts.feedback):
        if needs_text:
            yield Refusal("no-feedback", say("Write to the learner what to do next."), "feedback")
        elif facts.asked and not facts.answered_before:
            text = say("Write to the learner. Every piece gets a word, also when all of it is met.")
            yield Refusal("no-feedback", text, "feedback")
    if len(facts.feedback) > LONGEST_FEEDBACK:
        yield Refusal("long-feedback", say("The feedback is too long. Keep it under 8,000 characters."), "feedback")
    if facts.next_by is not None and facts.next_by < facts.today:
        yield Refusal("past-date", say("The day for the next step is in the past."), "next_by")


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
    registration_active: bool = True
    unseen: tuple[str, ...] = ()  # names of files of the version that were never shown to this person


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
        (
            not facts.registration_active,
            "registration-ended",
            say("This learner’s registration is not active, so nothing can be countersigned."),
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
    found = [Refusal(code, sentence, where) for holds, code, sentence, where in checks if holds]
    text = say("Open “%(name)s” first. A signature needs somebody who has seen all of it.")
    unseen = facts.unseen if facts.opened and facts.agrees else ()
    return [*found, *(Refusal.of("not-opened", text, name=name) for name in unseen)]
