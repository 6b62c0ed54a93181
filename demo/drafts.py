"""Two drafts of Northgate's catalogue: one that two people made a version of, one that waits for the second of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import qualifications
from centres.models import Centre
from demo.moments import Story
from demo.people import FIRST_ADMINS, NORTHGATE
from demo.shapes import When
from demo.stage import Stage
from qualifications import services
from qualifications.enums import DraftState, Source
from qualifications.models import Draft

UNITS = Path(qualifications.__file__).parent / "catalogue" / "units"
LEADING, SPEAKING = "M-506-1962", "D-506-2119"
SECOND = "heather"


def drafts(stage: Stage) -> Iterator[Story]:
    """Yield both stories."""
    yield _published(stage)
    yield _waiting(stage)


def _published(stage: Stage) -> Story:
    """Let Heather pass what Rowan brought in: Linnea, registered before, learns on the older text."""
    unit = _unit(LEADING)
    first = unit["outcomes"][0]["criteria"][0]
    first["text"] += ", with an example from your own team"
    at = yield stage.calendar.at(5, "11:15")
    draft = _brought_in(stage, "Examples from one’s own team", unit, 5)
    services.submit_draft(actor=stage.actor(_author(), NORTHGATE, at), draft=draft, revision=0, at=at)
    at = yield stage.calendar.now  # a version follows the one it is made from, and that was loaded just before
    services.approve_draft(actor=stage.actor(SECOND, NORTHGATE, at), draft=draft, revision=1, at=at)


def _waiting(stage: Stage) -> Story:
    """Send a draft that rewords a criterion and takes another one out: Heather has to look twice."""
    unit = _unit(SPEAKING)
    unit["outcomes"][0]["criteria"][0]["text"] += ", face to face and on the telephone"
    unit["outcomes"][1]["criteria"].pop()
    at = yield stage.calendar.at(2, "16:05")
    draft = _brought_in(stage, "Speaking with customers, shorter", unit, 2)
    services.submit_draft(actor=stage.actor(_author(), NORTHGATE, at), draft=draft, revision=0, at=at)


def _author() -> str:
    return FIRST_ADMINS[NORTHGATE]


def _unit(key: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((UNITS / f"{key}.yaml").read_text(encoding="utf-8"))
    found["provenance"]["notes"] = "An example of the demo: no awarding body has said this."
    return found


def _brought_in(stage: Stage, title: str, unit: dict[str, Any], when: When) -> Draft:
    at = stage.calendar.at(when, "11:00")
    made: Draft = Draft.objects.create(
        centre=Centre.objects.get(number=NORTHGATE),
        author=stage.people[_author()],
        title=title,
        source=Source.YAML,
        state=DraftState.DRAFT,
        content={"units": [unit], "qualifications": []},
        file_name=f"{unit['key']}.yaml",
        created_at=at,
        changed_at=at,
    )
    return made
