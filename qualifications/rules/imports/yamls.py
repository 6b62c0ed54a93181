"""Our own YAML files, one or a folder of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from qualifications.rules.imports.findings import Brought, Spot


def read_documents(documents: Iterable[tuple[str, Any, Mapping[str, int]]]) -> Brought:
    """Return the units and qualifications of files given as (name, data, line of each part).

    A file that stands in no folder is a qualification when it has an entry code, else a unit.
    """
    brought = Brought()
    for name, data, lines in documents:
        alone = "/" not in name
        is_qualification = (
            "entry_code" in data if alone and isinstance(data, dict) else name.startswith("qualifications/")
        )
        content = data if isinstance(data, dict) else {}
        (brought.qualifications if is_qualification else brought.units).append(content)
        called = _called(content, is_qualification=is_qualification) if alone else name
        brought.names[id(content)] = called
        brought.spots |= _spots(called, lines, "" if alone else name)
    return brought


def _called(content: Mapping[str, Any], *, is_qualification: bool) -> str:
    """A file that comes alone may be called anything: its key says what it is."""
    return f"{content.get('entry_code' if is_qualification else 'key', '')}.yaml"


def _spots(called: str, lines: Mapping[str, int], place: str) -> dict[str, Spot]:
    spots = {}
    for part, line in lines.items():
        inside = f"{part}, "
        keys = {k.removeprefix(inside): (n, k.removeprefix(inside)) for k, n in lines.items() if k.startswith(inside)}
        spots[f"{called}{part}"] = Spot(line, {k: v for k, v in keys.items() if ", " not in k}, place)
    return spots
