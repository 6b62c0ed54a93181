"""What CASE has no word for: our facts in an item's `extensions`, under one key."""

from collections.abc import Mapping
from typing import Any

EXTENSION = "attest"
#: Facts of a qualification that travel as extensions, in the words of the YAML files.
FACTS = (
    "entry_code", "level", "generation", "ofqual_number", "credit", "credit_at_or_above", "guided_learning_hours",
    "total_qualification_time", "dates", "replaces", "barred", "sufficiency", "settings", "structure_reference",
    "equivalents", "assessed",
)  # fmt: skip


NUMBERS = frozenset({"level", "credit", "glh"})
TEXTS = frozenset({"key", "reference", "kind", "sector", "entry_code", "title", "awarding_body"})


def facts_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return our own facts of an item, {} where it has none. A fact of another type than ours is none."""
    extensions = item.get("extensions")
    found = extensions.get(EXTENSION) if isinstance(extensions, Mapping) else None
    return {key: value for key, value in found.items() if _fits(key, value)} if isinstance(found, Mapping) else {}


def _fits(key: str, value: Any) -> bool:
    if key in NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str) if key in TEXTS else True
