"""Words of a cell as values of the catalogue: how centres write levels, kinds, themes, yes and no."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from common.text import _
from qualifications.enums import Generation, Kind, Sector, Theme, UnitKind
from qualifications.rules.file_parts import METHODS
from qualifications.rules.settings import PARTS

SUFFICIENCY_HELP = _("Write it like “competence: pieces 2, occasions 2, methods media + in situ, observed”.")
EQUIVALENTS_HELP = _("Write a line each: reference | where the equivalence is written.")
AWARDS_HELP = _("Write a line each: awarding body | number of the qualification.")
ASSESSED_HELP = _("Write it like: units 1 | credit 12 | where the awarding body says so.")
SETTINGS_HELP = _("Write a line each: setting | awarding body | where it says so | what it says.")
EQUIVALENT = ("reference", "source")
AWARD = ("body", "number")
_ASSESSED = re.compile(r"units\s+([0-9]{1,2})\s*\|\s*credit\s+([0-9]{1,3})\s*\|\s*(\S.*)", re.IGNORECASE)
_LEVEL = re.compile(r"(?:level|l|rqf|qcf)?\s*([0-9]{1,3})", re.IGNORECASE)
_NUMBER = re.compile(r"([0-9]{1,6})(?:\.0+)?\s*(?:credits?|hours?|hrs|h)?", re.IGNORECASE)
YES = frozenset({"yes", "y", "true", "1", "x", "✓"})
NO = frozenset({"no", "n", "false", "0", "-", "–"})
MANDATORY = YES | {"m", "mandatory", "core", "required"}
OPTIONAL = NO | {"o", "optional", "option"}
_KINDS = {
    **dict.fromkeys(("knowledge", "k", "knowing", "understanding", "theory"), Kind.KNOWLEDGE.value),
    **dict.fromkeys(("competence", "c", "competency", "skill", "skills", "performance", "practical", "doing"),
                    Kind.COMPETENCE.value),
}  # fmt: skip


def level(text: str) -> int | None:
    """Return "2", "Level 2" or "L2" as a number, None for anything else."""
    found = _LEVEL.fullmatch(text.strip())
    return int(found.group(1)) if found else None


def number(text: str) -> int | None:
    """Return "3", "3.0" or "3 credits" as a number, None for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found.group(1)) if found else None


def unit_kind(text: str) -> str:
    """Return the kind of a unit, which may be mixed, or "" for another word."""
    return UnitKind.MIXED.value if text.strip().lower() in {"mixed", "both"} else kind(text)


def kind(text: str) -> str:
    """Return knowledge or competence, or "" for a word that is neither."""
    return _KINDS.get(text.strip().lower(), "")


def sector(text: str) -> str:
    """Return a sector by its code or its name, or "" ."""
    return _choice(text, {s.value: str(s.label) for s in Sector})


def theme(text: str) -> str:
    """Return a theme by its code or its name, or ""."""
    return _choice(text, {t.value: str(t.label) for t in Theme})


def method(text: str) -> str:
    """Return a kind of evidence by its code, or ""."""
    return _choice(text, {m: m.replace("_", " ") for m in METHODS})


def generation(text: str) -> str:
    """Return 2010 or 2014, or ""."""
    return text.strip() if text.strip() in Generation.values else ""


def _choice(text: str, names: Mapping[str, str]) -> str:
    plain = text.strip().lower()
    return next((code for code, label in names.items() if plain in {code, label.lower(), code.replace("-", " ")}), "")


def yes_or_no(text: str, yes: frozenset[str] = YES, no: frozenset[str] = NO) -> bool | None:
    """Return true, false, or None for a word that is neither."""
    plain = text.strip().lower()
    return True if plain in yes else False if plain in no else None


def parts(text: str) -> list[str]:
    """Return the entries of a cell that holds several, parted by commas, semicolons or lines."""
    return [part.strip() for part in re.split(r"[,;\n]+", text) if part.strip()]


def lines(text: str) -> list[str]:
    """Return the lines of a cell, or what semicolons part, without bullets."""
    return [part.strip(" •·-–\t") for part in re.split(r"[;\n]+", text) if part.strip(" •·-–\t")]


def sufficiency(text: str) -> dict[str, Any] | None:
    """Return what lines like "competence: pieces 2, methods media + in situ, observed" ask; None for anything else."""
    found: dict[str, Any] = {}
    for line in lines(text):
        said, _colon, parts_of_it = line.partition(":")
        asked = [_asked(part) for part in parts(parts_of_it)]
        if not kind(said) or kind(said) in found or not asked or None in asked:
            return None
        found[kind(said)] = dict(pair for pair in asked if pair)
    return found or None


def _asked(part: str) -> tuple[str, Any] | None:
    word, _space, rest = part.partition(" ")
    if word == "observed" and not rest:
        return word, True
    if word in {"pieces", "occasions"}:
        n = number(rest)
        return None if n is None else (word, n)
    ways = [method(way) for way in rest.split("+")]
    return ("methods", ways) if word == "methods" and all(ways) else None


def sufficiency_text(asked: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the lines that `sufficiency` reads back, "" where nothing is asked."""
    return "\n".join(f"{kind}: {', '.join(_part(*pair) for pair in need.items())}" for kind, need in asked.items())


def _part(what: str, value: Any) -> str:
    if what == "observed":
        return what
    return f"{what} {' + '.join(value) if what == 'methods' else value}"


def table(text: str, keys: Sequence[str]) -> list[dict[str, str]] | None:
    """Return lines whose parts are set apart by bars as rows with these keys; None where a line has more or fewer."""
    rows = [[part.strip() for part in line.split("|")] for line in text.split("\n") if line.strip()]
    if any(len(row) != len(keys) for row in rows):
        return None
    return [dict(zip(keys, row, strict=True)) for row in rows] or None


def table_text(rows: Iterable[Mapping[str, str]], keys: Sequence[str]) -> str:
    """Return the lines that `table` reads back; a line break or a bar inside a part becomes a space."""
    return "\n".join(" | ".join(" ".join(row[key].replace("|", " ").split()) for key in keys) for row in rows)


def settings(text: str) -> list[dict[str, str]] | None:
    """Return what lines like "realistic | OCR | Handbook, 5.5 | …" say of settings; None for anything else."""
    return table(text, PARTS)


def equivalents(text: str) -> list[dict[str, str]] | None:
    """Return what lines like "A/506/2130 | Handbook, 4" say of other references; None for anything else."""
    return table(text, EQUIVALENT)


def awards(text: str) -> list[dict[str, str]] | None:
    """Return what lines like "NCFE | 601/3973/0" say of other bodies' awards; None for anything else."""
    return table(text, AWARD)


def assessed(text: str) -> dict[str, Any] | None:
    """Return what "units 1 | credit 12 | Handbook, 3" asks to be assessed; None for anything else."""
    found = _ASSESSED.fullmatch(text.strip())
    return {"units": int(found[1]), "credit": int(found[2]), "source": found[3].strip()} if found else None


def assessed_text(said: Mapping[str, Any]) -> str:
    """Return the text that `assessed` reads back, "" where nothing is said."""
    return f"units {said['units']} | credit {said['credit']} | {said['source']}" if said else ""


def _same_text(text: str) -> str:
    return sufficiency_text(sufficiency(text) or {})


READERS: Mapping[str, Any] = {
    "level": level,
    "credit": number,
    "glh": number,
    "kind": unit_kind,
    "sector": sector,
    "generation": generation,
    "sufficiency": _same_text,
    "equivalents": lambda text: table_text(equivalents(text) or [], EQUIVALENT),
}
