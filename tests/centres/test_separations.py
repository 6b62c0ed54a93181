"""Section 4, hard separations, by person: each that the product has so far, one row each, on both databases.

Witnesses, plans, claims, appeals, investigations and credentials have no act in the product yet, so there is nothing of
theirs to separate. What moves do to it stands in `test_separations_moved`.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from assessments import services as assessing
from assessments.services import Certificate
from centres import services as cs
from centres.enums import Role
from centres.models import Allocation, Assurance, Membership, Registration
from common import clock
from common.refusals import Forbidden, Refused
from portfolio.enums import MappingState
from qualifications.enums import DraftState
from qualifications.services import approve_draft
from tests.assessments.conftest import judge, open_it, sender
from tests.centres.test_external import propose
from tests.centres.test_gates import identify
from tests.centres.test_registering import register
from tests.factories import moving as made
from tests.factories import rules as rulers
from tests.factories.drafts import draft_of
from tests.factories.world import DIPLOMA, A, World, approve_all

OTHER = "L-506-2133"


def also(world: World, who: str, role: Role, *codes: str) -> None:
    """Write a role as a fault or a shell could: the acts are refused all the same."""
    row = Membership.objects.create(
        centre=world.centres[A], person=world.people[who], role=role, starts_on=world.today, created_at=world.at
    )
    for code in codes:
        Assurance.objects.create(centre=row.centre, membership=row, entry_code=code)


def allocate(world: World, assessor: str, by: str = "CA", who: str = "LA1", **more: Any) -> Any:
    return cs.allocate(
        actor=world.actor(by),
        learner=world.learners[who],
        assessor_id=world.people[assessor].pk,
        starts_on=world.today,
        reason="moves",
        at=clock.now(),
        **more,
    )


def learner_is_not_their_assessor(world):
    also(world, "LA1", Role.ASSESSOR)
    allocate(world, "LA1")


def learner_does_not_judge_their_own(world):
    also(world, "LA1", Role.ASSESSOR)
    piece = sender(world)("LA1", numbers=["4.1"])
    open_it(world, piece, "AA1")
    piece.refresh_from_db()
    judge(world, piece, by="LA1")


def learner_does_not_sign_their_own(world):
    also(world, "LA1", Role.ASSESSOR)
    assessing.sign_off(
        actor=world.actor("LA1"),
        learner_unit=world.unit("LA1", OTHER),
        declared=True,
        reauthenticated=True,
        at=world.at,
    )


def assurer_does_not_assess_what_they_assure(world):
    also(world, "AA2", Role.IQA, DIPLOMA)
    allocate(world, "AA2")


def assurer_does_not_get_a_new_learner_of_it(world):
    also(world, "AA2", Role.LEAD_IQA, DIPLOMA)
    register(world, assessor_id=world.people["AA2"].pk)


def assessor_does_not_assure_what_they_assess(world):
    cs.grant_role(
        actor=world.actor("CA"),
        person=world.people["AA1"],
        role=Role.IQA,
        starts_on=world.today,
        entry_codes=[DIPLOMA],
        at=clock.now(),
    )


def trainee_does_not_countersign_themselves(world):
    cs.set_countersigner(
        actor=world.actor("CA"),
        trainee_id=world.people["AT1"].pk,
        countersigner_id=world.people["AT1"].pk,
        starts_on=world.today,
        at=clock.now(),
    )


def assurer_of_everything_is_not_named_to_countersign(world):
    also(world, "AA1", Role.IQA, DIPLOMA)
    cs.set_countersigner(
        actor=world.actor("CA"),
        trainee_id=world.people["AT1"].pk,
        countersigner_id=world.people["AA1"].pk,
        starts_on=world.today,
        at=clock.now(),
    )


def decider_does_not_countersign_their_own(world):
    piece = sender(world)("LA3", numbers=["4.1"])
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    review = judge(world, piece, by="AT1")
    Membership.objects.for_centre(world.centres[A].pk).filter(person=world.people["AT1"]).update(role=Role.ASSESSOR)
    assert piece.mappings.get().state == MappingState.MET_PROVISIONAL
    assessing.countersign(
        actor=world.actor("AT1"), judgement=review.judgements.get(), agrees=True, reason="", at=clock.now()
    )


def registrar_does_not_assess(world):
    also(world, "CA", Role.ASSESSOR)
    allocate(world, "CA")


def registrar_does_not_make_the_exception_for_themselves(world):
    also(world, "CA", Role.ASSESSOR)
    allocate(world, "CA", exception="Nobody else assesses this qualification here.")


def third_person_says_why_the_registrar_assesses(world):
    also(world, "CA", Role.ASSESSOR)
    also(world, "AA2", Role.ADMIN)
    allocate(world, "CA", by="AA2")


def assessor_does_not_register_their_own_learner(world):
    also(world, "AA1", Role.ADMIN)
    from tests.centres.test_apart import add

    add(world, by="AA1")


def assessor_does_not_move_their_own_learner(world):
    also(world, "AA1", Role.ADMIN)
    row = Registration.objects.for_centre(world.centres[A].pk).get(pk=world.registrations["LA1"].pk)
    cs.move_registration(
        actor=world.actor("AA1"),
        registration=row,
        qualification_id=world.certificate.pk,
        place_ids=(),
        reason="The level fits better.",
        at=clock.now(),
    )


def assurer_does_not_countersign_what_they_assure(world):
    piece = sender(world)("LA3", numbers=["4.1"])
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    review = judge(world, piece, by="AT1")
    also(world, "AA2", Role.IQA, DIPLOMA)
    open_it(world, piece, "AA2")
    assessing.countersign(
        actor=world.actor("AA2"), judgement=review.judgements.get(), agrees=True, reason="", at=clock.now()
    )


def assurer_does_not_countersign_a_unit_of_what_they_assure(world):
    also(world, "AA2", Role.IQA, DIPLOMA)
    assessing.countersign_unit(
        actor=world.actor("AA2"),
        learner_unit=world.unit("LA3", OTHER),
        agrees=True,
        reauthenticated=True,
        at=clock.now(),
    )


def assurer_does_not_come_to_assess_by_an_added_registration(world):
    also(world, "AA1", Role.IQA, world.certificate.entry_code)
    from tests.centres.test_apart import add

    add(world)


def assurer_does_not_come_to_assess_by_a_move(world):
    made.publish_more(world.at)
    approve_all(world.at)
    also(world, "AA1", Role.IQA, made.HIGHER)
    made.move(world, world.registrations["LA1"], made.HIGHER)


def visitor_elsewhere_is_not_registered_under_the_same_body(world):
    Assurance.objects.for_centre(world.centres[A].pk).update(awarding_body=world.diploma.awarding_body)
    register(world, by="CB", assessor_id=None, email=world.people["EA"].email)


def visitor_elsewhere_does_not_bring_their_centre_under_the_same_body(world):
    from tests.centres.test_coming_under import approve, looks_into_a, new_centre

    new_centre(world)
    looks_into_a(world)
    approve(world)


def exemption_is_not_approved_by_who_recorded_it(world):
    row = assessing.record_exemption(
        actor=world.actor("CA"),
        learner_unit=world.unit("LA1", OTHER),
        certificate=Certificate("OCR", "L/506/2133", "The same unit", world.today, "123", "the paper itself"),
        at=clock.now(),
    )
    assessing.settle_exemption(actor=world.actor("CA"), exemption=row, approves=True, reason="", at=clock.now())


def rule_is_not_agreed_by_its_author(world):
    cs.decide_rule(actor=world.actor("CA"), rule=rulers.proposed(world), agrees=True, at=clock.now())


def draft_is_not_approved_by_its_author(world):
    draft = draft_of(world.centres[A], world.people["CA"], state=DraftState.SUBMITTED)
    approve_draft(actor=world.actor("CA"), draft=draft, revision=draft.revision, at=clock.now())


def purge_is_not_agreed_by_who_asked(world):
    also(world, "AA1", Role.ADMIN)
    piece = sender(world)("LA1", numbers=["4.1"])
    row = assessing.ask_purge(
        actor=world.actor("AA1"),
        evidence=piece,
        version_number=1,
        reason="It names a customer.",
        words=True,
        at=clock.now(),
    )
    assessing.decide_purge(actor=world.actor("AA1"), purge=row, agrees=True, at=clock.now())


def visitor_is_not_let_in_by_who_proposed_them(world):
    cs.decide_external(actor=world.actor("CA"), proposal=propose(world), agrees=True, at=clock.now())


def visitor_holds_no_role_of_the_same_body_anywhere(world):
    propose(world, email=world.people["AB1"].email)


def learner_does_not_see_their_own_document(world):
    also(world, "LA1", Role.ADMIN)
    identify(world, by="LA1")


def assessor_does_not_read_the_induction_for_a_learner(world):
    cs.acknowledge_induction(actor=world.actor("AA1"), ticked=("appeals", "malpractice", "rest"), at=clock.now())


def admin_gives_no_role_to_themselves(world):
    cs.grant_role(
        actor=world.actor("CA"), person=world.people["CA"], role=Role.ASSESSOR, starts_on=world.today, at=clock.now()
    )


TABLE: list[tuple[Callable[[World], Any], str]] = [
    (learner_is_not_their_assessor, "own-assessor"),
    (learner_does_not_judge_their_own, "own-evidence"),
    (learner_does_not_sign_their_own, "own-unit"),
    (assurer_does_not_assess_what_they_assure, "assurer-apart"),
    (assurer_does_not_get_a_new_learner_of_it, "assurer-apart"),
    (assessor_does_not_assure_what_they_assess, "assessor-apart"),
    (trainee_does_not_countersign_themselves, "own-countersigner"),
    (assurer_of_everything_is_not_named_to_countersign, "assurer-apart"),
    (decider_does_not_countersign_their_own, "own-decision"),
    (registrar_does_not_assess, "registrar-apart"),
    (registrar_does_not_make_the_exception_for_themselves, "registrar-apart"),
    (third_person_says_why_the_registrar_assesses, "registrar-exception"),
    (assessor_does_not_register_their_own_learner, "registrar-apart"),
    (assessor_does_not_move_their_own_learner, "registrar-apart"),
    (assurer_does_not_countersign_what_they_assure, "assurer-apart"),
    (assurer_does_not_countersign_a_unit_of_what_they_assure, "assurer-apart"),
    (assurer_does_not_come_to_assess_by_an_added_registration, "assurer-apart"),
    (assurer_does_not_come_to_assess_by_a_move, "assurer-apart"),
    (visitor_elsewhere_is_not_registered_under_the_same_body, "external-elsewhere"),
    (visitor_elsewhere_does_not_bring_their_centre_under_the_same_body, "external-of-ours"),
    (exemption_is_not_approved_by_who_recorded_it, "same-person"),
    (rule_is_not_agreed_by_its_author, "own-rule"),
    (draft_is_not_approved_by_its_author, "forbidden"),
    (purge_is_not_agreed_by_who_asked, "purge-asked-by-self"),
    (visitor_is_not_let_in_by_who_proposed_them, "own-proposal"),
    (visitor_holds_no_role_of_the_same_body_anywhere, "external-elsewhere"),
    (learner_does_not_see_their_own_document, "own-identity"),
    (assessor_does_not_read_the_induction_for_a_learner, "forbidden"),
    (admin_gives_no_role_to_themselves, "own-role"),
]


@pytest.mark.parametrize(("act", "code"), TABLE, ids=lambda one: getattr(one, "__name__", one))
def test_one_person_does_not_hold_both(world, act, code):
    with pytest.raises((Refused, Forbidden)) as caught:
        act(world)
    found = {"forbidden"} if isinstance(caught.value, Forbidden) else {r.code for r in caught.value.refusals}
    assert code in found


@pytest.mark.parametrize(("length", "given"), [(9, False), (10, True), (300, True), (301, False)])
def test_a_third_persons_exception_is_kept_with_its_reason(world, length, given):
    also(world, "CA", Role.ASSESSOR)
    also(world, "AA2", Role.ADMIN)
    words = "x" * length
    if not given:
        with pytest.raises(Refused) as caught:
            allocate(world, "CA", by="AA2", exception=words)
        assert [r.code for r in caught.value.refusals] == ["registrar-exception"]
        return
    row = allocate(world, "CA", by="AA2", exception=words)
    assert Allocation.objects.for_centre(world.centres[A].pk).get(pk=row.pk).exception == words


def test_who_assures_one_qualification_assesses_another(world):
    """R8: staff may hold several roles; what is kept apart is the same work."""
    also(world, "AA2", Role.IQA, world.certificate.entry_code)
    assert allocate(world, "AA2")
    row = Membership.objects.for_centre(world.centres[A].pk).get(person=world.people["AA2"], role=Role.IQA)
    assert row.ends_on is None


def test_an_assurer_whose_role_is_over_may_assess(world):
    also(world, "AA2", Role.IQA, DIPLOMA)
    rows = Membership.objects.for_centre(world.centres[A].pk).filter(person=world.people["AA2"], role=Role.IQA)
    yesterday = world.today - dt.timedelta(days=1)
    rows.update(starts_on=yesterday, ends_on=yesterday)
    assert allocate(world, "AA2")


def test_an_exception_goes_on_after_cover_with_the_allocation(world):
    """Whoever registered the learner looks after them again; why they may stays beside it."""
    why = "Nobody else assesses this qualification here."
    also(world, "CA", Role.ASSESSOR)
    also(world, "AA2", Role.ADMIN)
    allocate(world, "CA", by="AA2", exception=why)
    allocate(world, "AA1", by="AA2", ends_on=world.today + dt.timedelta(days=7))
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(assessor=world.people["CA"])
    assert rows.get(starts_on__gt=world.today).exception == why


def test_an_exception_that_nobody_needs_is_not_kept(world):
    assert allocate(world, "AA2", exception="Nobody else assesses this qualification here.").exception == ""
