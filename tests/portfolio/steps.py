"""What learners and reviews do with a piece, in a line each: for the tests of sending, opening and taking back."""

import datetime as dt

from audit.models import Event
from centres.enums import UnitState
from centres.models import LearnerUnit
from common import clock
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from portfolio.services import (
    advance_evidence,
    advance_mapping,
    recall_evidence,
    revise_evidence,
    withdraw_evidence,
)
from tests.factories import portfolio as make

#: Later than whatever a test begins.
AT = clock.now() + dt.timedelta(hours=1)
MET, NOT_YET, PROVISIONAL = MappingState.MET, MappingState.NOT_YET, MappingState.MET_PROVISIONAL


def codes(caught):
    return [r.code for r in caught.value.refusals]


def judge(evidence, verdicts, to=EvidenceState.RETURNED):
    """What a review does, as far as evidence knows of it."""
    for number, state in verdicts.items():
        row = EvidenceMapping.objects.for_centre(evidence.centre_id).get(
            evidence=evidence, criterion__number=number, state="offered"
        )
        advance_mapping(mapping=row, to=state, expected_round=row.round, at=AT)
    return advance_evidence(evidence=make.again(evidence), to=to, at=AT)


def recall(world, evidence, who="LA1"):
    return recall_evidence(actor=world.actor(who), evidence=evidence, at=AT)


def revise(world, evidence, who="LA1"):
    return revise_evidence(actor=world.actor(who), evidence=evidence, at=AT)


def withdraw(world, evidence, who="LA1"):
    return withdraw_evidence(actor=world.actor(who), evidence=evidence, at=AT)


def sign_unit(world, state=UnitState.ASSESSOR_SIGNED, unit=make.UNIT):
    row = world.unit("LA1", unit)
    LearnerUnit.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state=state)


def recorded(world, who, act, **given):
    """Let somebody do it, and return what is on record of it: (name, who, on what, facts) of each event."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    act(actor=world.actor(who), at=AT, **given)
    codes = {person.pk: code for code, person in world.people.items()}
    rows = Event.objects.filter(pk__gt=last).order_by("pk")
    return [(row.action, codes[row.person_id], row.object_id, row.facts) for row in rows]
