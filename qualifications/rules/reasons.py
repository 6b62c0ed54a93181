"""Why a criterion is suggested, in a sentence: to the learner whose piece it is, and to their assessor (R68).

No sentence says whose other pieces were accepted: it may be told that some were, and nothing else of them.
"""

from collections.abc import Sequence
from enum import Enum

from common.text import _, say
from qualifications.enums import Theme
from qualifications.rules.themes import LIKE_YOUR_CHOICE, LIKE_YOUR_WORDS


class Ground(Enum):
    """What a suggestion rests on most."""

    WORDS = "words"  # terms: one word or two, as they were typed
    ACCEPTED = "accepted"  # assessors of the centre accepted both on other pieces
    THEME_OF_WORDS = "theme of words"  # terms: the theme
    HEADING = "heading"  # terms: the word
    THEME_OF_CHOICE = "theme of choice"  # terms: the theme


def for_learner(ground: Ground, terms: Sequence[str]) -> str:
    """Return the reason as the learner reads it."""
    if ground is Ground.WORDS:
        return _mention(
            say("Your words mention “%(first)s”."), say("Your words mention “%(first)s” and “%(second)s”."), terms
        )
    if ground is Ground.HEADING:
        return say("Your words mention “%(word)s”, and so does the heading above it.") % {"word": terms[0]}
    if ground is Ground.THEME_OF_WORDS:
        return str(LIKE_YOUR_WORDS.get(terms[0], _("It has a theme in common with what you wrote.")))
    if ground is Ground.THEME_OF_CHOICE:
        return str(LIKE_YOUR_CHOICE.get(terms[0], _("It has a theme in common with what you chose.")))
    return say("Assessors here have accepted this together with something you chose.")


def for_staff(ground: Ground, terms: Sequence[str]) -> str:
    """Return the reason as an assessor reads it."""
    if ground in {Ground.WORDS, Ground.HEADING}:
        return _mention(
            say("The piece mentions “%(first)s”."), say("The piece mentions “%(first)s” and “%(second)s”."), terms
        )
    if ground is Ground.ACCEPTED:
        return say("Accepted in this centre together with a criterion of this piece.")
    theme = Theme(terms[0]).label if terms[0] in Theme.values else terms[0]
    return say("Same theme: %(theme)s.") % {"theme": theme}


def _mention(one: str, two: str, terms: Sequence[str]) -> str:
    return one % {"first": terms[0]} if len(terms) == 1 else two % {"first": terms[0], "second": terms[1]}
