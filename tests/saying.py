"""What a rule says, in one line: each code with its field, in order. So a table holds all of an answer, not its codes."""

from collections.abc import Iterable

from common.refusals import Refusal


def said(refusals: Iterable[Refusal]) -> str:
    """Return "code:field code:field"; a sentence that is empty or has a hole left to fill fails."""
    found = list(refusals)
    for one in found:
        assert one.sentence.strip(), f"{one.code} says nothing"
        assert "%(" not in one.sentence, f"{one.code} has a hole: {one.sentence}"
    return " ".join(f"{one.code}:{one.field}" for one in found)
