"""Who a learner is, as the certificate will print it (R27), and their learner number (R29 to R31)."""

import datetime as dt
import unicodedata
from dataclasses import dataclass, replace

from centres import uln
from centres.enums import Gender
from common.refusals import Refusal, too_long
from common.text import say

YOUNGEST, OLDEST = 10, 100
LONGEST_NAME, LONGEST_WORKPLACE, LONGEST_REASON = 80, 160, 200
#: What other systems write where a number is missing (R30).
PLACEHOLDER = "9999999999"
#: They carry a right check digit and are still what people type to get past a form.
SUSPICIOUS = frozenset({"9999999998", "1000000000", "1234567899"})


@dataclass(frozen=True, slots=True)
class Identity:
    """What is asked of a new learner. `uln` may be empty: then `uln_missing_reason` says why (R30).

    `another_person` is the answer "not the same person" to a learner of the same name and birthday.
    """

    given_names: str
    family_name: str
    date_of_birth: dt.date
    gender: str
    email: str
    uln: str = ""
    uln_missing_reason: str = ""
    workplace: str = ""
    another_person: bool = False


def plain(text: str) -> str:
    """Return a text in one Unicode form with single spaces and none at its ends; accents stay (R27)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidied(identity: Identity) -> Identity:
    """Return the identity as it is stored: names plain, number without spaces, no reason beside a number."""
    number = uln.tidy(identity.uln)
    return replace(
        identity,
        given_names=plain(identity.given_names),
        family_name=plain(identity.family_name),
        email=identity.email.strip().lower(),
        uln=number,
        uln_missing_reason="" if number else plain(identity.uln_missing_reason),
        workplace=plain(identity.workplace),
    )


def why_not_identity(identity: Identity, on: dt.date) -> list[Refusal]:
    """Say what is wrong with a tidied identity on that day: names, birthday, gender, learner number (R27, R29, R30)."""
    return [
        *why_not_name(identity.given_names, "given_names"),
        *why_not_name(identity.family_name, "family_name"),
        *why_not_born(identity.date_of_birth, on),
        *why_not_gender(identity.gender),
        *why_not_uln(identity.uln, identity.uln_missing_reason),
        *too_long(identity.workplace, "workplace", LONGEST_WORKPLACE),
    ]


def why_not_name(name: str, field: str) -> list[Refusal]:
    """Say why this cannot be printed as a name: empty, too long, no letter, or signs that nobody can see."""
    if not name:
        return [Refusal("name-missing", say("Type the name as the certificate should print it."), field)]
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} for c in name):
        sentence = say("The name holds a sign that cannot be printed. Type it again by hand.")
        return [Refusal("name-signs", sentence, field)]
    if not any(c.isalpha() for c in name):
        return [Refusal("name-letters", say("A name has at least one letter."), field)]
    return too_long(name, field, LONGEST_NAME)


def why_not_born(born: dt.date, on: dt.date) -> list[Refusal]:
    """Say why nobody who learns on that day is born on this one."""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if YOUNGEST <= age <= OLDEST:
        return []
    sentence = say("Check the date of birth: a learner is between %(low)d and %(high)d years old.")
    return [Refusal("birthday", sentence % {"low": YOUNGEST, "high": OLDEST}, "date_of_birth")]


def why_not_gender(gender: str) -> list[Refusal]:
    """Say that the awarding body knows no such answer."""
    known = gender in Gender.values
    return [] if known else [Refusal("gender", say("Choose what the awarding body should be told."), "gender")]


def why_not_uln(number: str, reason: str) -> list[Refusal]:
    """Say what is wrong with a tidied learner number; without one there must be a reason (R29, R30)."""
    if not number:
        missing = (
            [] if reason else [Refusal("uln-reason", say("Say why there is no number yet."), "uln_missing_reason")]
        )
        return missing or too_long(reason, "uln_missing_reason", LONGEST_REASON)
    if number == PLACEHOLDER:
        sentence = say("9999999999 stands for a missing number. Leave the number empty and say why it is missing.")
        return [Refusal("uln-placeholder", sentence, "uln")]
    if len(number) != uln.LENGTH or not (number.isascii() and number.isdigit()):
        return [Refusal("uln-form", say("A learner number has ten digits."), "uln")]
    if not uln.is_valid(number):
        sentence = say("The last digit of the number does not fit the others. Ask the learner to read it out again.")
        return [Refusal("uln-check", sentence, "uln")]
    return []


def why_to_look_again(identity: Identity) -> list[Refusal]:
    """Say what looks odd and may still be right: nothing here stops a registration once a person has looked (R27)."""
    odd = []
    if _shouted(identity.given_names) or _shouted(identity.family_name):
        odd.append(Refusal("name-capitals", say("All capitals: certificates print it like this."), "family_name"))
    if sum(c.isalpha() for c in identity.family_name) == 1:
        odd.append(Refusal("name-one-letter", say("The family name is a single letter."), "family_name"))
    if identity.uln in SUSPICIOUS:
        odd.append(Refusal("uln-unlikely", say("This learner number looks made up."), "uln"))
    return odd


def _shouted(name: str) -> bool:
    return name.isupper() and sum(c.isalpha() for c in name) > 1


def name_notes(given_names: str, family_name: str) -> list[str]:
    """Return what an admin should know about a name that is right as it stands: accents (R27)."""
    if (given_names + family_name).isascii():
        return []
    return [say("The name has letters with accents. Ask the awarding body how its certificates print them.")]
