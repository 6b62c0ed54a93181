"""What a form was made from: a short mark of the state its page showed, compared once the rows are held.

A page puts the mark into a hidden field `seen`; the service makes it again from what it reads after its lock. Another
mark means that somebody changed the thing while the page was open: the act is stale, and the person looks again.
"""

import datetime as dt
import hashlib

from common.refusals import Stale
from common.text import say

LENGTH = 20  # hexadecimal digits: 80 bits of a state that nobody gains by guessing
BETWEEN = "\x1f"


def mark(*facts: object) -> str:
    """Return the mark of these facts: the same facts, the same mark. Facts are compared as text, times as instants."""
    said = BETWEEN.join(_plain(fact) for fact in facts)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _plain(fact: object) -> str:
    if isinstance(fact, dt.datetime):
        return fact.astimezone(dt.UTC).isoformat()
    if isinstance(fact, list | tuple):
        return "(" + BETWEEN.join(_plain(one) for one in fact) + ")"
    return str(fact)


def refuse_other(
    seen: str | None, now: str, *, who: str = "", at: dt.datetime | None = None, sentence: str = ""
) -> None:
    """Raise `Stale` when a form was made from another state than this one. None: nobody said from which (no page)."""
    if seen is None or seen == now:
        return
    words = sentence or say("This changed while you had the page open. Look at it as it is now, then decide again.")
    raise Stale(who=who, at=at, sentence=words)
