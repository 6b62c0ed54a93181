"""Somebody who moves: what they are registered for before and after, reached by calling services."""

import dataclasses
import datetime as dt
from functools import cache
from typing import Any

from assessments.services import sign_off, transfer_registration
from assessments.services.signing import confirm_unit
from centres.models import LearnerUnit, Registration
from centres.services import add_registration
from common import clock
from portfolio.models import Evidence
from portfolio.services import Chosen, save_draft, set_mappings, start_evidence
from qualifications.models import Criterion, Place, Qualification
from qualifications.rules.files import GroupFile, PlaceFile
from qualifications.services import Catalogue, publish_catalogue, read_catalogue
from tests.assessments.conftest import judge, open_it
from tests.factories import portfolio as made
from tests.factories.catalogue import FOLDER, LAST_ENTRY, only
from tests.factories.remembered import remembered
from tests.factories.world import World, approve_all, found

LEGACY = "03455"
#: A small legacy certificate: two units that everybody takes, one about the telephone and one about complaints.
LEGACY_UNITS = (
    "F-601-1609",
    "L-601-1614",
    "ocr-a11-deal-with-incoming-telephone-calls-from-customers",
    "ocr-c7-process-customer-service-complaints",
)
PHONE = LEGACY_UNITS[2]
#: Level 3, with two units that stand in the level 2 diploma word for word.
HIGHER = "10380"
SHARED = ("D-506-2119", "L-506-2133")
#: A qualification that a test shapes as it likes.
SHAPED = "10999"
HIGHER_UNITS = (*SHARED, "J-506-2910", "D-506-2170")
WHY = "The employer asked for the newer qualification."


@cache
def _catalogue() -> Catalogue:
    whole = read_catalogue(FOLDER)
    found = {q.entry_code: q for q in whole.qualifications}
    kept = (only(found[LEGACY], set(LEGACY_UNITS)), only(found[HIGHER], set(HIGHER_UNITS)))
    kept = tuple(dataclasses.replace(q, last_certification_on=None, last_registration_on=LAST_ENTRY) for q in kept)
    names = {p.unit for q in kept for g in q.groups for p in g.places}
    return Catalogue({key: unit for key, unit in whole.units.items() if key in names}, kept)


def publish_more(at: dt.datetime) -> None:
    """Publish the legacy certificate and the higher diploma beside the small catalogue, approved everywhere."""
    remembered("more", lambda at: _publish(_catalogue(), at), at)


def _publish(catalogue: Catalogue, at: dt.datetime) -> None:
    publish_catalogue(catalogue, at=at)
    approve_all(at)


def publish_shaped(at: dt.datetime, *groups: GroupFile, barred: tuple[tuple[str, ...], ...] = ()) -> None:
    """Publish one more qualification of these groups, of units that the higher diploma has: 10 credits."""
    higher = next(q for q in _catalogue().qualifications if q.entry_code == HIGHER)
    file = dataclasses.replace(
        higher,
        entry_code=SHAPED,
        title="OCR Level 3 Award in Shapes",
        ofqual_number=None,
        credit=10,
        credit_at_level=None,
        credit_at_or_above=None,
        replaces_code=None,
        groups=groups,
        barred=barred,
    )
    units = {p.unit for g in groups for p in g.places}
    kept = {key: unit for key, unit in _catalogue().units.items() if key in units}
    remembered(("shaped", groups, barred), lambda at: _publish(Catalogue(kept, (file,)), at), at)


def group(code: str, *units: str, mandatory: bool = False, **limits: int) -> GroupFile:
    """A group with these units."""
    parts = ("min_credit", "max_credit", "exact_credit", "min_units", "max_units")
    places = tuple(PlaceFile(f"{code}{n}", unit) for n, unit in enumerate(units, start=1))
    return GroupFile(code, f"Group {code}", mandatory, *(limits.get(p) for p in parts), True, places)


def qualification(code: str) -> Qualification:
    """The latest version of a qualification."""
    return Qualification.objects.filter(entry_code=code).order_by("-version").first()


def places(code: str, *, mandatory: bool = False) -> list[Place]:
    """The optional places of a qualification (or all)."""
    rows = Place.objects.filter(group__qualification=qualification(code))
    return list(rows if mandatory else rows.filter(group__mandatory=False))


def register(world: World, code: str, who: str = "LA2", by: str = "CA") -> Registration:
    """One more registration for somebody, with every unit."""
    row = add_registration(
        actor=world.actor(by),
        learner=world.learners[who],
        qualification_id=qualification(code).pk,
        place_ids=[p.pk for p in places(code)],
        starts_on=world.today,
        initial=found(world, qualification(code).level),
        at=clock.now(),
    )
    return Registration.objects.for_centre(row.centre_id).select_related("learner", "qualification").get(pk=row.pk)


def unit_of(registration: Registration, key: str) -> LearnerUnit:
    """A unit of a registration, fresh."""
    rows = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration=registration)
    return rows.select_related("unit", "place", "learner", "registration").get(unit__key=key)


def move(world: World, registration: Registration, code: str, *, by: str = "CA", **changed: Any) -> Registration:
    """Move a registration to another qualification, with every unit."""
    asked = {
        "actor": world.actor(by),
        "registration": registration,
        "qualification_id": qualification(code).pk,
        "place_ids": [p.pk for p in places(code)],
        "reason": WHY,
        "at": clock.now(),
        **changed,
    }
    row = transfer_registration(**asked)
    rows = Registration.objects.for_centre(row.centre_id).select_related("learner", "qualification", "moved_from")
    return rows.get(pk=row.pk)


def piece(
    world: World, unit: LearnerUnit, numbers: list[str], who: str, *, send: bool = True, **words: Any
) -> Evidence:
    """A piece of a learner, offered for criteria of one unit and sent."""
    actor, at = world.actor(who), clock.now()
    started = start_evidence(actor=actor, kind="writing", at=at)
    written = save_draft(
        actor=actor, evidence=started, revision=started.revision, fields=made.facts(world, **words), at=at
    )
    criteria = Criterion.objects.filter(unit_id=unit.unit_id, number__in=numbers)
    chosen = [Chosen(unit.public_id, c.public_id) for c in criteria]
    set_mappings(actor=actor, evidence=written, chosen=chosen, unsure=False, at=at)
    if send:
        made.send(world, written, who)
    return made.again(written)


def judged(
    world: World, unit: LearnerUnit, numbers: list[str], who: str, by: str, *, verdict: str = "met", **words: Any
) -> Evidence:
    """The same, opened and decided."""
    sent = piece(world, unit, numbers, who, **words)
    open_it(world, sent, by)
    fresh = made.again(sent)
    judge(world, fresh, by=by, verdict=verdict)
    return made.again(fresh)


def achieved(world: World, unit: LearnerUnit, who: str, by: str) -> LearnerUnit:
    """A unit with every criterion met on one piece, signed and confirmed."""
    numbers = list(Criterion.objects.filter(unit_id=unit.unit_id).order_by("position").values_list("number", flat=True))
    judged(world, unit, numbers, who, by)
    sign_off(actor=world.actor(by), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    confirm_unit(actor=world.actor(who), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now())
    return unit_of(unit.registration, unit.unit.key)


def whole_award(world: World, who: str = "LA1", by: str = "AA1", *, but: int = 0) -> Registration:
    """A registration for a small award of three units, all but the last `but` of them signed off and confirmed."""
    keys = (*SHARED, HIGHER_UNITS[3])
    publish_more(world.at)
    publish_shaped(world.at, group("A", *keys, mandatory=True))
    row = register(world, SHAPED, who)
    for key in keys[: len(keys) - but]:
        achieved(world, unit_of(row, key), who, by)
    return row
