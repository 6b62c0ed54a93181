"""The numbers by which awarding bodies know a learner, besides the learner number (R28). Pure: texts in, reasons out.

All are optional: somebody who enters for the first time has none.
"""

from collections.abc import Collection, Iterator
from typing import Final

from centres import uln
from common.refusals import Refusal
from common.text import say

#: The columns, in the order of the page.
IDENTIFIERS: Final = ("candidate_number", "ocr_number", "uci")
CANDIDATE_LENGTH, OCR_LENGTH, UCI_LENGTH = 4, 8, 13


def tidied_candidate(text: str) -> str:
    """Return a centre's candidate number as it is stored: in four digits, so that 7 and 0007 are one number."""
    number = uln.tidy(text)
    return number.zfill(CANDIDATE_LENGTH) if number else ""


def tidied_uci(text: str) -> str:
    """Return a unique candidate identifier as it is stored: capitals, without spaces."""
    return uln.tidy(text).upper()


def why_not_identifiers(candidate: str, ocr: str, uci: str) -> Iterator[Refusal]:
    """Say which of these tidied numbers cannot be one; empty ones are none (R28)."""
    if candidate and (not _digits(candidate, CANDIDATE_LENGTH) or not candidate.strip("0")):
        words = say("A candidate number of your centre has up to four digits. Leave it empty where there is none.")
        yield Refusal("candidate-number-form", words, "candidate_number")
    if ocr and not _digits(ocr, OCR_LENGTH):
        words = say("An OCR candidate number has eight digits. Leave it empty for somebody who has none yet.")
        yield Refusal("ocr-number-form", words, "ocr_number")
    if uci and not (len(uci) == UCI_LENGTH and uci.isascii() and uci.isalnum()):
        words = say("A unique candidate identifier has 13 letters and digits. Leave it empty where there is none.")
        yield Refusal("uci-form", words, "uci")


def why_not_another_number(number: str, earlier: Collection[str], *, confirmed: bool) -> Iterator[Refusal]:
    """Ask before an OCR number takes the place of one that stands or stood here: one links all units (R28)."""
    others = sorted(set(earlier) - {number})
    if number and others and not confirmed:
        words = say(
            "OCR number %(number)s stands, or stood, in this record. One number links all units of a learner, so it is"
            " used again. If it was somebody else’s or wrong, tick that below."
        )
        yield Refusal("ocr-number-another", words % {"number": ", ".join(others)}, "another_number")


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
