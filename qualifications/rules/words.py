"""Words made comparable: accents and case folded, small words left out, simple English endings taken off.

It is our own and deliberately light: it brings "complained", "complaining" and "complains" together and
leaves everything it does not know as it is. Two words are the same when their stems are.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

#: A word looked for in its forms, and of each whether more letters may follow.
Forms: TypeAlias = tuple[tuple[str, bool], ...]

LONGEST_TEXT = 4000  # letters read; what comes after is ignored, so that no text can be slow

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_VOWEL = re.compile(r"[aeiouy]")
_SHORTEST_STEM = 3

STOP = frozenset(
    {
        "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be",
        "because", "been", "before", "being", "but", "by", "can", "could", "day", "did", "do", "does",
        "doing", "done", "during", "each", "for", "from", "get", "got", "had", "has", "have", "having",
        "he", "her", "here", "hers", "him", "his", "how", "i", "i'm", "if", "in", "into", "is", "it",
        "it's", "its", "just", "may", "me", "might", "more", "most", "my", "no", "nor", "not", "of",
        "off", "on", "once", "one", "only", "or", "other", "our", "out", "over", "own", "really", "same",
        "she", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then", "there",
        "these", "they", "this", "those", "through", "to", "today", "too", "under", "until", "up", "us",
        "very", "was", "way", "we", "week", "went", "were", "what", "when", "where", "whether", "which",
        "while", "who", "whom", "why", "will", "with", "without", "would", "yesterday", "you", "your",
    }
)  # fmt: skip

#: Stems of every story, about no subject of their own. They still hint at themes: "told", "said".
WEAK = frozenset(
    {
        "com", "giv", "go", "good", "happen", "keep", "know", "let", "lin", "look", "mak", "man", "need",
        "new", "put", "say", "see", "tak", "tel", "thing", "think", "want",
    }
)  # fmt: skip

# Past forms that no rule of endings finds.
IRREGULAR = {
    "bought": "buy", "brought": "bring", "came": "come", "chose": "choose", "dealt": "deal", "felt": "feel",
    "found": "find", "gave": "give", "given": "give", "heard": "hear", "held": "hold", "kept": "keep",
    "knew": "know", "known": "know", "led": "lead", "learnt": "learn", "lost": "lose", "made": "make",
    "meant": "mean", "met": "meet", "paid": "pay", "rang": "ring", "said": "say", "sent": "send",
    "showed": "show", "shown": "show", "sold": "sell", "spoke": "speak", "spoken": "speak", "taught": "teach",
    "thought": "think", "told": "tell", "took": "take", "taken": "take", "understood": "understand",
    "wrote": "write", "written": "write",
}  # fmt: skip

# Stems that mean the same at work, each under one of them.
SAME = {
    "phon": "telephon", "ring": "telephon", "email": "mail", "client": "customer", "shopper": "customer",
    "guest": "customer", "caller": "cal", "workmat": "colleagu", "teammat": "colleagu", "verbal": "speak",
    "talk": "speak", "gdpr": "confidential", "confidentiality": "confidential", "privacy": "confidential",
    "complain": "complaint", "apologis": "sorry", "apologiz": "sorry", "apology": "sorry",
    "enquir": "question", "enquiry": "question", "query": "question", "ask": "question",
}  # fmt: skip


def fold(word: str) -> str:
    """Return a word without case and accents, with straight apostrophes."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    # Taking letters apart can bring capitals back (a mathematical 𝕬 is an A), so the case goes once more.
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=8192)
def stem(folded: str) -> str:
    """Return what is left of a folded word without plural, -ing, -ed and -ly, under its common meaning."""
    word = folded.split("'", 1)[0]
    word = IRREGULAR.get(word, word)
    if len(word) > _SHORTEST_STEM:
        word = _tidy(_without_ending(_singular(word)))
    return SAME.get(word, word)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    if word.endswith("ied"):
        return word[:-3] + "y"
    for ending in ("ing", "ed", "ly"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= _SHORTEST_STEM and _VOWEL.search(rest):
            return word if word.endswith(("eed", "ply")) else rest
    return word


def _tidy(word: str) -> str:
    """Drop a last e and a doubled last letter, so that "handle" and "handling", "call" and "called" meet."""
    if len(word) > _SHORTEST_STEM and word.endswith("e"):
        word = word[:-1]
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return word


def stems_by_word(text: str) -> dict[str, str]:
    """Return stem → the word as it was first typed, in the order of the text, without small words."""
    found: dict[str, str] = {}
    for match in _TOKEN.finditer(text[:LONGEST_TEXT]):
        folded = fold(match.group())
        if len(folded) > 1 and folded not in STOP:
            found.setdefault(stem(folded), match.group())
    return found


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """Return the stems of a text. Kept for texts seen before: the catalogue's never change."""
    return frozenset(stems_by_word(text))


def tokens(text: str) -> list[str]:
    """Return the folded words of a text in their order, small words left out. References fall into their parts."""
    found = (fold(match.group()).split("'", 1)[0] for match in _TOKEN.finditer(text[:LONGEST_TEXT]))
    return [word for word in found if word.isalnum() and word not in STOP]


def searchable(texts: Iterable[str]) -> str:
    """Return every word of the texts once, as it stands and as its stem, a blank between: what an index holds."""
    words = {word for text in texts for word in tokens(text)}
    return " ".join(sorted(words | {stem(word) for word in words}))


def looked_for(text: str) -> tuple[Forms, ...]:
    """Return what a search wants: each word as the beginning of one, or any word with its stem.

    `(("complaints", True), ("complaint", False))` is one word; True: more letters may follow. One or two letters
    are the beginning of too much, so they are taken as they are. Small words are not looked for.
    """
    return tuple(
        tuple(dict.fromkeys([(word, len(word) >= _SHORTEST_STEM), (stem(word), False)])) for word in tokens(text)
    )


def marked(text: str, wanted: Sequence[Forms]) -> tuple[int, tuple[tuple[str, bool], ...]]:
    """Return how many of the wanted words a text holds, and the text in parts: True for a word that was looked for.

    The parts put together are the text. Only its first 4,000 letters are looked at.
    """
    met: set[int] = set()
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in _TOKEN.finditer(text, 0, LONGEST_TEXT):
        hits = {n for n, forms in enumerate(wanted) if any(_meets(word, forms) for word in tokens(match.group()))}
        if hits:
            met |= hits
            parts += [(text[end : match.start()], False), (match.group(), True)]
            end = match.end()
    parts.append((text[end:], False))
    return len(met), tuple(part for part in parts if part[0])


def _meets(word: str, forms: Forms) -> bool:
    stemmed = stem(word)
    return any(form in (word, stemmed) or (goes_on and word.startswith(form)) for form, goes_on in forms)
