"""From a folder of YAML files to checked facts. Nothing is written here."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from common.text import _
from media.documents import StrictLoader
from qualifications.rules.files import QualificationFile, UnitFile, read_qualification, read_unit

LARGEST_FILE = 512 * 1024  # bytes; the largest of ours has a fortieth of that


class BrokenCatalogue(ValueError):  # noqa: N818 - it is a list of sentences for the person who wrote the files
    """Some files cannot be read. `problems` says which and why, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A whole folder, checked: units by key, qualifications in the order of their files."""

    units: dict[str, UnitFile]
    qualifications: tuple[QualificationFile, ...]


def read_catalogue(folder: Path) -> Catalogue:
    """Read `units/*.yaml` and `qualifications/*.yaml` under `folder`.

    Refuses the whole folder with `BrokenCatalogue`, naming file and key of everything that is wrong.
    """
    problems: list[str] = []
    units = {u.key: u for u in (read_unit(name, data, problems) for name, data in _files(folder, "units", problems))}
    found = tuple(
        read_qualification(name, data, problems, units) for name, data in _files(folder, "qualifications", problems)
    )
    if problems:
        raise BrokenCatalogue(problems)
    return Catalogue(units, found)


def _files(folder: Path, part: str, problems: list[str]) -> list[tuple[str, object]]:
    """Return (name for sentences, content) of each file of a part; unreadable ones become problems."""
    paths = sorted((folder / part).glob("*.yaml"))
    if not paths:
        problems.append(_("%(folder)s: there are no files here.") % {"folder": folder / part})
    found = []
    for path in paths:
        name = f"{part}/{path.name}"
        try:
            found.append((name, _content(path)))
        except (OSError, ValueError, yaml.YAMLError) as error:
            why = " ".join(str(error).split())
            problems.append(_("%(name)s: this cannot be read as YAML: %(why)s") % {"name": name, "why": why})
    return found


def _content(path: Path) -> object:
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(_("it is larger than %(limit)d bytes") % {"limit": LARGEST_FILE})
    return yaml.load(path.read_text(encoding="utf-8"), Loader=StrictLoader)  # noqa: S506 - a safe loader, stricter
