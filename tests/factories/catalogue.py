"""Two qualifications with the real texts of seven units: small enough for every test, large enough to suggest from."""

import dataclasses
import datetime as dt
from functools import cache
from pathlib import Path

from qualifications.rules.files import GroupFile, QualificationFile
from qualifications.services import Catalogue, publish_catalogue, read_catalogue

FOLDER = Path(__file__).resolve().parents[2] / "qualifications" / "catalogue"
#: Level 2, what both centres teach: competence and knowledge mixed, with the three speaking units of rule book S26.
DIPLOMA = "10379"
DIPLOMA_UNITS = ("A-506-2130", "F-506-2131", "J-506-2132", "D-506-2119", "H-506-2154", "L-506-2133")
#: Level 1, for whom only one quality assurer looks after it.
CERTIFICATE = "10378"
CERTIFICATE_UNITS = 1
#: A day on which entry ends, so that nobody has to confirm it in every test: the real ones are not known (R16).
LAST_ENTRY = dt.date(2038, 8, 31)


@cache
def small_catalogue() -> Catalogue:
    """Return the diploma with six of its units and the certificate with its first one."""
    whole = read_catalogue(FOLDER)
    found = {q.entry_code: q for q in whole.qualifications}
    first = next(p.unit for g in found[CERTIFICATE].groups for p in g.places)
    kept = [only(found[CERTIFICATE], {first}), only(found[DIPLOMA], set(DIPLOMA_UNITS))]
    names = {*DIPLOMA_UNITS, first}
    return Catalogue({key: unit for key, unit in whole.units.items() if key in names}, tuple(kept))


def only(file: QualificationFile, units: set[str]) -> QualificationFile:
    """Return a qualification with some of its units."""
    groups = [_group(g, units) for g in file.groups]
    whole = tuple(g for g in groups if g.places)
    return dataclasses.replace(file, groups=whole, barred=(), last_registration_on=LAST_ENTRY)


def _group(group: GroupFile, units: set[str]) -> GroupFile:
    return dataclasses.replace(group, places=tuple(p for p in group.places if p.unit in units))


def publish_small(at: dt.datetime) -> None:
    """Publish it; safe to call twice."""
    publish_catalogue(small_catalogue(), at=at)
