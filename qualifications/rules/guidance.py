"""What a centre may say about a criterion: themes that are known, plain words of a length that is read."""

from collections.abc import Collection, Iterable, Sequence

from common.refusals import Refusal
from common.text import say
from qualifications.enums import Theme

LONGEST_WORDS = 600
LONGEST_EXAMPLES = 1000
#: Themes of one criterion. With more of them, everything would look like everything.
MOST_THEMES = 6


def themes_in_order(chosen: Collection[str]) -> list[str]:
    """Return the chosen themes once each, in the order of the list; names that no theme has are left out."""
    return [theme for theme in Theme.values if theme in chosen]


def themes_in_words(themes: Iterable[str]) -> tuple[str, ...]:
    """Return what themes are called on pages."""
    return tuple(str(Theme(theme).label) for theme in themes)


def why_not_tag(chosen: Sequence[str]) -> list[Refusal]:
    """Return what stands against these themes: one that nobody knows, or more than six (R68)."""
    if any(theme not in Theme.values for theme in chosen):
        return [Refusal("unknown-theme", say("Choose themes from the list."), "themes")]
    if len(set(chosen)) > MOST_THEMES:
        words = say("Choose at most %(most)d themes. With more, it would be suggested for everything.")
        return [Refusal("many-themes", words % {"most": MOST_THEMES}, "themes")]
    return []


def why_not_note(words: str, examples: str, *, had: bool) -> list[Refusal]:
    """Return what stands against this note. `had`: there is a note, so that an empty one takes it away."""
    found = []
    if not (words or examples or had):
        found.append(Refusal("empty-note", say("Write a few words, or an example."), "words"))
    for text, most, field in ((words, LONGEST_WORDS, "words"), (examples, LONGEST_EXAMPLES, "examples")):
        if len(text) > most:
            sentence = say("This is %(length)d letters long. Keep it to %(most)d, so that it is read.")
            found.append(Refusal("long-note", sentence % {"length": len(text), "most": most}, field))
    return found
