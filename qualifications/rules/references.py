"""Ofqual's numbers and their check characters: of units (D/506/2119) and of qualifications (601/3733/2).

Both weigh the seven digits 8 to 2 and take the sum modulo 11: of a unit it is the letter in front, of a qualification
the digit behind (X for ten). Worked out from the numbers of the catalogue, all of which fit. A number that fits may
still be another unit's: the check finds slips of the hand, not lies.
"""

import re
from typing import Final

from common.text import say

LETTERS: Final = "ADFHJKLMRTY"
DIGITS: Final = "0123456789X"
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2)
_UNIT = re.compile(r"([A-Z])/?([0-9]{3})/?([0-9]{4})")
_QUALIFICATION = re.compile(r"([0-9]{3})/?([0-9]{4})/?([0-9X])")
_SPACES = re.compile(r"[\s\-–]+")


def written_reference(typed: str) -> str:
    """Return a unit's reference as it is printed: d5062119, D-506-2119 and "D/506/2119 " become D/506/2119.

    What is no such reference comes back as it was typed, without the blanks around it.
    """
    found = _UNIT.fullmatch(_plain(typed))
    return "/".join(found.groups()) if found else typed.strip()


def written_number(typed: str) -> str:
    """Return a qualification's number as it is printed: 60137332 becomes 601/3733/2; anything else stays as typed."""
    found = _QUALIFICATION.fullmatch(_plain(typed))
    return "/".join(found.groups()) if found else typed.strip()


def looks_like_reference(text: str) -> bool:
    """Say whether a text has the form of a unit's reference, however it is typed. Its letter may be wrong."""
    return _UNIT.fullmatch(_plain(text)) is not None


def reference_is_plausible(reference: str) -> bool:
    """Say whether a text is a unit's reference and its letter fits its digits (R19, R79)."""
    found = _UNIT.fullmatch(_plain(reference))
    return found is not None and found[1] == LETTERS[_rest(found[2] + found[3])]


def number_is_plausible(number: str) -> bool:
    """Say whether a text is a qualification's number and its last character fits its digits."""
    found = _QUALIFICATION.fullmatch(_plain(number))
    return found is not None and found[3] == DIGITS[_rest(found[1] + found[2])]


def why_not_reference(reference: str) -> str:
    """Say what is wrong with a unit's reference, in a sentence; "" where it fits or is written another way.

    Some units have references of another form, so only what looks like an Ofqual reference is held to its letter.
    """
    if not looks_like_reference(reference) or reference_is_plausible(reference):
        return ""
    words = say("The letter of %(reference)s does not fit its digits. Compare it with the awarding body’s document.")
    return words % {"reference": written_reference(reference)}


def why_not_number(number: str) -> str:
    """Say what is wrong with a qualification's number, in a sentence; "" where it fits or has another form."""
    if _QUALIFICATION.fullmatch(_plain(number)) is None or number_is_plausible(number):
        return ""
    words = say(
        "The last character of %(number)s does not fit its digits. Compare it with the awarding body’s document."
    )
    return words % {"number": written_number(number)}


def _plain(typed: str) -> str:
    return _SPACES.sub("", typed).upper()


def _rest(digits: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % len(LETTERS)
