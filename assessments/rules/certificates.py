"""Does what stands on a certificate fit the unit it is to stand for (R19, R79)?

By the reference, never by words: the unit's own, or one that somebody documented as equivalent with its source. And by
the day: it was not awarded before the learner or such units were there, nor after the registration was over.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assessments.enums import StandsBy
from common.refusals import Refusal
from common.text import count, say
from qualifications.rules.references import looks_like_reference, reference_is_plausible, written_reference
from qualifications.rules.sameness import Equivalent

#: Units with references of this form were first accredited when the framework of credit was tried, in 2006.
FIRST_UNITS_ON = dt.date(2006, 1, 1)
SHORTEST_REASON, LONGEST_REASON, LONGEST_NUMBER = 10, 300, 60


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands on a certificate, and where somebody checked it."""

    awarding_body: str
    unit_reference: str
    unit_title: str
    awarded_on: dt.date
    certificate_number: str
    checked_at: str


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What a certificate is compared with. `own`: the unit's reference, "" where it is not known; `accepted`: all."""

    own: str
    accepted: tuple[Equivalent, ...]
    born_on: dt.date
    ends_on: dt.date | None
    today: dt.date


@dataclass(frozen=True, slots=True)
class Reuse:
    """Another use of the same certificate number in this centre, and what somebody says about it.

    `others`: how many there are; `reason`: why it is right all the same, to be judged by the second person.
    """

    others: int = 0
    reason: str = ""


#: A number that stands nowhere else.
ONCE = Reuse()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a certificate stands for a unit: by which kind of reference, and where an equivalence is written."""

    by: StandsBy = StandsBy.NOT_COMPARED
    source: str = field(default="")


def number_key(number: str) -> str:
    """Return a certificate's number as it is compared: its letters and digits alone, "EX-2024/07 12" as EX20240712.

    Signs of another width and accents make no other number; a sign that stands for several never makes it too long.
    """
    plain = unicodedata.normalize("NFKD", number).upper()
    return "".join(sign for sign in plain if sign.isalnum())[:LONGEST_NUMBER]


def standing_of(reference: str, unit: UnitFacts) -> Standing:
    """Return how a reference stands for the unit; not compared where nothing says that it does (R19)."""
    typed = written_reference(reference)
    if unit.own and typed == unit.own:
        return Standing(StandsBy.OWN)
    sources = [one.source for one in unit.accepted if one.reference == typed]
    return Standing(StandsBy.EQUIVALENT, sources[0]) if sources else Standing()


def why_not_fit(certificate: Certificate, unit: UnitFacts) -> list[Refusal]:
    """Return why this certificate is none for this unit: another reference, or an impossible one or day (R79)."""
    return [*_reference(certificate.unit_reference, unit), *_day(certificate.awarded_on, unit), *_number(certificate)]


def why_not_comparable(unit: UnitFacts) -> list[Refusal]:
    """Return why no certificate at all can be compared with this unit: nobody knows its reference (R19, R79)."""
    if unit.accepted:
        return []
    words = say(
        "The reference of this unit is not known here, so no certificate can be compared with it. Have the unit’s"
        " reference entered in the catalogue first, with where it is written. Until then the learner shows what they"
        " can do as evidence, and it is assessed."
    )
    return [Refusal("reference-unknown", words)]


def why_not_again(reuse: Reuse) -> list[Refusal]:
    """Return why a certificate number that was used before is not passed in silence: it needs a reason (R79)."""
    if not reuse.others:
        return []
    said = reuse.reason.strip()
    if len(said) < SHORTEST_REASON:
        words = count(
            "This certificate number is on record already. Look where, and say why it is right here too.",
            "This certificate number is on record %(n)d times already. Look where, and say why it is right here too.",
            reuse.others,
        )
        return [Refusal("number-used", words % {"n": reuse.others}, "reused")]
    if len(said) > LONGEST_REASON:
        return [Refusal("long-reason", say("Keep it under 300 characters."), "reused")]
    return []


def references_in_words(accepted: Sequence[Equivalent]) -> str:
    """Return the references that stand for a unit, as a list to read: "A/506/2130 or L/502/1234"."""
    return say(" or ").join(one.reference for one in accepted)


def _reference(typed: str, unit: UnitFacts) -> Iterator[Refusal]:
    missing = why_not_comparable(unit)
    if missing:
        yield from missing
        return
    reference = written_reference(typed)
    if looks_like_reference(typed) and not reference_is_plausible(typed):
        words = say(
            "The letter of %(reference)s does not fit its digits, so no unit has this reference. Compare it with the"
            " certificate, letter by letter."
        )
        yield Refusal.of("reference-letter", words, "unit_reference", reference=reference)
    elif standing_of(typed, unit).by != StandsBy.NOT_COMPARED:
        return
    elif not looks_like_reference(typed):
        words = say("“%(reference)s” is no reference of a unit. It looks like A/506/2130: a letter and seven digits.")
        yield Refusal.of("reference-form", words, "unit_reference", reference=reference)
    else:
        words = say(
            "%(reference)s is another unit. A certificate counts for this unit with the reference %(accepted)s only, or"
            " with one that is documented as equivalent in the catalogue."
        )
        accepted = references_in_words(unit.accepted)
        yield Refusal.of("other-unit", words, "unit_reference", reference=reference, accepted=accepted)


def _day(awarded_on: dt.date, unit: UnitFacts) -> Iterator[Refusal]:
    if awarded_on > unit.today:
        yield Refusal("awarded-to-come", say("The certificate has a date to come. Look again."), "awarded_on")
    elif unit.ends_on is not None and awarded_on > unit.ends_on:
        words = say("The certificate was awarded after this registration ended. It cannot count in it.")
        yield Refusal("awarded-too-late", words, "awarded_on")
    if awarded_on <= unit.born_on:
        words = say("The certificate is older than the learner. Compare the date with the certificate.")
        yield Refusal("awarded-before-birth", words, "awarded_on")
    elif awarded_on < FIRST_UNITS_ON:
        words = say(
            "Units with references like this have been awarded since 2006. Compare the date with the certificate."
        )
        yield Refusal("awarded-too-early", words, "awarded_on")


def _number(certificate: Certificate) -> Iterator[Refusal]:
    key = number_key(certificate.certificate_number)
    if not key:
        words = say("The number of a certificate has letters or digits. Type it as it is printed.")
        yield Refusal("no-number", words, "certificate_number")
    elif not key.isascii():  # letters of another script look like ours and would make it another number
        words = say("The number of a certificate has the letters A to Z and the digits 0 to 9 only. Type it by hand.")
        yield Refusal("number-signs", words, "certificate_number")
