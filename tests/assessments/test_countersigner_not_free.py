"""A named countersigner who may not countersign counts as nobody: others may, and lists say what the rule says (R6, R8)."""

import datetime as dt

import pytest

from assessments.models import Judgement
from assessments.queries.core import to_countersign, units_to_countersign
from assessments.services import countersign, countersign_unit
from centres import services as cs
from centres.enums import Role
from centres.models import Countersigner, Membership
from common import clock
from common.refusals import Refused
from portfolio import services as ps
from tests.assessments.conftest import judge, open_it, sender
from tests.assessments.test_sign_off import KEY, complete, sign
from tests.cases.test_holding import _trainee_unit
from tests.factories.world import DIPLOMA

DAY = dt.timedelta(days=1)


def alongside(world, to="AA2"):
    cs.allocate(
        actor=world.actor("CA"),
        learner=world.learners["LA3"],
        assessor_id=world.people[to].pk,
        starts_on=world.today,
        alongside=True,
        at=clock.now(),
    )


def named(world, who="DUO"):
    """`who` countersigns for AT1 in the place of AA2."""
    ca = world.actor("CA")
    cs.set_countersigner(
        actor=ca,
        trainee_id=world.people["AT1"].pk,
        countersigner_id=world.people[who].pk,
        starts_on=world.today,
        at=clock.now(),
    )
    link = Countersigner.objects.for_centre(ca.centre_id).get(countersigner=world.people["AA2"])
    cs.end_countersigner(actor=ca, link=link, on=world.today - DAY, at=clock.now())


def assures(world, who="DUO"):
    """The office lets them quality-assure the diploma: nothing speaks against it."""
    cs.grant_role(
        actor=world.actor("CA"),
        person=world.people[who],
        role=Role.IQA,
        starts_on=world.today,
        entry_codes=[DIPLOMA],
        at=clock.now(),
    )


def trains(world, who="DUO"):
    rows = Membership.objects.for_centre(world.learners["LA3"].centre_id).filter(person=world.people[who])
    rows.filter(role=Role.ASSESSOR).update(role=Role.TRAINEE)


def leaves(world, who="DUO"):
    cs.end_access(actor=world.actor("CA"), person=world.people[who], at=clock.now())


HINDERED = [assures, trains, leaves]


def decided_by_trainee(world):
    piece = sender(world)("LA3", numbers=["4.1"])
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    judge(world, piece, by="AT1")
    return piece, Judgement.objects.for_centre(piece.centre_id).get(mapping__evidence=piece)


def lets(act, **given):
    try:
        act(agrees=True, at=clock.now(), **given)
    except Refused:
        return False
    return True


def test_the_queue_of_decisions_lists_only_what_the_rule_lets_through(world):
    piece, decision = decided_by_trainee(world)
    named(world)
    assures(world)
    actor = world.actor("DUO")
    ps.open_version(actor=actor, version=piece.versions.get(), at=clock.now())
    assert not to_countersign(actor).exists()
    assert not lets(countersign, actor=actor, judgement=decision)


def test_the_queue_of_units_lists_only_what_the_rule_lets_through(world):
    _trainee_unit(world)
    named(world)
    sign(world, "LA3", "AT1")
    assures(world)
    actor, unit = world.actor("DUO"), world.unit("LA3", KEY)
    assert not units_to_countersign(actor).exists()
    assert not lets(countersign_unit, actor=actor, learner_unit=unit, reauthenticated=True)


@pytest.mark.parametrize("happens", HINDERED)
def test_a_decision_is_for_who_judges_there_when_who_is_named_may_not(world, happens):
    piece, decision = decided_by_trainee(world)
    named(world)
    alongside(world, "AA1")
    assert not to_countersign(world.actor("AA1")).exists()
    happens(world)
    assert list(to_countersign(world.actor("AA1"))) == [decision]
    ps.open_version(actor=world.actor("AA1"), version=piece.versions.get(), at=clock.now())
    assert lets(countersign, actor=world.actor("AA1"), judgement=decision)


@pytest.mark.parametrize("happens", HINDERED)
def test_a_unit_is_for_any_qualified_assessor_when_who_is_named_may_not(world, happens):
    _trainee_unit(world)
    named(world)
    sign(world, "LA3", "AT1")
    assert not units_to_countersign(world.actor("AA1")).exists()
    happens(world)
    unit = world.unit("LA3", KEY)
    assert list(units_to_countersign(world.actor("AA1"))) == [unit]
    assert lets(countersign_unit, actor=world.actor("AA1"), learner_unit=unit, reauthenticated=True)


@pytest.mark.parametrize("happens", HINDERED)
def test_who_decided_in_a_unit_is_no_longer_counted_when_the_free_one_goes(world, happens):
    """AA2 is named and signed the unit; DUO was free when it was signed."""
    complete(world, "LA3", "AT1")
    for decision in to_countersign(world.actor("AA2")):
        ps.open_version(actor=world.actor("AA2"), version=decision.version, at=clock.now())
        countersign(actor=world.actor("AA2"), judgement=decision, agrees=True, at=clock.now())
    alongside(world)
    cs.set_countersigner(
        actor=world.actor("CA"),
        trainee_id=world.people["AT1"].pk,
        countersigner_id=world.people["DUO"].pk,
        starts_on=world.today,
        at=clock.now(),
    )
    sign(world, "LA3", "AA2")
    assert units_to_countersign(world.actor("DUO")).exists()
    assert not units_to_countersign(world.actor("AA1")).exists()
    happens(world)
    assert list(units_to_countersign(world.actor("AA1"))) == [world.unit("LA3", KEY)]


def test_who_is_named_later_and_signed_the_unit_is_not_free(world):
    complete(world, "LA3", "AT1")
    for decision in to_countersign(world.actor("AA2")):
        ps.open_version(actor=world.actor("AA2"), version=decision.version, at=clock.now())
        countersign(actor=world.actor("AA2"), judgement=decision, agrees=True, at=clock.now())
    alongside(world, "AA1")
    sign(world, "LA3", "AA1")
    named(world, "AA1")
    assert not units_to_countersign(world.actor("AA1")).exists()
    assert units_to_countersign(world.actor("AA2")).exists()
