"""Moving a learner: nothing lost, nothing silently decided (R19, R34)."""

import dataclasses

import pytest

from assessments.models import Judgement, LedgerEntry
from assessments.queries.chain_faults import broken_links
from assessments.queries.transferring import carry_offers, move_preview, offers_of
from assessments.services import accept_offers, carry_over, reopen_unit
from centres.enums import RegistrationState, UnitState
from centres.models import Learner, LearnerUnit, Registration
from common import clock
from common.refusals import Forbidden, Refused
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping, EvidenceVersion
from portfolio.services import revise_evidence
from qualifications.services import Catalogue, publish_catalogue
from tests.factories import moving as made
from tests.factories.catalogue import small_catalogue
from tests.factories.portfolio import again, send
from tests.unguarded import unguarded

LOOK = "a test looks"


@pytest.fixture
def old(world):
    """LA1 (assessor AA1) on the legacy certificate, with one piece judged, one waiting and one not sent."""
    made.publish_more(world.at)
    return made.register(world, made.LEGACY, "LA1")


def codes(refused):
    return {r.code for r in refused.value.refusals}


def judgements():
    return list(Judgement.objects.across_centres(reason=LOOK).order_by("pk").values())


def states(registration):
    rows = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration=registration)
    return set(rows.values_list("state", flat=True))


def mappings(evidence, registration):
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(evidence=evidence)
    return list(rows.filter(learner_unit__registration=registration).exclude(state=MappingState.CLOSED))


def approve(world, unit, by="AA1", **changed):
    return carry_over(
        actor=world.actor(by), learner_unit=unit, **{"reauthenticated": True, "at": clock.now(), **changed}
    )


@pytest.fixture
def moved(world, old):
    """The same, after the move to the diploma at level 3 (LA1 does the one at level 2 already)."""
    phone = made.unit_of(old, made.PHONE)
    decided = made.judged(world, phone, ["1.2", "1.3", "2.1"], "LA1", "AA1")
    waiting = made.piece(world, phone, ["2.2"], "LA1", title="The second call")
    draft = made.piece(world, phone, ["2.4"], "LA1", send=False, title="Not sent yet")
    before = judgements()
    new = made.move(world, old, made.HIGHER)
    return old, new, decided, waiting, draft, before


def test_a_move_ends_the_old_one_and_links_the_new_one(world, moved):
    old, new, *_ = moved
    old.refresh_from_db()
    assert (old.state, old.ends_on) == (RegistrationState.TRANSFERRED, world.today)
    assert (new.state, new.moved_from_id, new.moved_reason) == (RegistrationState.ACTIVE, old.pk, made.WHY)
    assert states(new) == {UnitState.SELECTED}


def test_nothing_is_decided_and_nothing_is_lost_by_moving(world, moved):
    old, new, decided, waiting, draft, before = moved
    assert judgements() == before
    assert [again(e).state for e in (decided, waiting, draft)] == ["accepted", "submitted", "draft"]
    assert {c.state for c in mappings(decided, old)} == {MappingState.MET}
    assert mappings(waiting, old) == mappings(draft, old) == []
    assert not EvidenceMapping.objects.for_centre(new.centre_id).filter(learner_unit__registration=new).exists()
    versions = EvidenceVersion.objects.for_centre(new.centre_id).filter(evidence__in=[decided, waiting])
    assert all(v.digest == v.computed_digest for v in versions)
    assert len(versions) == 2


def test_every_piece_of_the_old_one_is_offered_with_a_reason(world, moved):
    _old, new, decided, waiting, draft, _before = moved
    found = {piece.id: piece for piece in offers_of(world.actor("LA1"), new)}
    assert set(found) <= {decided.public_id, waiting.public_id, draft.public_id}
    assert decided.public_id in found
    offers = found[decided.public_id].offers
    assert all(o.reason and o.text and o.old_text for o in offers)
    assert {o.before for o in offers} == {"met"}
    assert len({o.criterion_id for o in offers}) == len(offers)


def test_an_accepted_offer_is_judged_again(world, moved):
    _old, new, decided, _waiting, _draft, before = moved
    offers = next(p.offers for p in offers_of(world.actor("LA1"), new) if p.id == decided.public_id)
    ticked = [offers[0].value]
    assert accept_offers(actor=world.actor("LA1"), registration=new, values=ticked, at=clock.now()) == 1
    [mapping] = mappings(decided, new)
    assert (mapping.state, mapping.round, mapping.origin) == (MappingState.OFFERED, 0, "moved")
    assert again(decided).state == EvidenceState.IN_REVIEW
    assert judgements() == before
    assert offers[0].value not in {o.value for p in offers_of(world.actor("LA1"), new) for o in p.offers}
    # A second click finds its work done.
    assert accept_offers(actor=world.actor("LA1"), registration=new, values=ticked, at=clock.now()) == 0
    assert len(mappings(decided, new)) == 1


def test_a_draft_goes_on_as_a_draft(world, old):
    phone = made.unit_of(old, made.PHONE)
    draft = made.piece(world, phone, ["1.2", "1.3", "2.1", "2.2", "2.4"], "LA1", send=False)
    new = made.move(world, old, made.HIGHER)
    offers = [o.value for p in offers_of(world.actor("LA1"), new) for o in p.offers]
    accept_offers(actor=world.actor("LA1"), registration=new, values=offers, at=clock.now())
    assert {c.state for c in mappings(draft, new)} == {MappingState.PROPOSED}
    assert again(draft).state == EvidenceState.DRAFT


def test_nothing_ticked_and_what_is_not_offered_are_refused(world, moved):
    _old, new, decided, *_ = moved
    here = {"actor": world.actor("LA1"), "registration": new, "at": clock.now()}
    with pytest.raises(Refused) as nothing:
        accept_offers(values=[], **here)
    unit = made.unit_of(new, made.SHARED[0])
    criterion = unit.unit.criteria.first()
    with pytest.raises(Refused) as foreign:
        accept_offers(values=[f"{decided.public_id}:{unit.public_id}:{criterion.public_id}x"], **here)
    assert (codes(nothing), codes(foreign)) == ({"nothing-ticked"}, {"offer-gone"})


@pytest.mark.parametrize("who", ["LA2", "AA2", "QA", "CA"])
def test_only_the_learner_and_their_assessor_offer_again(world, moved, who):
    _old, new, *_ = moved
    with pytest.raises(Forbidden):
        accept_offers(actor=world.actor(who), registration=new, values=["a:b:c"], at=clock.now())


def test_the_same_move_twice_is_one_move(world, old):
    first = made.move(world, old, made.HIGHER)
    assert made.move(world, old, made.HIGHER).pk == first.pk
    with pytest.raises(Refused) as caught:
        made.move(world, old, "10378")
    assert codes(caught) == {"not-active"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": " "}, "no-reason"),
        ({"qualification_id": 0}, "qualification-missing"),
        ({"place_ids": [0]}, "unit-elsewhere"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(world, old, changed, code):
    with pytest.raises(Refused) as caught:
        made.move(world, old, made.HIGHER, **changed)
    assert code in codes(caught)
    old.refresh_from_db()
    assert old.state == RegistrationState.ACTIVE


def test_nobody_moves_to_where_they_are_or_to_what_they_do_already(world, old):
    with pytest.raises(Refused) as same:
        made.move(world, old, made.LEGACY)
    with pytest.raises(Refused) as other:
        made.move(world, old, "10379")
    assert "same-version" in codes(same)
    assert codes(other) == {"registered"}


@pytest.mark.parametrize(
    "state", [RegistrationState.ON_BREAK, RegistrationState.WITHDRAWN, RegistrationState.COMPLETED]
)
def test_only_an_active_registration_moves(world, old, state):
    Registration.objects.for_centre(old.centre_id).filter(pk=old.pk).update(state=state)
    with pytest.raises(Refused) as caught:
        made.move(world, old, made.HIGHER)
    assert codes(caught) == {"not-active"}


@pytest.mark.parametrize("who", ["AA1", "QA", "EA", "LA1"])
def test_only_an_admin_moves(world, old, who):
    with pytest.raises(Forbidden):
        made.move(world, old, made.HIGHER, by=who)


def test_a_piece_sent_back_before_is_sent_again_for_the_new_one_and_its_history_stays(world, old):
    phone = made.unit_of(old, made.PHONE)
    numbers = ["1.2", "1.3", "2.1", "2.2", "2.4"]
    returned = made.judged(world, phone, numbers, "LA1", "AA1", verdict="not_yet")
    assert returned.state == EvidenceState.RETURNED
    new = made.move(world, old, made.HIGHER)
    before = judgements()
    draft = revise_evidence(actor=world.actor("LA1"), evidence=returned, at=clock.now())
    offers = [o.value for p in offers_of(world.actor("LA1"), new) for o in p.offers]
    assert offers
    accept_offers(actor=world.actor("LA1"), registration=new, values=offers[:1], at=clock.now())
    send(world, draft, "LA1")
    assert {c.state for c in mappings(draft, old)} == {MappingState.NOT_YET}
    assert [c.state for c in mappings(draft, new)] == [MappingState.OFFERED]
    assert len(draft.versions.get(number=2).mappings) == 1
    assert judgements() == before


# --- units that are the same, word for word


@pytest.fixture
def shared(world):
    """LA1 with a unit signed off on the level 2 diploma that stands in the level 3 one too; moved there."""
    made.publish_more(world.at)
    registration = world.registrations["LA1"]
    done = made.achieved(world, made.unit_of(registration, made.SHARED[0]), "LA1", "AA1")
    new = made.move(world, registration, made.HIGHER)
    return done, new, made.unit_of(new, made.SHARED[0])


def test_a_unit_of_the_same_text_is_an_offer_until_somebody_approves(world, shared):
    done, new, unit = shared
    [offer] = carry_offers(world.actor("AA1"), new)
    assert (offer.unit_id, offer.source_id, offer.open) == (unit.public_id, done.public_id, True)
    assert unit.state == UnitState.SELECTED
    entry = approve(world, unit)
    assert made.unit_of(new, made.SHARED[0]).state == UnitState.ACHIEVED
    old_entry = LedgerEntry.objects.for_centre(new.centre_id).filter(learner_unit=done).order_by("-sequence").first()
    assert old_entry.digest in entry.payload
    assert entry.registration_id == new.pk
    assert list(broken_links()) == []
    assert [o.open for o in carry_offers(world.actor("AA1"), new)] == [False]
    with pytest.raises(Refused) as again_:
        approve(world, unit)
    assert "already-signed" in codes(again_)


def test_another_wording_or_an_open_unit_is_never_carried(world, shared):
    _done, new, _unit = shared
    for key in made.HIGHER_UNITS[1:]:
        with pytest.raises(Refused) as caught:
            approve(world, made.unit_of(new, key))
        assert codes(caught) & {"no-source", "source-open"}
    assert states(new) == {UnitState.SELECTED}


@pytest.mark.parametrize(
    ("by", "code"), [("AA2", "not-allocated"), ("CA", "not-allocated"), ("QA", "not-allocated"), ("LA1", "own-unit")]
)
def test_only_the_learners_own_assessor_approves(world, shared, by, code):
    with pytest.raises(Refused) as caught:
        approve(world, shared[2], by=by)
    assert code in codes(caught)


def test_it_is_a_signature_so_it_is_proved(world, shared):
    with pytest.raises(Refused) as caught:
        approve(world, shared[2], reauthenticated=False)
    assert codes(caught) == {"prove-again"}


def test_a_carried_unit_can_be_opened_again_by_who_carried_it(world, shared):
    done, new, unit = shared
    approve(world, unit)
    reopen_unit(
        actor=world.actor("AA1"),
        learner_unit=unit,
        reason="It was the wrong certificate.",
        reauthenticated=True,
        at=clock.now(),
    )
    assert made.unit_of(new, made.SHARED[0]).state == UnitState.IN_PROGRESS
    with pytest.raises(Refused) as caught:
        reopen_unit(
            actor=world.actor("AA1"),
            learner_unit=done,
            reason="It was the wrong one.",
            reauthenticated=True,
            at=clock.now(),
        )
    assert "registration-moved" in codes(caught)
    assert list(broken_links()) == []


def test_a_forged_origin_breaks_the_chain(world, shared):
    """Somebody with the rights of the database's owner gives the earlier unit to another learner."""
    _done, new, unit = shared
    approve(world, unit)
    other = Learner.objects.for_centre(new.centre_id).get(pk=world.learners["LA2"].pk)
    with unguarded(LearnerUnit):
        LearnerUnit.objects.for_centre(new.centre_id).filter(pk=shared[0].pk).update(learner=other)
    assert any("does not rest on the earlier unit" in str(link) for link in broken_links())


def test_bulk_migrating_as_achieved_is_impossible(world, shared):
    """Every path a person has after a move, tried at once: what is met or signed afterwards is one approved unit."""
    done, new, _unit = shared
    actor = world.actor("AA1")
    values = [o.value for p in offers_of(actor, new) for o in p.offers]
    if values:
        accept_offers(actor=actor, registration=new, values=values, at=clock.now())
    for key in made.HIGHER_UNITS:
        try:
            approve(world, made.unit_of(new, key))
        except Refused:
            continue
    rows = LearnerUnit.objects.for_centre(new.centre_id).filter(registration=new)
    assert list(rows.filter(state=UnitState.ACHIEVED).values_list("unit_id", flat=True)) == [done.unit_id]
    offered = EvidenceMapping.objects.for_centre(new.centre_id).filter(learner_unit__registration=new)
    assert not offered.exclude(state=MappingState.OFFERED).exists()
    assert not Judgement.objects.for_centre(new.centre_id).filter(learner_unit__registration=new).exists()


def test_the_preview_says_what_the_move_then_does(world):
    made.publish_more(world.at)
    registration = world.registrations["LA1"]
    made.achieved(world, made.unit_of(registration, made.SHARED[0]), "LA1", "AA1")
    made.achieved(world, made.unit_of(registration, "A-506-2130"), "LA1", "AA1")
    found = move_preview(world.actor("CA"), registration, made.qualification(made.HIGHER).pk)
    fates = {unit.title: unit.fate for unit in found.old}
    assert sorted(fates.values()).count("carries") == 1
    assert [unit.title for unit in found.lost] == ["Deliver customer service"]
    new = made.move(world, registration, made.HIGHER)
    assert {o.source_id for o in carry_offers(world.actor("AA1"), new)} == {
        u.public_id for u in found.old if u.fate == "carries"
    }


def test_a_move_within_a_qualification_to_its_newer_version_is_the_same(world):
    """What was published again with the same text carries; a changed one does not."""
    registration = world.registrations["LA1"]
    made.achieved(world, made.unit_of(registration, "A-506-2130"), "LA1", "AA1")
    small = small_catalogue()
    renamed = tuple(dataclasses.replace(q, title=f"{q.title} (new)") for q in small.qualifications)
    publish_catalogue(Catalogue(small.units, renamed), at=clock.now())
    new = made.move(world, registration, "10379")
    assert new.qualification.version == 2
    assert [o.title for o in carry_offers(world.actor("AA1"), new)] == ["Deliver customer service"]
