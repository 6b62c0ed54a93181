"""Rules about evidence, made the way people make them: one proposes, another agrees."""

import datetime as dt
from typing import Any

from centres import services
from centres.enums import Role
from centres.models import Membership, SufficiencyRule
from common import clock
from tests.factories.portfolio import UNIT
from tests.factories.world import A, World

WHY = "Two of three samples in spring rested on one piece."


def lead(world: World, code: str = "QA") -> str:
    """Make somebody a lead quality assurer of centre A as well, once."""
    since = world.today - dt.timedelta(days=30)
    Membership.objects.for_centre(world.centres[A].pk).get_or_create(
        person=world.people[code],
        role=Role.LEAD_IQA,
        defaults={"centre": world.centres[A], "starts_on": since, "created_at": world.at},
    )
    return code


def proposed(world: World, by: str = "CA", **changed: Any) -> SufficiencyRule:
    """A rule of centre A that waits for a second person: two pieces for everything."""
    facts: dict[str, Any] = {
        "unit_key": "",
        "kind": "",
        "asked": {"pieces": 2},
        "starts_on": world.today,
        "reason": WHY,
        **changed,
    }
    return services.propose_rule(actor=world.actor(by), at=clock.now(), **facts)


def exception(world: World, by: str = "CA", who: str = "LA1", number: str = "4.1", **changed: Any) -> SufficiencyRule:
    """An exception that waits for a second person: one piece is enough for this learner."""
    criterion = number and ("0" * 26 if number == "9.9" else world.criterion(UNIT, number).public_id)
    facts: dict[str, Any] = {
        "asked": {},
        "eases": True,
        "starts_on": world.today,
        "reason": "Their workplace closed; the assessor saw the rest.",
        **changed,
    }
    return services.propose_exception(
        actor=world.actor(by), learner_unit=world.unit(who, UNIT), criterion=criterion, at=clock.now(), **facts
    )


def agree(world: World, row: SufficiencyRule, by: str = "", *, agrees: bool = True, note: str = "") -> SufficiencyRule:
    """Let a second person decide about it."""
    who = by or lead(world)
    services.decide_rule(actor=world.actor(who), rule=row, agrees=agrees, note=note, at=clock.now())
    return row


def rule(world: World, **changed: Any) -> SufficiencyRule:
    """A rule of centre A that counts."""
    return agree(world, proposed(world, **changed))
