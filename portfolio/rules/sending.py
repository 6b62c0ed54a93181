"""May this be sent to the assessor? (R49, R50, R54, R57, R58, R59, R60, R67)"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from common.refusals import Refusal, too_long
from common.text import count, say
from portfolio.enums import OPENABLE, AiUse, EvidenceKind, FileState
from portfolio.rules.linking import link_warnings
from portfolio.rules.saving import LENGTHS, WRITING

#: Kinds that may be writing alone; the others need a file or, in-situ, a place.
WRITTEN = frozenset({EvidenceKind.WRITING, EvidenceKind.STATEMENT, EvidenceKind.ASSIGNMENT, EvidenceKind.PRIOR})
#: Still on its way through our checks.
UNFINISHED = frozenset({FileState.RECEIVING, FileState.RECEIVED, FileState.CHECKING})
#: R50: a photo taken so many days from the day it is said to show deserves a second look.
FAR_DAYS = 7
#: R59: the usual limit of centres; a centre's own number takes its place.
USUAL_CURRENCY_DAYS = 2 * 365


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of the draft: its name, its state, and the day it was made, where the file says so."""

    name: str
    state: str
    captured_on: dt.date | None = None
    removed_before: bool = False  # the same bytes were removed: they show personal data of others


@dataclass(frozen=True, slots=True)
class SendFacts:
    """A draft as it would be frozen. Dates are days in Europe/London; `today` is the server's (R129)."""

    today: dt.date
    kind: str
    title: str = ""
    activity_date: dt.date | None = None
    setting: str = ""
    description: str = ""
    body: str = ""
    location: str = ""
    custodian: str = ""
    files: tuple[FileFact, ...] = ()
    mappings: int = 0
    unsure: bool = False
    frozen_units: tuple[str, ...] = ()  # titles of signed-off units that unsent criteria belong to
    stopped_units: tuple[str, ...] = ()  # the same, of units whose registration takes no work now (3.5)
    declared: bool = False
    no_customer_named: bool | None = None
    ai_use: str = ""
    ai_note: str = ""
    induction_to_read: bool = False  # the centre asks for it, and this learner has not read it yet (R41)
    currency_days: int = USUAL_CURRENCY_DAYS


def why_not_send(facts: SendFacts) -> list[Refusal]:
    """Return every reason against sending, in the order of the pages.

    The induction, files, what and when, criteria, declaration.
    `field` is a draft field, or "induction", "files", "criteria", "declared".
    """
    return [
        *_induction(facts),
        *_files(facts),
        *_content(facts),
        *_words(facts),
        *_lengths(facts),
        *_criteria(facts),
        *_declaration(facts),
    ]


def _induction(facts: SendFacts) -> Iterable[Refusal]:
    if facts.induction_to_read:
        words = say("Before you send for the first time, read what your rights are. Your draft is saved meanwhile.")
        yield Refusal("induction-missing", words, "induction")


def _files(facts: SendFacts) -> Iterable[Refusal]:
    for file in facts.files:
        if file.state in UNFINISHED:
            words = say(
                "“%(name)s” is still being checked. Nothing is lost; this takes a few seconds. Try again in a moment."
            )
            yield Refusal("file-unfinished", words % {"name": file.name}, "files")
        elif file.state not in OPENABLE:
            words = say("“%(name)s” cannot be used. Remove it, then send the rest.")
            yield Refusal("file-unusable", words % {"name": file.name}, "files")
        elif file.removed_before:
            words = say(
                "“%(name)s” was removed before, because it shows personal data. "
                "Take it out, cover that, then add it again."
            )
            yield Refusal("removed-before", words % {"name": file.name}, "files")


def _content(facts: SendFacts) -> Iterable[Refusal]:
    if facts.kind == EvidenceKind.IN_SITU:
        yield from _in_situ(facts)
    elif facts.kind in WRITTEN:
        if not facts.files and not facts.body.strip():
            yield Refusal("nothing-in-it", say("Write something or add a file: there is nothing in it yet."), "body")
    elif not facts.files:
        yield Refusal("nothing-in-it", say("Add a file: there is nothing in it yet."), "files")


def _in_situ(facts: SendFacts) -> Iterable[Refusal]:
    if not facts.location.strip():
        yield Refusal("no-location", say("Say where it is kept, so that your assessor can find it."), "location")
    if not facts.custodian.strip():
        yield Refusal("no-custodian", say("Say who looks after it and can show it to your assessor."), "custodian")


def _words(facts: SendFacts) -> Iterable[Refusal]:
    if not facts.title.strip():
        yield Refusal("no-title", say("Give it a short title."), "title")
    if facts.activity_date is None:
        yield Refusal("no-date", say("Say on which day it happened."), "activity_date")
    elif facts.activity_date > facts.today:
        yield Refusal("date-ahead", say("That day has not come yet. Check the date."), "activity_date")
    if not facts.setting:
        yield Refusal("no-setting", say("Say where it happened: real work, practice or a course."), "setting")
    if not facts.description.strip():
        yield Refusal("no-description", say("Say in a sentence or two what it shows."), "description")


def _lengths(facts: SendFacts) -> Iterable[Refusal]:
    """A draft keeps more than anybody reads; what is sent has an end."""
    texts = {"body": facts.body, "description": facts.description}
    for name in sorted(WRITING):
        yield from too_long(texts[name], name, LENGTHS[name])


def _criteria(facts: SendFacts) -> Iterable[Refusal]:
    if not facts.mappings and not facts.unsure:
        words = say("Choose at least one thing it shows, or say that you are not sure: then your assessor chooses.")
        yield Refusal("no-criteria", words, "criteria")
    for title in facts.frozen_units:
        words = say("“%(unit)s” has been signed off since. Take its things off this piece, then send it.")
        yield Refusal("unit-frozen", words % {"unit": title}, "criteria")
    for title in facts.stopped_units:
        words = say("“%(unit)s” takes nothing at the moment. Take its things off this piece, or send it later.")
        yield Refusal("unit-stopped", words % {"unit": title}, "criteria")


def _declaration(facts: SendFacts) -> Iterable[Refusal]:
    if facts.no_customer_named is None:
        words = say("Say whether anything in it names a customer or shows who they are.")
        yield Refusal("customer-unanswered", words, "no_customer_named")
    elif not facts.no_customer_named:
        words = say(
            "Take out or cover what shows who a customer is, and add the file again. Then answer that nothing does."
        )
        yield Refusal("customer-named", words, "no_customer_named")
    if facts.ai_use not in AiUse.values:
        yield Refusal("ai-unanswered", say("Say whether an AI tool helped you with it."), "ai_use")
    elif facts.ai_use == AiUse.ASSISTED and not facts.ai_note.strip():
        yield Refusal("ai-unexplained", say("Say in a few words how the AI tool helped."), "ai_note")
    if not facts.declared:
        yield Refusal("not-declared", say("Tick that this is your own work before you send it."), "declared")


def send_warnings(facts: SendFacts) -> list[Refusal]:
    """Return what deserves a second look but does not stop the sending (R50, R59, R67, R79)."""
    return [*_far(facts), *_old(facts), *_prior(facts), *link_warnings(facts.mappings)]


def _far(facts: SendFacts) -> Iterable[Refusal]:
    for file in facts.files:
        if file.captured_on and facts.activity_date and _days(file.captured_on, facts.activity_date) > FAR_DAYS:
            days = _days(file.captured_on, facts.activity_date)
            words = count(
                "“%(name)s” was made %(days)d day from the day you wrote. Check the date.",
                "“%(name)s” was made %(days)d days from the day you wrote. Check the date.",
                days,
            )
            yield Refusal("date-far", words % {"name": file.name, "days": days}, "activity_date")


def _old(facts: SendFacts) -> Iterable[Refusal]:
    if facts.activity_date and (facts.today - facts.activity_date).days > facts.currency_days:
        yield Refusal("date-old", _how_old(facts.currency_days), "activity_date")


def _how_old(limit: int) -> str:
    """Say it in whole years where the centre's limit is one, else in days."""
    years, rest = divmod(limit, 365)
    if rest:
        return say("This is more than %(n)d days old. Your assessor may ask for something newer.") % {"n": limit}
    words = count(
        "This is more than %(n)d year old. Your assessor may ask for something newer.",
        "This is more than %(n)d years old. Your assessor may ask for something newer.",
        years,
    )
    return words % {"n": years}


def _prior(facts: SendFacts) -> Iterable[Refusal]:
    """What comes from before is judged like anything else (R79): its age is the first question."""
    if facts.kind == EvidenceKind.PRIOR:
        words = say("This is from before you joined. Your assessor looks if it still shows what you can do today.")
        yield Refusal("from-before", words, "activity_date")


def _days(one: dt.date, other: dt.date) -> int:
    return abs((one - other).days)
