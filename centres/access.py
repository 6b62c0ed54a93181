"""Loading centre rows for somebody: in their world, or not found."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from centres.actor import Actor
from centres.models import Learner, LearnerUnit, Registration
from centres.queries import assessed_learners, assessed_registrations, visible_learners, visible_registrations
from centres.queries.gates import Settled, settled_of, with_settled
from common.refusals import Forbidden, NotFound


def learner_for(actor: Actor, public_id: str) -> Learner:
    """Return a learner this actor may see; anything else is not found."""
    learner = visible_learners(actor).select_related("person").filter(public_id=public_id).first()
    if learner is None:
        raise NotFound("learner.view", public_id)
    return learner


def learner_and_mine(actor: Actor, public_id: str) -> tuple[Learner, bool, Settled]:
    """Return a learner this actor may see, whether they judge them today, and what is on record before they send.

    Anything else is not found. One query.
    """
    mine = Exists(assessed_learners(actor).filter(pk=OuterRef("pk")))
    rows = with_settled(visible_learners(actor).select_related("person").annotate(mine=mine), actor.centre_id)
    learner: Any = rows.filter(public_id=public_id).first()
    if learner is None:
        raise NotFound("learner.view", public_id)
    return learner, learner.mine, settled_of(learner)


def learner_and_settled(actor: Actor, public_id: str) -> tuple[Learner, Settled]:
    """Return a learner this actor may see, with what is on record of their identity and induction. One query."""
    rows = with_settled(visible_learners(actor).select_related("person"), actor.centre_id)
    learner = rows.filter(public_id=public_id).first()
    if learner is None:
        raise NotFound("learner.view", public_id)
    return learner, settled_of(learner)


def learner_to_assess(actor: Actor, public_id: str) -> Learner:
    """Return a learner this actor judges today; visible but not theirs is forbidden (R13)."""
    learner = learner_for(actor, public_id)
    if not may_assess(actor, learner):
        raise Forbidden("learner.assess", public_id)
    return learner


def may_assess(actor: Actor, learner: Learner) -> bool:
    """Say whether the actor judges any registration of this learner today, who is not themselves (R8, R13)."""
    return assessed_learners(actor).filter(pk=learner.pk).exists()


def may_assess_in(actor: Actor, *registration_ids: int) -> bool:
    """Say whether the actor judges today in each of these registrations, of which there is one at least (R8, R13)."""
    wanted = set(registration_ids)
    return bool(wanted) and assessed_registrations(actor).filter(pk__in=wanted).count() == len(wanted)


def units_for(actor: Actor) -> QuerySet[LearnerUnit]:
    """Return the chosen units of every registration this actor may see."""
    return (
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(registration__in=visible_registrations(actor))
        .select_related("unit", "place", "learner__person", "registration__qualification")
    )


def unit_for(actor: Actor, public_id: str) -> LearnerUnit:
    """Return a learner's unit this actor may see; anything else is not found."""
    unit = units_for(actor).filter(public_id=public_id).first()
    if unit is None:
        raise NotFound("unit.view", public_id)
    return unit


def registration_for(actor: Actor, public_id: str) -> Registration:
    """Return a registration this actor may see; anything else is not found."""
    row = (
        visible_registrations(actor)
        .filter(public_id=public_id)
        .select_related("learner__person", "qualification")
        .first()
    )
    if row is None:
        raise NotFound("registration.view", public_id)
    return row


def learner_of_actor(actor: Actor) -> Learner:
    """Return the actor as this centre's learner; somebody who is none is not found."""
    row = Learner.objects.for_centre(actor.centre_id).filter(pk=actor.learner_id or 0).first()
    if row is None:
        raise NotFound("learner.view")
    return row
