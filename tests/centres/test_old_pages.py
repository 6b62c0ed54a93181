"""Whoever acts from a page that shows another state is told so and what to look at, and nothing is written."""

import pytest

from audit.models import Event
from centres import services as cs
from centres.enums import Role
from centres.models import Allocation, Countersigner, Registration
from centres.queries.seen import choice_mark, days_mark, person_mark, registrations_mark, rule_mark, rules_mark
from common import clock
from common.refusals import Stale
from tests.centres import test_external as external
from tests.centres import test_gates as gates
from tests.centres.acts import held
from tests.factories import moving as made
from tests.factories import rules as rulers
from tests.factories.world import A, found

ELSEWHERE = "a page of another day"


def office(world, act, **given):
    return act(actor=world.actor("CA"), at=clock.now(), **given)


def role(world):
    return held(world, "QA", Role.IQA)


def allocation(world):
    return Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"])


def link(world):
    return Countersigner.objects.for_centre(world.centres[A].pk).get()


def registration(world):
    return Registration.objects.for_centre(world.centres[A].pk).get(pk=world.registrations["LA1"].pk)


def of_person(who):
    return lambda world: person_mark(world.centres[A].pk, world.people[who].pk)


def of_rules(world):
    return rules_mark(world.centres[A].pk)


def grant(world, **seen):
    return office(world, cs.grant_role, person=world.people["AA1"], role=Role.ADMIN, starts_on=world.today, **seen)


def countersigner(world, **seen):
    pair = {"trainee_id": world.people["AT1"].pk, "countersigner_id": world.people["AA1"].pk}
    return office(world, cs.set_countersigner, starts_on=world.today, **pair, **seen)


def more(world, **seen):
    wanted = {"qualification_id": world.certificate.pk, "place_ids": (), "starts_on": world.today}
    initial = found(world, world.certificate.level)
    return office(world, cs.add_registration, learner=world.learners["LA1"], initial=initial, **wanted, **seen)


def move(world, **seen):
    wanted = {"qualification_id": world.certificate.pk, "place_ids": (), "reason": made.WHY}
    return office(world, cs.move_registration, registration=registration(world), **wanted, **seen)


DATES = "Look at the dates, then save again."
CHANGED = "This changed while you had the page open."

PAGES = [
    (grant, of_person("AA1"), CHANGED),
    (
        lambda world, **seen: office(world, cs.end_membership, membership=role(world), on=world.today, **seen),
        lambda world: days_mark(role(world)),
        "Look at its dates, then save again.",
    ),
    (
        lambda world, **seen: office(world, cs.end_access, person=world.people["QA"], **seen),
        of_person("QA"),
        CHANGED,
    ),
    (
        lambda world, **seen: office(world, cs.send_link_again, person=world.people["QA"], **seen),
        of_person("QA"),
        CHANGED,
    ),
    (
        lambda world, **seen: office(world, cs.end_allocation, allocation=allocation(world), on=world.today, **seen),
        lambda world: days_mark(allocation(world)),
        DATES,
    ),
    (
        lambda world, **seen: office(world, cs.end_countersigner, link=link(world), on=world.today, **seen),
        lambda world: days_mark(link(world)),
        DATES,
    ),
    (countersigner, of_person("AT1"), CHANGED),
    (
        more,
        lambda world: registrations_mark(world.centres[A].pk, world.learners["LA1"].pk),
        "The registrations of Amina Okafor-LA1 changed while you had this page open.",
    ),
    (move, lambda world: choice_mark(registration(world)), CHANGED),
    (rulers.proposed, of_rules, "The rules of your centre changed"),
    (rulers.exception, of_rules, "The rules of your centre changed"),
    (
        external.propose,
        lambda world: external.proposals_mark(world.centres[A].pk),
        "Look at the list, then save again.",
    ),
    (
        gates.letter,
        lambda world: gates.reads.approval_mark(
            gates.reads.newest_approval(world.centres[A].pk, "OCR", world.diploma.entry_code)
        ),
        "Somebody recorded another approval",
    ),
    (
        gates.identify,
        lambda world: gates.reads.identity_mark(gates.reads.identity_of(world.centres[A].pk, world.learners["LA1"].pk)),
        "Somebody recorded a check of this identity",
    ),
    (
        lambda world, **seen: gates.switch(world, asks_identity=False, **seen),
        lambda world: gates.reads.policy_mark(gates.reads.policy_of(world.centres[A].pk)),
        "Somebody changed this page while you had it open.",
    ),
]


@pytest.mark.parametrize(("act", "shown", "words"), PAGES)
def test_an_act_from_an_old_page_is_told_and_from_the_present_one_done(world, act, shown, words):
    before = Event.objects.count()
    with pytest.raises(Stale) as told:
        act(world, seen=ELSEWHERE)
    assert words in told.value.refusals[0].sentence
    assert Event.objects.count() == before
    act(world, seen=shown(world))
    assert Event.objects.count() > before


@pytest.mark.parametrize("act", [act for act, _shown, _words in PAGES])
def test_what_no_page_was_made_for_is_not_compared(world, act):
    before = Event.objects.count()
    act(world, seen=None)
    assert Event.objects.count() > before


def test_a_rule_that_somebody_decided_about_meanwhile_is_told_with_the_time(world):
    rule = rulers.proposed(world)
    shown = rule_mark(rule, None)
    rulers.lead(world, "QA")
    rulers.lead(world, "AA2")
    decide = {"rule": rule, "agrees": True, "seen": shown}
    decision = cs.decide_rule(actor=world.actor("QA"), at=clock.now(), **decide)
    with pytest.raises(Stale) as told:
        cs.decide_rule(actor=world.actor("AA2"), at=clock.now(), **decide)
    assert told.value.at == decision.at
    assert told.value.refusals[0].sentence == "Somebody decided about this rule while you had the page open."
