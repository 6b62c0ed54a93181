"""Reopening when the signer is gone, answering a dispute, confirming for somebody who left (R83, R84, T8, J2)."""

import json

import pytest

from assessments import services
from assessments.rules import signing
from audit.models import Event
from centres import services as centres
from centres.enums import Role, UnitState
from centres.models import Assurance, Membership
from common import clock
from common.refusals import Refused
from tests.assessments.conftest import KEY
from tests.assessments.test_sign_off import WHY, codes, complete, confirm, reopen, sign, state
from tests.factories.catalogue import CERTIFICATE, DIPLOMA

ANSWER = "I looked again: 1.1 is decided again."


def lead(world, who="QA", code=DIPLOMA):
    """Make somebody the lead quality assurer of a qualification."""
    row = Membership.objects.create(
        centre=world.centres["10001"],
        person=world.people[who],
        role=Role.LEAD_IQA,
        starts_on=world.today,
        created_at=world.at,
    )
    Assurance.objects.create(centre=row.centre, membership=row, entry_code=code)


def gone(world, who="LA1"):
    centres.end_access(actor=world.actor("CA"), person=world.people[who], at=clock.now())


def answer(world, by="AA1", words=ANSWER):
    return services.answer_dispute(
        actor=world.actor(by), learner_unit=world.unit("LA1", KEY), answer=words, at=clock.now()
    )


def for_absent(world, by="CA", reason=WHY, again=True):
    return services.confirm_for_absent(
        actor=world.actor(by),
        learner_unit=world.unit("LA1", KEY),
        reason=reason,
        reauthenticated=again,
        at=clock.now(),
    )


def test_the_office_reopens_when_the_signer_is_gone(world):
    complete(world)
    signed = sign(world)
    gone(world, "AA1")
    entry = reopen(world, by="CA")
    assert state(world) == UnitState.IN_PROGRESS
    assert json.loads(entry.payload)["voids"] == signed.digest
    assert Event.objects.filter(action="unit.reopened").count() == 1


def test_the_lead_quality_assurer_of_this_qualification_reopens(world):
    complete(world)
    sign(world)
    assert codes(reopen, world, by="QA") == ["not-signer"]  # assures it, and does not lead
    lead(world, code=CERTIFICATE)
    assert codes(reopen, world, by="QA") == ["not-signer"]
    lead_of_this = Assurance.objects.across_centres(reason="a test").get(entry_code=CERTIFICATE)
    lead_of_this.entry_code = DIPLOMA
    lead_of_this.save()
    reopen(world, by="QA")
    assert state(world) == UnitState.IN_PROGRESS


def test_a_signer_who_no_longer_looks_after_the_learner_does_not_reopen(world):
    complete(world)
    sign(world)
    centres.allocate(
        actor=world.actor("CA"),
        learner=world.learners["LA1"],
        assessor_id=world.people["AA2"].pk,
        starts_on=world.today,
        reason="moves",
        at=clock.now(),
    )
    assert codes(reopen, world, by="AA1") == ["not-signer"]
    assert codes(reopen, world, by="AA2") == ["not-signer"]


def test_an_admin_who_assesses_the_learner_is_no_third_person(world):
    Membership.objects.create(
        centre=world.centres["10001"],
        person=world.people["AA1"],
        role=Role.ADMIN,
        starts_on=world.today,
        created_at=world.at,
    )
    complete(world, by="AA1")
    sign(world)
    assert codes(for_absent, world, by="AA1") == ["learner-here", "not-manager", "took-part"]


def test_reopening_takes_the_proof_of_who_one_is(world):
    complete(world)
    sign(world)
    with pytest.raises(Refused) as caught:
        services.reopen_unit(actor=world.actor("AA1"), learner_unit=world.unit("LA1", KEY), reason=WHY, at=clock.now())
    assert [r.code for r in caught.value.refusals] == ["prove-again"]


@pytest.mark.parametrize(("length", "found"), [(9, ["no-reason"]), (10, [])])
def test_a_reason_has_ten_letters_at_least(length, found):
    facts = signing.ReopenFacts(UnitState.ACHIEVED, "x" * length, reauthenticated=True, leads=True)
    assert [r.code for r in signing.why_not_reopen(facts)] == found


def test_nobody_reopens_their_own_unit():
    facts = signing.ReopenFacts(UnitState.ACHIEVED, WHY, reauthenticated=True, manages=True, own_unit=True)
    assert [r.code for r in signing.why_not_reopen(facts)] == ["own-unit"]


def disputed(world):
    complete(world)
    sign(world)
    confirm(world, agrees=False, reason="1.1 is not mine.")


def test_a_disputed_unit_is_blocked_until_somebody_answers(world):
    disputed(world)
    assert codes(sign, world) == ["disputed"]
    entry = answer(world)
    assert json.loads(entry.payload)["answers"]
    assert not world.unit("LA1", KEY).disputed
    sign(world)
    confirm(world)
    assert state(world) == UnitState.ACHIEVED


@pytest.mark.parametrize("by", ["AA2", "QA", "CA", "LA1"])
def test_others_do_not_answer(world, by):
    disputed(world)
    assert codes(answer, world, by=by) == ["not-yours"]


def test_an_answer_is_words_and_is_given_once(world):
    disputed(world)
    assert codes(answer, world, words="No.") == ["no-answer"]
    answer(world)
    assert codes(answer, world) == ["not-disputed"]


def test_a_unit_whose_learner_left_is_confirmed_by_the_office(world):
    complete(world)
    sign(world)
    assert codes(for_absent, world) == ["learner-here"]
    gone(world)
    assert codes(for_absent, world, reason="left") == ["no-reason"]
    assert codes(for_absent, world, again=False) == ["prove-again"]
    assert codes(for_absent, world, by="QA") == ["not-manager"]
    for_absent(world)
    assert state(world) == UnitState.ACHIEVED
    assert codes(for_absent, world) == ["not-open"]


def test_who_took_part_does_not_confirm_for_somebody_who_left(world):
    complete(world)
    sign(world)
    gone(world)
    lead(world, "AA1")
    assert codes(for_absent, world, by="AA1") == ["took-part"]
    assert state(world) == UnitState.ASSESSOR_SIGNED
