"""What has to be on record first: approval (R1), identity (R37), induction (R41); and a centre's policy about it."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from centres.enums import ApprovalStatus, IdDocument, IdMethod
from common.refusals import Refusal, too_long
from common.text import say

LONGEST_NUMBER: Final = 40
LONGEST_LETTER: Final = 4000
LONGEST_NOTE: Final = 500
SHORTEST_REASON: Final = 10
#: How old evidence may be before its age is asked about: from a month to ten years.
CURRENCY: Final = (30, 3650)
#: So long before its last day an approval asks to be looked after (R1).
ENDS_SOON: Final = dt.timedelta(days=92)
#: The version of what a learner is told at the start; the words stand in the template of this name.
INDUCTION: Final = "induction-1"
#: What the learner ticks, one by one. Without the first two nothing is sent (R41).
PARTS: Final = ("appeals", "malpractice", "rest")


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """The newest thing on record about the approval for a qualification. `status` empty: nothing is on record."""

    asked: bool = False  # the centre's policy asks for it
    title: str = ""
    status: str = ""
    approved_on: dt.date | None = None
    lapses_on: dt.date | None = None

    def state(self, today: dt.date) -> str:
        """Return missing, suspended, withdrawn, later, lapsed, ending or active."""
        if not self.status or self.approved_on is None:
            return "missing"
        if self.status != ApprovalStatus.APPROVED:
            return self.status
        if self.approved_on > today:
            return "later"
        if self.lapses_on is not None and self.lapses_on < today:
            return "lapsed"
        return "ending" if self.lapses_on is not None and self.lapses_on - today <= ENDS_SOON else "active"


def why_not_approved(facts: ApprovalFacts, starts_on: dt.date, today: dt.date) -> list[Refusal]:
    """Say why nobody is registered for this qualification here: no active approval on that day (R1)."""
    if not facts.asked:
        return []
    state = facts.state(today)
    if state in {"missing", "later"}:
        words = say(
            "The approval of your centre for %(title)s is not on record. Nobody is registered yet. "
            "Record it under Rules, Approvals; then register."
        )
        return [_approval("not-approved", words, facts)]
    if state in {ApprovalStatus.SUSPENDED, ApprovalStatus.WITHDRAWN}:
        words = say(
            "The approval of your centre for %(title)s is suspended or withdrawn. Nobody is registered yet. "
            "Ask the awarding body; when it approves again, record that under Rules, Approvals."
        )
        return [_approval("approval-ended", words, facts)]
    if state == "lapsed":
        words = say(
            "The approval of your centre for %(title)s has lapsed. Nobody is registered yet. "
            "Ask the awarding body to renew it, and record that under Rules, Approvals."
        )
        return [_approval("approval-lapsed", words, facts)]
    return list(_first_day(facts, starts_on))


def _first_day(facts: ApprovalFacts, starts_on: dt.date) -> Iterable[Refusal]:
    if facts.approved_on is not None and starts_on < facts.approved_on:
        words = say("Your centre was approved for %(title)s after this first day. Choose a later first day.")
        yield Refusal("approval-later", words % {"title": facts.title}, "starts_on")
    if facts.lapses_on is not None and facts.lapses_on < starts_on:
        words = say(
            "The approval of your centre for %(title)s ends before this first day. "
            "Choose an earlier first day, or record first that it was renewed."
        )
        yield Refusal("approval-ends-first", words % {"title": facts.title}, "starts_on")


def _approval(code: str, words: str, facts: ApprovalFacts) -> Refusal:
    return Refusal(code, words % {"title": facts.title}, "qualification")


@dataclass(frozen=True, slots=True)
class ApprovalSaid:
    """What the office records of an awarding body's letter."""

    number: str
    status: str
    approved_on: dt.date
    lapses_on: dt.date | None
    letter: str


def why_not_record_approval(said: ApprovalSaid, today: dt.date) -> list[Refusal]:
    """Say what is missing or cannot be: the number, the letter, a day to come, days out of order (R1)."""
    found = []
    if not said.number:
        found.append(Refusal("number-missing", say("Type the number that the awarding body gave it."), "number"))
    found += too_long(said.number, "number", LONGEST_NUMBER)
    if said.status not in ApprovalStatus.values:
        found.append(Refusal("status-unknown", say("Choose what the awarding body says."), "status"))
    if said.approved_on > today:
        found.append(Refusal("approved-ahead", say("That day has not come yet. Record it then."), "approved_on"))
    if said.lapses_on is not None and said.lapses_on < said.approved_on:
        found.append(Refusal("lapses-first", say("The last day comes after the day of approval."), "lapses_on"))
    if not said.letter:
        words = say("Copy what the letter says, so that anybody can check it.")
        found.append(Refusal("letter-missing", words, "letter"))
    return [*found, *too_long(said.letter, "letter", LONGEST_LETTER)]


@dataclass(frozen=True, slots=True)
class IdentitySeen:
    """What somebody saw of a learner, how and when. `matches`: name and photo are the learner's."""

    document: str
    method: str
    seen_on: dt.date
    matches: bool
    note: str = ""


def why_not_identify(seen: IdentitySeen, *, own: bool, today: dt.date, born: dt.date = dt.date.min) -> list[Refusal]:
    """Say why this cannot be recorded: one's own, a day that cannot be, nothing said where words are needed (R37)."""
    if own:
        words = say("This is about yourself as a learner. Somebody else has to see your document.")
        return [Refusal("own-identity", words)]
    found = []
    if seen.document not in IdDocument.values:
        found.append(Refusal("document-unknown", say("Choose what you saw."), "document"))
    if seen.method not in IdMethod.values:
        found.append(Refusal("method-unknown", say("Choose how you saw it."), "method"))
    if seen.seen_on > today:
        found.append(
            Refusal("seen-ahead", say("That day has not come yet. Record it when you have seen it."), "seen_on")
        )
    if seen.seen_on < born:
        words = say("The learner was not born on that day. Look at the year again.")
        found.append(Refusal("seen-before-birth", words, "seen_on"))
    if not seen.note and seen.document == IdDocument.OTHER:
        found.append(Refusal("note-missing", say("Say which document it was, without its number."), "note"))
    elif not seen.note and not seen.matches:
        found.append(Refusal("note-missing", say("Say what does not match. Your centre will look into it."), "note"))
    return [*found, *too_long(seen.note, "note", LONGEST_NOTE)]


def why_not_acknowledge(ticked: Collection[str]) -> list[Refusal]:
    """Say which part of the induction is not acknowledged yet (R41)."""
    words = say("Tick it when you have read this part.")
    return [Refusal("not-acknowledged", words, part) for part in PARTS if part not in ticked]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a centre asks for before an act, and how old evidence may be before its age is asked about."""

    asks_approval: bool = True
    asks_identity: bool = True
    asks_induction: bool = True
    currency_days: int = 2 * 365


def why_not_change_policy(now: Policy, wanted: Policy, reason: str) -> list[Refusal]:
    """Say why the policy cannot become this one: nothing changes, an age nobody means, no reason."""
    return [*_policy(now, wanted), *_reason(reason)]


def _policy(now: Policy, wanted: Policy) -> Iterable[Refusal]:
    low, high = CURRENCY
    if not low <= wanted.currency_days <= high:
        words = say("Type a number of days from %(low)d to %(high)d.") % {"low": low, "high": high}
        yield Refusal("currency-range", words, "currency_days")
    elif now == wanted:
        yield Refusal("policy-same", say("Nothing is different yet. Change something, then save."))


def _reason(reason: str) -> Iterable[Refusal]:
    if len(reason) < SHORTEST_REASON:
        words = say("Say in a sentence why it changes. Quality assurers read it.")
        yield Refusal("reason-missing", words, "reason")
    yield from too_long(reason, "reason", LONGEST_NOTE)
