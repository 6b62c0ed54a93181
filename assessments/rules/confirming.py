"""What an assessor stands for by saving "met": where it happened, the five words, its age, the days (R59, R61, R70)."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from assessments.enums import SettingDoubt, Vacsr
from assessments.rules.asked import Facts
from common.refusals import Refusal
from common.text import say
from qualifications.rules import not_counting

#: Words that make it likely that something was played, practised or taught. Data: add to it what centres find.
HINTS: Final = (
    "acted as a customer",
    "acted as the customer",
    "acted out",
    "acting as a customer",
    "acting as the customer",
    "acting out",
    "case studies",
    "case study",
    "classmate",
    "classmates",
    "classroom",
    "classrooms",
    "dry run",
    "dry runs",
    "dummy run",
    "dummy runs",
    "fictional",
    "fictitious",
    "imaginary",
    "in class",
    "made up customer",
    "made up customers",
    "mock",
    "mock up",
    "mock ups",
    "mocks",
    "not real work",
    "played a customer",
    "played the customer",
    "playing a customer",
    "playing the customer",
    "practice call",
    "practice calls",
    "practice session",
    "practice sessions",
    "practised",
    "pretend",
    "pretended",
    "pretending",
    "rehearsal",
    "rehearsals",
    "rehearse",
    "rehearsed",
    "rehearsing",
    "role play",
    "role played",
    "role player",
    "role playing",
    "role plays",
    "roleplay",
    "roleplayed",
    "roleplaying",
    "roleplays",
    "scenario",
    "scenarios",
    "simulate",
    "simulated",
    "simulates",
    "simulating",
    "simulation",
    "simulations",
    "trainer",
    "trainers",
    "training",
    "tutor",
    "tutors",
    "workshop",
    "workshops",
)
#: Signs that show nothing, and break a word for whoever looks for it: soft hyphens, zero widths, directions.
_UNSEEN: Final = "Cf"
_HINTED: Final = re.compile(r"\b(" + "|".join(re.escape(h) for h in sorted(HINTS, key=len, reverse=True)) + r")\b")
#: R71, abuse of dates: seen within so many days of the day it happened needs no further words.
NEAR_DAYS: Final = 31
#: A reason has at least so many letters and so many words: "x" says nothing.
FEWEST_LETTERS: Final = 10
FEWEST_WORDS: Final = 2
LONGEST_NOTE: Final = 1000


def says_something(text: str) -> bool:
    """Say whether a reason has words in it that somebody else could check."""
    words = re.findall(r"\w+", text)
    return len(words) >= FEWEST_WORDS and sum(len(word) for word in words) >= FEWEST_LETTERS


def hints_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words in these texts that hint at role-play or training, each once (R61).

    Whatever their letters look like: wide ones are read as usual ones, and what cannot be seen is left out.
    """
    found: dict[str, None] = {}
    for text in texts:
        seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != _UNSEEN)
        plain = " ".join(re.sub(r"[-_/‐‑‒–—−]+", " ", seen.casefold()).split())
        found |= dict.fromkeys(_HINTED.findall(plain))
    return tuple(found)


def setting_doubts(
    said: str, earlier: Iterable[str], written: Iterable[str], *, supported: bool, does: bool
) -> tuple[SettingDoubt, ...]:
    """Return why the learner's word on the setting cannot simply be confirmed (R61).

    `does`: the piece is for something about doing the job; only then it matters that nothing but words supports it.
    """
    holds = [
        (SettingDoubt.CHANGED, any(one != said for one in earlier if one)),
        (SettingDoubt.HINTED, bool(hints_in(written))),
        (SettingDoubt.UNSUPPORTED, does and not supported),
    ]
    return tuple(doubt for doubt, found in holds if found)


def why_old(day: dt.date | None, today: dt.date, registered_on: dt.date | None, limit: int) -> str:
    """Return a sentence that says why evidence of this day may not show what somebody can do today, or "" (R50, R59).

    A day exactly `limit` days ago is still current, and so is the day of the registration.
    """
    if day is None:
        return ""
    if (today - day).days > limit:
        return say("This is older than your centre's limit for evidence.")
    if registered_on is not None and day < registered_on:
        return say("This is from before the registration.")
    return ""


def why_not_confirmed(facts: Facts) -> list[Refusal]:
    """Return every reason against standing for "met" here (R59, R61, R70, R71); nothing where nothing is to be met."""
    if not facts.any_met:
        return [*_taken_off(facts), *_long(facts)]
    return [*_words(facts), *_setting(facts), *_currency(facts), *_long(facts)]


def _words(facts: Facts) -> Iterable[Refusal]:
    """R70: five answers for acceptance. One that is "no" accepts nothing, and says why."""
    if set(facts.vacsr) != set(Vacsr.values):
        yield Refusal("vacsr", say("Answer all five: valid, authentic, current, sufficient, reliable."), "vacsr")
        return
    for word in _off(facts):
        text = say(
            "You say that this is not %(word)s. Then nothing on it can be met: choose Not yet, or take that back."
        )
        yield Refusal.of("vacsr-off", text, "vacsr", word=str(Vacsr(word).label).lower())
    yield from _taken_off(facts)


def stood_for(facts: Facts) -> dict[str, bool]:
    """Return what is stored of the five words: all that saving "met" confirmed, else only those that were taken off."""
    return dict(facts.vacsr) if facts.any_met else dict.fromkeys(_off(facts), False)


def _taken_off(facts: Facts) -> Iterable[Refusal]:
    if _off(facts) and not says_something(facts.vacsr_note):
        yield Refusal("vacsr-note", say("One of the five is taken off. Say why, in a few words."), "vacsr_note")


def _off(facts: Facts) -> list[str]:
    return [word for word in Vacsr.values if facts.vacsr.get(word) is False]


def _setting(facts: Facts) -> Iterable[Refusal]:
    """R61: the assessor says where it happened; where it is in doubt, also how they know."""
    if not facts.confirmed_setting:
        yield Refusal("setting", say("Confirm where this happened."), "setting_confirmed")
    doubts = setting_doubts(
        facts.learner_setting,
        facts.earlier_settings,
        (*facts.written, facts.feedback),
        supported=facts.supported,
        does=facts.any_done,
    )
    if doubts and not says_something(facts.setting_basis):
        text = say("Say how you know where this happened: who was there, or what you saw or asked.")
        yield Refusal.of("setting-basis", text, "setting_basis", doubts=" ".join(doubts))


def _currency(facts: Facts) -> Iterable[Refusal]:
    old = why_old(facts.activity_on, facts.today, facts.registered_on, facts.currency_days)
    if old and not says_something(facts.currency_note):
        text = say("%(why)s Say why it still shows what the learner can do today.")
        yield Refusal.of("not-current", text, "currency_note", why=old)


def _long(facts: Facts) -> Iterable[Refusal]:
    notes = {
        "vacsr_note": facts.vacsr_note,
        "setting_basis": facts.setting_basis,
        "currency_note": facts.currency_note,
        "days_note": facts.days_note,
    }
    for name, text in notes.items():
        if len(text) > LONGEST_NOTE:
            yield Refusal("long-note", say("This note is too long. Keep it under 1,000 characters."), name)


def days_doubts(facts: Facts) -> list[str]:
    """Return the names of the days given that do not fit the activity and the registration (R49, R71)."""
    found = []
    seen, looked_at = facts.observed_on, facts.inspected_on if facts.in_situ else None
    if seen is not None and not _plausible(seen, facts, near=True):
        found.append("observed_on")
    if looked_at is not None and not _plausible(looked_at, facts, near=False):
        found.append("inspected_on")
    return found


def _plausible(day: dt.date, facts: Facts, *, near: bool) -> bool:
    """Say whether a day fits: within the registration; seen near the activity, or looked at once it was there."""
    if facts.registered_on is not None and day < facts.registered_on:
        return False
    if facts.activity_on is None or day > facts.today:  # a day to come is refused for itself
        return True
    gone = (day - facts.activity_on).days
    return abs(gone) <= NEAR_DAYS if near else gone >= 0


def why_not_real(code: str, mapping: str, said: Sequence[str], allowed: frozenset[str]) -> Iterable[Refusal]:
    """R61: competence is shown at work; neither the learner's word nor the assessor's alone opens the door."""
    if not_counting(said, allowed):
        text = say("%(code)s is about doing the job, and this was not real work. It cannot be met by this piece.")
        yield Refusal.of("not-real-work", text, mapping, code=code)
