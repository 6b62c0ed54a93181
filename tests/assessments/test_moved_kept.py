"""What is kept of a unit that counts in another registration, and of pieces that are offered again there (R19, R34)."""

import json

import pytest
from django.db import connection

from assessments.models import LedgerEntry
from assessments.queries.transferring import offers_of
from assessments.services import accept_offers, carry_over, decline_carry
from audit.models import Event
from common import clock
from common.append_only import suspended
from common.refusals import Refused
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from portfolio.services import offer_again, revise_evidence, withdraw_evidence
from tests.assessments.test_moving import moved, old, shared
from tests.factories import moving as made
from tests.factories import portfolio as pieces

__all__ = ["moved", "old", "shared"]
ANEW = "The till here is another one; show me that you know it."


@pytest.mark.parametrize("carried", [True, False])
def test_the_new_entry_names_the_old_one_its_unit_and_its_text(world, shared, carried):
    done, new, unit = shared
    old_entry = LedgerEntry.objects.for_centre(new.centre_id).filter(learner_unit=done).order_by("-sequence").first()
    said = {"actor": world.actor("AA1"), "learner_unit": unit, "at": clock.now()}
    entry = carry_over(reauthenticated=True, **said) if carried else decline_carry(reason=f" {ANEW} ", **said)
    payload = json.loads(entry.payload)
    assert payload["from"] == {
        "registration": world.registrations["LA1"].public_id,
        "unit": done.public_id,
        "unit_key": f"{done.unit.key}/{done.unit.version}",
        "content": done.unit.content_digest,
        "sequence": old_entry.sequence,
        "digest": old_entry.digest,
    }
    assert payload["person"] == world.people["AA1"].public_id
    event = Event.objects.get(action="unit.carried_over" if carried else "unit.carry_declined")
    assert (event.person_id, event.object_id) == (world.people["AA1"].pk, unit.public_id)
    assert event.facts == {"from": done.public_id, "rests_on": old_entry.digest, "digest": entry.digest}
    assert made.unit_of(new, made.SHARED[0]).state == (done.state if carried else "selected")
    assert LedgerEntry.objects.for_centre(new.centre_id).filter(registration=new).get() == entry


def values_of(world, new, who="LA1"):
    return {piece.id: [one.value for one in piece.offers] for piece in offers_of(world.actor(who), new)}


def accept(world, new, values, who="LA1"):
    return accept_offers(actor=world.actor(who), registration=new, values=values, at=clock.now())


def refused(act, *args, **given):
    with pytest.raises(Refused) as caught:
        act(*args, **given)
    return [(one.code, one.field) for one in caught.value.refusals]


def offered(new):
    return EvidenceMapping.objects.for_centre(new.centre_id).filter(learner_unit__registration=new)


@pytest.mark.parametrize("who", ["LA1", "AA1"])
def test_offers_of_several_pieces_are_counted_and_a_retry_finds_them_done(world, old, who):
    phone = made.unit_of(old, made.PHONE)
    for title in ("The first call", "The second call"):
        made.judged(world, phone, ["1.2", "1.3", "2.1"], "LA1", "AA1", title=title)
    new = made.move(world, old, made.HIGHER)
    found = values_of(world, new, who)
    assert len(found) == 2
    first, second = ([values[0]] for values in found.values())
    assert accept(world, new, first, who) == 1
    assert accept(world, new, first + second, who) == 1, "what is done is done, what is new is new"
    assert accept(world, new, first + second, who) == 0
    assert offered(new).count() == 2
    assert Event.objects.filter(action="mappings.offered_again").count() == 2
    rows = offered(new).select_related("evidence", "proposed_by")
    assert {(r.state, r.origin, r.round, r.sent_in, r.proposed_by.pk) for r in rows} == {
        ("offered", "moved", 0, 1, world.people[who].pk)
    }


def test_what_was_never_suggested_here_is_refused_whatever_else_is_ticked(world, moved):
    _old, new, decided, *_ = moved
    [good] = values_of(world, new)[decided.public_id][:1]
    mapped = decided.mappings.select_related("learner_unit", "criterion").first()
    elsewhere = f"{decided.public_id}:{mapped.learner_unit.public_id}:{mapped.criterion.public_id}"
    for wrong in ("a:b:c", elsewhere, f"{good}x"):
        assert refused(accept, world, new, [good, wrong]) == [("offer-gone", "")], wrong
        assert not offered(new).exists()
    assert refused(accept, world, new, []) == [("nothing-ticked", "offers")]


def test_a_piece_is_offered_again_as_what_it_is(world, moved):
    """A draft proposes, what was sent is offered and goes back to its assessor, what is withdrawn is offered nowhere."""
    _old, new, decided, waiting, draft, _before = moved
    unit = made.unit_of(new, made.SHARED[0])
    criterion = unit.unit.criteria.order_by("position").first().public_id
    chosen = [pieces.Chosen(unit.public_id, criterion, page=3, seconds=9, note=" The end. ")]
    again = lambda piece: offer_again(  # noqa: E731
        actor=world.actor("LA1"), evidence=pieces.again(piece), chosen=chosen, at=clock.now()
    )
    expected = {
        draft: (MappingState.PROPOSED, None, EvidenceState.DRAFT),
        waiting: (MappingState.OFFERED, 1, EvidenceState.SUBMITTED),
        decided: (MappingState.OFFERED, 1, EvidenceState.IN_REVIEW),
    }
    for piece, (state, sent_in, then) in expected.items():
        assert again(piece) == 1
        row = offered(new).get(evidence=piece)
        assert (row.state, row.sent_in, pieces.again(piece).state) == (state, sent_in, then)
        assert (row.page, row.seconds, row.note, row.round) == (3, 9, "The end.", 0)
        assert again(piece) == 0
        assert pieces.again(piece).state == then
    withdraw_evidence(actor=world.actor("LA1"), evidence=pieces.again(waiting), at=clock.now())
    assert refused(again, waiting) == [("withdrawn", "")]
    assert refused(revise_evidence, actor=world.actor("LA1"), evidence=pieces.again(waiting), at=clock.now())


def test_a_unit_that_is_done_without_anybodys_act_has_nothing_to_rest_on(world, shared):
    """Should a state ever stand without its entry in the chain, nothing is carried over from it."""
    done, new, unit = shared
    with suspended(connection):
        LedgerEntry.objects.for_centre(new.centre_id).filter(learner_unit=done).delete()
    said = {"actor": world.actor("AA1"), "learner_unit": unit, "at": clock.now()}
    assert refused(carry_over, reauthenticated=True, **said) == [("no-source", "")]
    assert refused(decline_carry, reason=ANEW, **said) == [("no-source", "")]
    assert made.unit_of(new, made.SHARED[0]).state == "selected"
