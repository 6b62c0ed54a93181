"""May these bytes come in? (R54, R55, D23) What a file may be is `media.policy`'s; how much is decided here."""

from collections.abc import Iterable
from dataclasses import dataclass

from common.refusals import Refusal
from common.text import say

#: Files in one item: more is a portfolio inside a portfolio, and nobody finds the place that counts.
MAX_FILES = 30
#: Bytes of one learner, all items together: a year of phone photos and two hours of film (5.2.4 of the ASVS).
LEARNER_QUOTA = 5 * 1024**3
QUOTA_WARNING = 0.8  # R55
GB = 1024**3


@dataclass(frozen=True, slots=True)
class ReceiveFacts:
    """A file that wants to come in. Sizes in bytes; `not_admitted` is the sentence of the type and size policy."""

    size: int
    not_admitted: str = ""
    not_admitted_code: str = ""
    is_draft: bool = True
    files_in_item: int = 0
    stored: int = 0
    removed_before: bool = False  # the same bytes were removed: they show personal data of others
    same_in_item: str = ""  # the name under which the same bytes are already here


def why_not_receive(facts: ReceiveFacts) -> list[Refusal]:
    """Return why a file cannot be added; the first reason only, because the person holds one file in their hand."""
    return list(_reasons(facts))[:1]


def _reasons(facts: ReceiveFacts) -> Iterable[Refusal]:
    if not facts.is_draft:
        yield Refusal("not-draft", say("This was sent, so no file can be added to it. Nothing is lost."), "files")
    if facts.not_admitted:
        yield Refusal(facts.not_admitted_code, facts.not_admitted, "files")
    if facts.removed_before:
        words = say("This very file was removed before, because it shows personal data. Cover that, then add it again.")
        yield Refusal("removed-before", words, "files")
    if facts.same_in_item:
        words = say("You already added this: it is here as “%(name)s”.")
        yield Refusal("same-file", words % {"name": facts.same_in_item}, "files")
    if facts.files_in_item >= MAX_FILES:
        words = say("There are %(most)d files here, and that is the most. Start another piece for the rest.")
        yield Refusal("too-many-files", words % {"most": MAX_FILES}, "files")
    if facts.stored + facts.size > LEARNER_QUOTA:
        words = say(
            "Your files take up %(used).1f GB of your %(all)d GB. Remove what you do not need, or ask your centre."
        )
        yield Refusal("quota", words % {"used": facts.stored / GB, "all": LEARNER_QUOTA // GB}, "files")


def quota_warning(stored: int) -> list[Refusal]:
    """Return a warning from four fifths of the space on (R55). `stored` in bytes."""
    if stored < QUOTA_WARNING * LEARNER_QUOTA:
        return []
    words = say("Your files take up %(used).1f GB of your %(all)d GB.")
    return [Refusal("quota-near", words % {"used": stored / GB, "all": LEARNER_QUOTA // GB}, "files")]
