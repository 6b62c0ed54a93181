"""Catalogue files of strangers as plain data: YAML, folders of it, JSON. Runs inside `media.sandbox` only."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from collections.abc import Hashable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final, NoReturn

import yaml

from media.finding import NotAccepted
from media.flaws import Flaw
from media.packages import check_zip, open_part
from media.policy import MB
from media.tables import decoded

FILES: Final = 1_000
LARGEST_YAML: Final = MB // 2
_DEEPEST: Final = 30

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StrictLoader(_Loader):  # type: ignore[misc]
    """YAML without tags, and without a key that stands twice and silently wins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - the library's signature
        keys = [key.value for key, _value in node.value]
        for key in keys:
            if keys.count(key) > 1:
                problem = f"the key “{str(key)[:40]}” stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def read_yaml(name: str, data: bytes) -> tuple[dict[str, Any] | None, list[Flaw]]:
    """Return one YAML file as {"name", "data", "lines"}, or what is wrong with it. `lines` says where a part begins."""
    if len(data) > LARGEST_YAML:
        return None, [Flaw(0, "", "too-big", {"limit": "512 kB"}, name)]
    text, _notes, flaw = decoded(data)
    if flaw:
        return None, [Flaw(flaw.row, "", "encoding", place=name)]
    loader = StrictLoader(text)
    try:
        _look_ahead(text)
        node = loader.get_single_node()
        if node is None:
            return None, [Flaw(0, "", "empty", place=name)]
        lines = dict(_lines(node, ""))
        found = _plain(loader.construct_document(node))
    except yaml.YAMLError as error:
        return None, [_torn(name, error)]
    finally:
        loader.dispose()
    return {"name": name, "data": found, "lines": lines}, []


def _torn(name: str, error: yaml.YAMLError) -> Flaw:
    mark = getattr(error, "problem_mark", None)
    why = str(getattr(error, "problem", "") or "it is not YAML")
    row, column = (mark.line + 1, str(mark.column + 1)) if mark else (0, "")
    return Flaw(row, column, "alias", place=name) if why == "alias" else Flaw(row, column, "yaml", {"why": why}, name)


def _look_ahead(text: str) -> None:
    """Refuse aliases, of which a few can stand for a billion words, and depths, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        problem = "alias" if isinstance(event, yaml.AliasEvent) else "it is too deep" if depth > _DEEPEST else ""
        if problem:
            mark: Any = event.start_mark
            raise yaml.constructor.ConstructorError(None, None, problem, mark)


def _lines(node: yaml.Node, place: str) -> Iterator[tuple[str, int]]:
    """Yield the place of every mapping, named as `qualifications.rules.record` names it, and of every key in it."""
    if not isinstance(node, yaml.MappingNode):
        return
    yield place, node.start_mark.line + 1
    for key, value in node.value:
        inside = f"{place}, {key.value}"
        yield inside, key.start_mark.line + 1
        yield from _lines(value, inside)
        if isinstance(value, yaml.SequenceNode):
            for n, item in enumerate(value.value, 1):
                yield from _lines(item, f"{inside} {n}")


def _plain(value: Any) -> Any:
    """Return what JSON can say: days become text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def read_folder(path: Path) -> tuple[list[dict[str, Any]], list[Flaw]]:
    """Return the YAML files of a ZIP with qualifications/ and units/, also inside one outer folder."""
    check_zip(path)
    documents: list[dict[str, Any]] = []
    flaws: list[Flaw] = []
    with zipfile.ZipFile(path) as package:
        names = [n for n in package.namelist() if n.endswith((".yaml", ".yml")) and "__MACOSX" not in n]
        if not names or len(names) > FILES:
            code = "too-many-files" if names else "no-files"
            return [], [Flaw(0, "", code, {"limit": f"{FILES:,}"})]
        for name in sorted(names):
            short = "/".join(PurePosixPath(name).parts[-2:])
            if not short.startswith(("units/", "qualifications/")):
                flaws.append(Flaw(0, "", "astray", {"name": short}, short))
                continue
            found, wrong = read_yaml(short, open_part(package, name))
            documents += [found] if found else []
            flaws += wrong
    return documents, flaws


def read_json(data: bytes) -> tuple[Any, list[Flaw]]:
    """Return what a JSON file says, or what is wrong with it: a key that stands twice, a number that is none."""
    text, _notes, flaw = decoded(data)
    if flaw:
        return None, [flaw]
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number), []
    except json.JSONDecodeError as error:
        return None, [Flaw(error.lineno, str(error.colno), "json", {"why": error.msg})]
    except ValueError as error:
        return None, [Flaw(0, "", "json", {"why": str(error)[:200]})]
    except RecursionError:
        return None, [Flaw(0, "", "too-deep")]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key “{twice[:40]}” stands twice in one place")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


def read_text(path: Path) -> tuple[str, list[Flaw]]:
    """Return a text of at most two million letters, or why it is none."""
    text, _notes, flaw = decoded(path.read_bytes())
    return ("", [flaw]) if flaw else (re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", " ", text)[:2_000_000], [])


def kind_of(path: Path, name: str) -> str:
    """Return how a file is read, by its ending and its first bytes. Refuses what is none of ours with `NotAccepted`."""
    ending = name.lower().rpartition(".")[2]
    with path.open("rb") as file:
        zipped = file.read(4) == b"PK\x03\x04"
    kinds = {"yaml": "yaml", "yml": "yaml", "json": "json", "csv": "csv", "tsv": "csv", "txt": "text"}
    if ending in {"xlsx", "zip"}:
        return ending
    if zipped or ending not in kinds:
        raise NotAccepted("renamed")
    return kinds[ending]
