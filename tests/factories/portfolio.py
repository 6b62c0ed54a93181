"""Evidence in any state a test needs, reached the way people reach it: by calling services."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from common import clock
from portfolio.enums import AiUse, EvidenceKind, Setting
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.services import (
    Chosen,
    Declaration,
    open_version,
    receive_file,
    save_draft,
    set_mappings,
    start_evidence,
    submit_evidence,
)
from portfolio.services.preparing import make_copy, prepare_file
from tests.factories import files
from tests.factories.world import World

#: A unit with knowledge and competence criteria, and one criterion of each kind.
UNIT = "A-506-2130"
KNOWLEDGE = "1.1"
COMPETENCE = "4.1"
YES = Declaration(declared=True, no_customer_named=True, ai_use=AiUse.NONE)


def facts(world: World, **changed: Any) -> dict[str, Any]:
    """Every field of a piece that may be sent."""
    return {
        "kind": EvidenceKind.WRITING,
        "title": "Refund for a broken kettle",
        "activity_date": world.today - dt.timedelta(days=3),
        "setting": Setting.REAL_WORK,
        "place": "Till 4, Northgate store",
        "description": "I listened, said sorry and gave the customer a refund.",
        "body": "A customer came to my till with a kettle that did not work.",
        **changed,
    }


def draft(world: World, who: str = "LA1", **changed: Any) -> Evidence:
    """A draft with every field filled in, no file and no criteria."""
    actor, at = world.actor(who), changed.pop("at", None) or clock.now()
    started = start_evidence(actor=actor, kind=changed.get("kind", EvidenceKind.WRITING), at=at)
    return save_draft(actor=actor, evidence=started, revision=1, fields=facts(world, **changed), at=at)


def choose(
    world: World, evidence: Evidence, who: str = "LA1", numbers: Sequence[str] = (KNOWLEDGE,), unit: str = UNIT
) -> None:
    """Tick criteria of a unit."""
    chosen = [ticked(world, number, who, unit) for number in numbers]
    set_mappings(actor=world.actor(who), evidence=evidence, chosen=chosen, unsure=not chosen, at=clock.now())


def ticked(world: World, number: str, who: str = "LA1", unit: str = UNIT, **place: Any) -> Chosen:
    """One tick."""
    return Chosen(world.unit(who, unit).public_id, world.criterion(unit, number).public_id, **place)


def with_file(
    world: World,
    evidence: Evidence,
    who: str = "LA1",
    *,
    name: str = "photo.jpg",
    content: bytes = b"",
    checked: bool = True,
) -> EvidenceFile:
    """Add a photo (or `content`) to a draft; `checked`: the worker has been at it."""
    received = receive_file(
        actor=world.actor(who),
        evidence=evidence,
        name=name,
        content=files.upload(name, content or files.jpeg()),
        at=clock.now(),
    )
    if checked:
        prepare_file(file_id=received.pk, at=clock.now())
        make_copy(file_id=received.pk, at=clock.now())
    return EvidenceFile.objects.for_centre(evidence.centre_id).get(pk=received.pk)


def sent(
    world: World,
    who: str = "LA1",
    numbers: Sequence[str] = (KNOWLEDGE,),
    *,
    at: dt.datetime | None = None,
    unit: str = UNIT,
    **changed: Any,
) -> EvidenceVersion:
    """A piece that was sent: its version 1. `kind="media"` gives it a photo."""
    piece = draft(world, who, at=at, **changed)
    if changed.get("kind") == EvidenceKind.MEDIA:
        with_file(world, piece, who)
    choose(world, piece, who, numbers, unit)
    return send(world, piece, who, at=at)


def send(world: World, evidence: Evidence, who: str = "LA1", *, at: dt.datetime | None = None) -> EvidenceVersion:
    """Send a draft as its learner."""
    return submit_evidence(
        actor=world.actor(who), evidence=evidence, revision=again(evidence).revision, answers=YES, at=at or clock.now()
    )


def open_it(world: World, version: EvidenceVersion, by: str = "AA1") -> EvidenceVersion:
    """The version, opened by somebody; its evidence as it is then."""
    open_version(actor=world.actor(by), version=version, at=clock.now())
    version.evidence = again(version.evidence)
    return version


def opened(world: World, who: str = "LA1", by: str = "AA1", **changed: Any) -> EvidenceVersion:
    """A sent piece that its assessor has opened."""
    return open_it(world, sent(world, who, **changed), by)


def again(evidence: Evidence) -> Evidence:
    """The piece as it is in the database now."""
    return Evidence.objects.for_centre(evidence.centre_id).select_related("learner").get(pk=evidence.pk)
