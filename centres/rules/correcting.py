"""May a learner's record be corrected like this, and what happens to their learner number (R27, R29 to R33)?

A record is corrected, never handed on: the spelling of a name is an edit, another name needs proof that somebody saw,
and a name and a date of birth do not change together, for that would be another person.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from centres import uln
from centres.enums import NUMBERED, ULN_STEPS, Demographic, UlnStatus
from centres.rules.identifiers import (
    tidied_candidate,
    tidied_uci,
    why_not_another_number,
    why_not_identifiers,
)
from centres.rules.identity import (
    LONGEST_WORKPLACE,
    plain,
    why_not_born,
    why_not_gender,
    why_not_name,
    why_not_uln,
)
from centres.rules.likeness import is_same_name, letters
from centres.rules.registering import Known, known_already, number_taken
from common.refusals import Refusal, too_long
from common.text import say

SHORTEST_REASON, LONGEST_REASON, LONGEST_PROOF, LONGEST_NOTICE = 10, 300, 200, 60
#: A name and a date of birth that change within so many days change together.
APART = dt.timedelta(days=90)
#: Nobody had a unique learner number before.
FIRST_NUMBERS_ON = dt.date(2007, 1, 1)


@dataclass(frozen=True, slots=True)
class Record:
    """What a centre keeps of a learner, tidied. `uln` is "" where there is none yet: then the reason says why (R30)."""

    given_names: str
    family_name: str
    date_of_birth: dt.date
    gender: str
    workplace: str = ""
    uln: str = ""
    uln_missing_reason: str = ""
    candidate_number: str = ""
    ocr_number: str = ""
    uci: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """Return both parts of the name."""
        return self.given_names, self.family_name

    @property
    def person(self) -> tuple[str, str, dt.date, str]:
        """Return what the Learning Records Service compares and this centre keeps (R31)."""
        return (*self.name, self.date_of_birth, self.gender)


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody saw that says so: which paper, who saw it, on which day. All empty where none was needed."""

    what: str = ""
    seen_by: str = ""
    seen_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CorrectFacts:
    """What decides about a correction.

    `registered`: a registration of theirs goes on or is complete, or something was signed in it (R27).
    `proven`: the name as it was registered, or last changed with proof: spelling is measured from there, so that many
    small steps lead nowhere. `renamed_lately`, `reborn_lately`: another name, or another birthday, within `APART`.
    `taken`: which other learner of the centre has a number of this record, by its column. `earlier_ocr`: OCR numbers
    that stand or stood here, and `another_number`: whoever corrects it knows that those were wrong (R28).
    """

    before: Record
    after: Record
    proven: tuple[str, str]
    reason: str
    proof: Proof
    today: dt.date
    own: bool = False
    registered: bool = True
    renamed_lately: bool = False
    reborn_lately: bool = False
    taken: Mapping[str, Known] = field(default_factory=dict)
    same_name: Known | None = None
    another_person: bool = False
    earlier_ocr: frozenset[str] = frozenset()
    another_number: bool = False

    @property
    def renamed(self) -> bool:
        """Say whether the name is another one, not the same spelled otherwise. Its parts may swap places."""
        if self.after.name == self.before.name:
            return False
        mine = [letters(part) for part in self.after.name]
        swapped = mine == [letters(part) for part in reversed(self.proven)]
        return not swapped and not is_same_name(self.proven, self.after.name)

    @property
    def reborn(self) -> bool:
        """Say whether the date of birth changes."""
        return self.after.date_of_birth != self.before.date_of_birth

    @property
    def needs_proof(self) -> bool:
        """Say whether somebody has to have seen a paper that says so (R27)."""
        return self.renamed or self.reborn


def tidied_record(record: Record) -> Record:
    """Return a record as it is stored: texts plain, number without spaces, no reason beside a number (R27, R30)."""
    number = uln.tidy(record.uln)
    return replace(
        record,
        given_names=plain(record.given_names),
        family_name=plain(record.family_name),
        workplace=plain(record.workplace),
        uln=number,
        uln_missing_reason="" if number else plain(record.uln_missing_reason),
        candidate_number=tidied_candidate(record.candidate_number),
        ocr_number=uln.tidy(record.ocr_number),
        uci=tidied_uci(record.uci),
    )


def changes(before: Record, after: Record) -> list[dict[str, str]]:
    """Return what changes, a row a field: its name, what it was, what it is now."""
    found = []
    for one in fields(Record):
        was, now = str(getattr(before, one.name)), str(getattr(after, one.name))
        if was != now:
            found.append({"field": one.name, "from": was, "to": now})
    return found


def why_not_correct(facts: CorrectFacts) -> list[Refusal]:
    """Say why this record cannot be corrected like this (R27, R29, R30): one's own, another person, no proof."""
    if facts.own:
        words = say("This is your own record. Another admin has to correct it; nothing is changed.")
        return [Refusal("own-record", words)]
    if facts.before == facts.after:
        return [Refusal("nothing-changed", say("Nothing is different from what stands here already."))]
    return [
        *_fields(facts.after, facts.today),
        *_same_person(facts),
        *_alone(facts),
        *_another_number(facts),
        *_reason(facts.reason),
        *(_proof(facts.proof, facts.after.date_of_birth, facts.today) if facts.needs_proof else ()),
    ]


def _fields(record: Record, today: dt.date) -> list[Refusal]:
    return [
        *why_not_name(record.given_names, "given_names"),
        *why_not_name(record.family_name, "family_name"),
        *why_not_born(record.date_of_birth, today),
        *why_not_gender(record.gender),
        *why_not_uln(record.uln, record.uln_missing_reason),
        *why_not_identifiers(record.candidate_number, record.ocr_number, record.uci),
        *too_long(record.workplace, "workplace", LONGEST_WORKPLACE),
    ]


def _same_person(facts: CorrectFacts) -> Iterator[Refusal]:
    """A registration is never handed on to somebody else by changing who they are (R27)."""
    if not facts.registered:
        return
    if facts.reborn and facts.after.name != facts.before.name:
        words = say(
            "Name and date of birth together make another person. Withdraw this learner and register the other"
            " one; nothing is changed."
        )
        yield Refusal("another-person", words, "date_of_birth")
    elif (facts.reborn and facts.renamed_lately) or (facts.renamed and facts.reborn_lately):
        words = say(
            "Name and date of birth both changed within %(days)d days: that makes another person. Withdraw this learner"
            " and register the other one; nothing is changed."
        )
        yield Refusal("another-person-in-steps", words % {"days": APART.days}, "date_of_birth")


def _another_number(facts: CorrectFacts) -> Iterator[Refusal]:
    """What was answered when a number was typed is not asked again while it stands (R28)."""
    if facts.after.ocr_number != facts.before.ocr_number:
        yield from why_not_another_number(facts.after.ocr_number, facts.earlier_ocr, confirmed=facts.another_number)


def _alone(facts: CorrectFacts) -> Iterator[Refusal]:
    """No two learners of a centre have one number, or unseen one name and birthday (R25, R28, R29)."""
    for column, known in facts.taken.items():
        yield number_taken(column, known)
    if facts.same_name is not None and not facts.another_person:
        words = say("%(name)s, born on the same day, is a learner here already.")
        yield known_already("same-name", words, facts.same_name, "family_name")


def _reason(reason: str) -> Iterator[Refusal]:
    if len(reason) < SHORTEST_REASON:
        yield Refusal(
            "no-reason", say("Say in a sentence why the record is corrected. The learner reads it."), "reason"
        )
    yield from too_long(reason, "reason", LONGEST_REASON)


def _proof(proof: Proof, born: dt.date, today: dt.date) -> Iterator[Refusal]:
    if not proof.what:
        words = say("Another name or date of birth needs proof. Say what you saw: a passport, a marriage certificate.")
        yield Refusal("no-proof", words, "proof")
    yield from too_long(proof.what, "proof", LONGEST_PROOF)
    if not proof.seen_by:
        yield Refusal("no-proof-by", say("Say who saw it."), "proof_seen_by")
    yield from too_long(proof.seen_by, "proof_seen_by", LONGEST_PROOF)
    if proof.seen_on is None or not born <= proof.seen_on <= today:
        words = say("Say on which day it was seen: neither a day to come, nor one before the learner was born.")
        yield Refusal("no-proof-day", words, "proof_seen_on")


# --- the learner number -----------------------------------------------------------------------------------------------


def status_after(status: UlnStatus, before: Record, after: Record) -> UlnStatus:
    """Return where the learner number stands after a correction (R31).

    Another number has the right form and no more. A number that was compared with the Learning Records Service is to be
    compared again once anything changes that the service compares.
    """
    if not after.uln:
        return status if status not in NUMBERED else UlnStatus.NONE
    if after.uln != before.uln or (status in NUMBERED and after.person != before.person):
        return UlnStatus.FORMAT_OK
    return status


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What decides about a step of a learner number. `day`: when it was asked for, or compared.

    `notice`, `notice_on`: which privacy notice the learner was shown, and when (R33). `changed_on`: when something that
    is compared was last corrected.
    """

    status: UlnStatus
    to: str
    today: dt.date
    day: dt.date | None
    own: bool = False
    notice: str = ""
    notice_on: dt.date | None = None
    fields: tuple[str, ...] = ()
    changed_on: dt.date | None = None


def why_not_step(facts: NumberFacts) -> list[Refusal]:
    """Say why a learner number cannot take this step: its order, the privacy notice, what differs (R31, R33)."""
    if facts.own:
        words = say("This is your own record. Another admin has to do it; nothing is changed.")
        return [Refusal("own-record", words)]
    if facts.to not in {UlnStatus.REQUESTED, UlnStatus.VERIFIED, UlnStatus.MISMATCH} or (
        facts.to not in ULN_STEPS[facts.status]
    ):
        words = say("The learner number cannot take this step from “%(status)s”. Look at it as it stands now.")
        return [Refusal("number-step", words % {"status": facts.status.label}, "step")]
    return [*_day(facts), *(_notice(facts) if facts.to == UlnStatus.REQUESTED else _compared(facts))]


def _day(facts: NumberFacts) -> Iterator[Refusal]:
    if facts.day is None or not FIRST_NUMBERS_ON <= facts.day <= facts.today:
        words = say("Say on which day: neither a day to come, nor one before there were learner numbers.")
        yield Refusal("number-day", words, "day")


def _notice(facts: NumberFacts) -> Iterator[Refusal]:
    if not facts.notice:
        words = say(
            "Before a number is asked for, the learner is shown the privacy notice of the Learning Records Service. Say"
            " which one it was."
        )
        yield Refusal("no-notice", words, "notice")
    yield from too_long(facts.notice, "notice", LONGEST_NOTICE)
    if facts.notice_on is None or not FIRST_NUMBERS_ON <= facts.notice_on <= (facts.day or facts.today):
        words = say("Say on which day the learner was shown it: no later than the number was asked for.")
        yield Refusal("no-notice-day", words, "notice_on")


def _compared(facts: NumberFacts) -> Iterator[Refusal]:
    if facts.day is not None and facts.changed_on is not None and facts.day < facts.changed_on:
        words = say(
            "The record was corrected after that day, so what was compared then is not what stands here now. Compare it"
            " again, and type that day."
        )
        yield Refusal("number-day-before", words, "day")
    unknown = [one for one in facts.fields if one not in Demographic.values]
    if facts.to == UlnStatus.MISMATCH and (unknown or not facts.fields):
        yield Refusal("no-field", say("Choose what differs: the learner and the service have to be asked."), "fields")
