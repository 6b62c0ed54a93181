"""A unit that reads the same after a move, and that its assessor judges again all the same (R34)."""

import pytest

from assessments.models import LedgerEntry
from assessments.queries.chain_faults import broken_links
from assessments.queries.transferring import carry_offers, offers_of
from assessments.services import decline_carry
from audit.models import Event
from centres.enums import UnitState
from common import clock
from common.refusals import Refused
from tests.assessments.test_moving import approve, codes, shared
from tests.factories import moving as made

__all__ = ["shared"]
WHY_ANEW = "The till here is another one; show me that you know it."


def decline(world, unit, by="AA1", reason=WHY_ANEW):
    return decline_carry(actor=world.actor(by), learner_unit=unit, reason=reason, at=clock.now())


def test_an_assessor_declines_with_a_reason_and_the_unit_stays_open(world, shared):
    done, new, unit = shared
    assert all(o.learner_unit_id != unit.public_id for p in offers_of(world.actor("AA1"), new) for o in p.offers)
    entry = decline(world, unit, reason=f" {WHY_ANEW} ")
    assert made.unit_of(new, made.SHARED[0]).state == UnitState.SELECTED
    [offer] = carry_offers(world.actor("AA1"), new)
    said = (offer.open, offer.declined_by, offer.declined_at, offer.reason)
    assert said == (True, world.people["AA1"].full_name, entry.at, WHY_ANEW)
    assert done.public_id in entry.payload
    assert WHY_ANEW not in entry.payload
    assert list(broken_links()) == []
    event = Event.objects.get(action="unit.carry_declined")
    assert (event.object_id, event.facts["digest"]) == (unit.public_id, entry.digest)
    # Its pieces are suggested again, to be judged again.
    assert any(o.learner_unit_id == unit.public_id for p in offers_of(world.actor("AA1"), new) for o in p.offers)


def test_it_is_decided_once_either_way(world, shared):
    _done, new, unit = shared
    decline(world, unit)
    for act in (approve, decline):
        with pytest.raises(Refused) as caught:
            act(world, unit)
        assert codes(caught) == {"declined"}
    assert LedgerEntry.objects.for_centre(new.centre_id).filter(registration=new).count() == 1


def test_what_counts_already_is_not_declined(world, shared):
    approve(world, shared[2])
    with pytest.raises(Refused) as caught:
        decline(world, shared[2])
    assert codes(caught) == {"already-signed"}


@pytest.mark.parametrize(
    ("by", "code"), [("AA2", "not-allocated"), ("CA", "not-allocated"), ("QA", "not-allocated"), ("LA1", "own-unit")]
)
def test_only_the_learners_own_assessor_declines(world, shared, by, code):
    with pytest.raises(Refused) as caught:
        decline(world, shared[2], by=by)
    assert code in codes(caught)


@pytest.mark.parametrize("reason", ["", "  no   ", "x" * 301])
def test_declining_needs_a_reason_of_a_sentence(world, shared, reason):
    with pytest.raises(Refused) as caught:
        decline(world, shared[2], reason=reason)
    assert codes(caught) == {"no-reason"}


def test_a_unit_with_other_words_needs_no_declining(world, shared):
    with pytest.raises(Refused) as caught:
        decline(world, made.unit_of(shared[1], made.HIGHER_UNITS[2]))
    assert "no-source" in codes(caught)


def test_a_declined_unit_is_signed_in_the_usual_way(world, shared):
    _done, new, unit = shared
    decline(world, unit)
    made.achieved(world, unit, "LA1", "AA1")
    assert made.unit_of(new, made.SHARED[0]).state == UnitState.ACHIEVED
    assert list(broken_links()) == []


def test_the_offers_take_three_queries_with_and_without_a_decision(world, shared, django_assert_num_queries):
    _done, new, unit = shared
    actor = world.actor("AA1")
    with django_assert_num_queries(3):
        carry_offers(actor, new)
    decline(world, unit)
    with django_assert_num_queries(3):
        carry_offers(actor, new)
