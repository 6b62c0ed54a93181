"""A unit achieved in one registration counts in a second one, beside it or after leaving: once somebody lets it (T5, R19)."""

import dataclasses

import pytest

from assessments.enums import Act
from assessments.models import Judgement
from assessments.queries.chain_faults import broken_links
from assessments.queries.core import to_countersign
from assessments.queries.registration_states import pending_in
from assessments.queries.transferring import carry_offers, offers_of
from assessments.services import (
    answer_dispute,
    carry_over,
    record_exemption,
    reopen_unit,
    revoke_exemption,
    withdraw_registration,
)
from audit.models import Event
from centres.access import unit_for
from centres.enums import RegistrationState, UnitState
from centres.models import Allocation, LearnerUnit, Registration
from centres.queries.award import award_complete
from common import clock
from common.refusals import Refused
from qualifications.services import Catalogue, publish_catalogue
from tests.assessments.test_exempting import KEY, certificate, put, settle
from tests.assessments.test_undoing import lead
from tests.factories import moving as made
from tests.factories.catalogue import small_catalogue

LOOK = "a test looks"
SAME = made.SHARED[0]


@pytest.fixture
def both(world):
    """LA1 does the diploma and, beside it, level 3: one unit of the diploma that reads the same there is signed off."""
    made.publish_more(world.at)
    first = world.registrations["LA1"]
    made.achieved(world, made.unit_of(first, SAME), "LA1", "AA1")
    return first, made.register(world, made.HIGHER, "LA1")


def carry(world, unit, by="AA1"):
    return carry_over(actor=world.actor(by), learner_unit=unit, reauthenticated=True, at=clock.now())


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return {refusal.code for refusal in caught.value.refusals}


def sentences(call):
    with pytest.raises(Refused) as caught:
        call()
    return [refusal.sentence for refusal in caught.value.refusals]


def reopen(world, unit, by="AA1"):
    said = {"reason": "It was signed too early.", "reauthenticated": True, "at": clock.now()}
    return reopen_unit(actor=world.actor(by), learner_unit=unit, **said)


def test_it_is_offered_beside_the_first_and_counts_once_an_assessor_lets_it(world, both):
    first, second = both
    unit = made.unit_of(second, SAME)
    assert unit.state == UnitState.SELECTED, "nothing counts by itself"
    [offer] = carry_offers(world.actor("AA1"), second)
    assert (offer.unit_id, offer.done_in, offer.open) == (unit.public_id, "10379", True)
    judgements = Judgement.objects.across_centres(reason=LOOK).count()
    entry = carry(world, unit)
    assert made.unit_of(second, SAME).state == UnitState.ACHIEVED
    assert Judgement.objects.across_centres(reason=LOOK).count() == judgements, "no decision is copied"
    assert entry.act == Act.CARRIED_OVER
    assert first.public_id in entry.payload, "the use is recorded, with what it rests on"
    assert Event.objects.filter(action="unit.carried_over").count() == 1
    assert made.unit_of(first, SAME).state == UnitState.ACHIEVED
    assert [one.open for one in carry_offers(world.actor("AA1"), second)] == [False]
    assert list(broken_links()) == []


def test_the_award_counts_it(world):
    made.publish_more(world.at)
    first = world.registrations["LA1"]
    keys = (*made.SHARED, made.HIGHER_UNITS[3])
    for key in made.SHARED:
        made.achieved(world, made.unit_of(first, key), "LA1", "AA1")
    made.publish_shaped(world.at, made.group("A", *keys, mandatory=True))
    second = made.register(world, made.SHAPED, "LA1")
    made.achieved(world, made.unit_of(second, keys[2]), "LA1", "AA1")
    assert not award_complete(second)
    for key in made.SHARED:
        carry(world, made.unit_of(second, key))
    assert award_complete(second)
    assert list(broken_links()) == []


def test_other_words_under_the_same_reference_never_come_along(world, both):
    _first, second = both
    catalogue = small_catalogue()
    units = dict(catalogue.units)
    criterion = units[SAME].outcomes[0].criteria[0]
    mended = dataclasses.replace(criterion, text=f"{criterion.text} And more.")
    outcome = dataclasses.replace(units[SAME].outcomes[0], criteria=(mended, *units[SAME].outcomes[0].criteria[1:]))
    units[SAME] = dataclasses.replace(units[SAME], outcomes=(outcome, *units[SAME].outcomes[1:]))
    publish_catalogue(Catalogue(units, catalogue.qualifications), at=clock.now())
    newest = made.qualification("10379")
    Registration.objects.for_centre(second.centre_id).filter(learner_id=second.learner_id).exclude(pk=_first.pk).update(
        state=RegistrationState.WITHDRAWN
    )
    Registration.objects.for_centre(second.centre_id).filter(pk=_first.pk).update(state=RegistrationState.WITHDRAWN)
    third = made.register(world, "10379", "LA1")
    assert third.qualification_id == newest.pk
    assert carry_offers(world.actor("AA1"), third) == ()
    assert codes(lambda: carry(world, made.unit_of(third, SAME))) == {"other-words"}


def test_what_is_refused_is_true(world, both):
    _first, second = both
    other = made.unit_of(second, "J-506-2910")
    assert sentences(lambda: carry(world, other)) == [
        "No other registration of this learner that you look after has this unit. It is judged again."
    ]
    assert codes(lambda: carry(world, made.unit_of(second, made.SHARED[1]))) == {"source-open"}


def test_somebody_named_for_the_second_alone_is_told_nothing_of_the_first(world, both):
    _first, second = both
    Allocation.objects.create(
        centre_id=second.centre_id,
        learner=world.learners["LA1"],
        registration=second,
        assessor=world.people["AA2"],
        starts_on=world.today,
        created_at=world.at,
    )
    assert carry_offers(world.actor("AA2"), second) == ()
    assert codes(lambda: carry(world, made.unit_of(second, SAME), "AA2")) == {"no-source"}
    assert offers_of(world.actor("AA2"), second) == []


def test_a_trainee_and_a_learner_do_not_let_it_count(world, both):
    _first, second = both
    unit = made.unit_of(second, SAME)
    assert "own-unit" in codes(lambda: carry(world, unit, "LA1"))
    assert "not-allocated" in codes(lambda: carry(world, unit, "AA2"))


def test_the_first_is_not_reopened_under_the_second(world, both):
    first, second = both
    carry(world, made.unit_of(second, SAME))
    unit = made.unit_of(first, SAME)
    assert codes(lambda: reopen(world, unit)) == {"counts-elsewhere"}
    assert made.unit_of(first, SAME).state == UnitState.ACHIEVED
    reopen(world, made.unit_of(second, SAME))
    reopen(world, unit)
    assert made.unit_of(first, SAME).state == UnitState.IN_PROGRESS
    assert codes(lambda: carry(world, made.unit_of(second, SAME))) == {"source-open"}
    assert list(broken_links()) == []


def test_an_exemption_is_not_withdrawn_under_the_second(world, both):
    first, second = both
    lead(world)
    row = put(world)
    settle(world, row)
    carry(world, made.unit_of(second, KEY))
    assert made.unit_of(second, KEY).state == UnitState.EXEMPT
    said = {"actor": world.actor("QA"), "exemption": row, "reason": "It was another unit.", "reauthenticated": True}
    assert codes(lambda: revoke_exemption(**said, at=clock.now())) == {"counts-elsewhere"}
    assert codes(lambda: reopen(world, made.unit_of(first, KEY))) >= {"not-signed"}, "it is withdrawn, not reopened"
    reopen(world, made.unit_of(second, KEY))
    revoke_exemption(**said, at=clock.now())
    assert made.unit_of(first, KEY).state == made.unit_of(second, KEY).state == UnitState.IN_PROGRESS
    assert list(broken_links()) == []


def test_a_leaver_who_comes_back_brings_units_and_pieces(world):
    row = world.registrations["LA1"]
    made.achieved(world, made.unit_of(row, SAME), "LA1", "AA1")
    waiting = made.piece(world, made.unit_of(row, "A-506-2130"), ["1.1"], "LA1", title="Not decided yet")
    withdraw_registration(
        actor=world.actor("CA"), registration=row, last_day=world.today, reason="Moved away.", at=clock.now()
    )
    again = made.register(world, "10379", "LA1")
    [offer] = carry_offers(world.actor("AA1"), again)
    assert offer.unit_id == made.unit_of(again, SAME).public_id
    for who in ("LA1", "AA1"):
        found = {piece.id: piece for piece in offers_of(world.actor(who), again)}
        assert waiting.public_id in found, "what was closed with the withdrawal is offered again"
    carry(world, made.unit_of(again, SAME))
    assert made.unit_of(again, SAME).state == UnitState.ACHIEVED
    states = LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row, state=UnitState.ACHIEVED)
    assert states.count() == 1, "and the old one keeps what it had"
    assert list(broken_links()) == []


@pytest.mark.parametrize(("who", "address"), [("LA1", "my/moved"), ("AA1", "assess/moved")])
def test_the_page_is_there_for_a_second_registration(world, both, as_client, who, address):
    _first, second = both
    text = as_client(who).get(f"/c/10001/{address}/{second.public_id}/").content.decode()
    assert "Communicate verbally with customers" in text
    assert "Word for word the same" in text or "Let it count" in text


def test_people_are_led_there(world, both, as_client):
    _first, second = both
    units = as_client("LA1").get("/c/10001/my/units/").content.decode()
    assert f"/c/10001/my/moved/{second.public_id}/" in units
    page = as_client("AA1").get(f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/").content.decode()
    assert f"/c/10001/assess/moved/{second.public_id}/" in page
    assert "Brought along to 10380" in page


def test_the_office_reads_what_is_done_elsewhere_and_what_has_to_happen(world, both, as_client):
    first, second = both
    client = as_client("CA")
    page = f"/c/10001/centre/learners/{world.learners['LA1'].public_id}/"
    said = "Signed off in 10379: the assessor lets it count"
    assert client.get(page).content.decode().count(said) == 1
    carry(world, made.unit_of(second, SAME))
    assert said not in client.get(page).content.decode()
    assert (
        said not in client.get(page.replace(first.learner.public_id, world.learners["LA2"].public_id)).content.decode()
    )
    routes = client.get(f"{page}next/").content.decode()
    assert "Counts as soon as the learner is registered there" not in routes, "nothing is left to suggest"


def test_a_unit_that_a_certificate_made_exempt_is_not_reopened_as_one_carried_over_before(world, both):
    _first, second = both
    unit = made.unit_of(second, SAME)
    carry(world, unit)
    reopen(world, unit)
    paper = certificate(world, unit_reference="D/506/2119")
    row = record_exemption(actor=world.actor("CA"), learner_unit=unit, certificate=paper, at=clock.now())
    settle(world, row)
    assert "not-signed" in codes(lambda: reopen(world, unit))
    revoke_exemption(
        actor=world.actor("QA"), exemption=row, reason="It was another paper.", reauthenticated=True, at=clock.now()
    )
    assert made.unit_of(second, SAME).state == UnitState.IN_PROGRESS


def test_a_certificate_of_its_own_after_a_carry_is_withdrawn_and_not_reopened(world, both):
    _first, second = both
    lead(world)
    settle(world, put(world))
    carry(world, made.unit_of(second, KEY))
    reopen(world, made.unit_of(second, KEY))
    own = record_exemption(
        actor=world.actor("CA"),
        learner_unit=made.unit_of(second, KEY),
        certificate=certificate(world, certificate_number="C-200"),
        at=clock.now(),
    )
    settle(world, own)
    assert made.unit_of(second, KEY).state == UnitState.EXEMPT
    assert codes(lambda: reopen(world, made.unit_of(second, KEY), "QA")) >= {"not-signed"}
    assert made.unit_of(second, KEY).state == UnitState.EXEMPT, "the certificate still stands for it"


def withdraw(world, registration):
    withdraw_registration(
        actor=world.actor("CA"), registration=registration, last_day=world.today, reason="Moved away.", at=clock.now()
    )


def test_the_first_is_not_reopened_under_a_third_that_rests_on_it_by_way_of_one_that_was_left(world, both):
    first, second = both
    carry(world, made.unit_of(second, SAME))
    withdraw(world, second)
    third = made.register(world, made.HIGHER, "LA1")
    carry(world, made.unit_of(third, SAME))
    assert codes(lambda: reopen(world, made.unit_of(first, SAME))) == {"counts-elsewhere"}
    reopen(world, made.unit_of(third, SAME))
    reopen(world, made.unit_of(first, SAME))
    assert made.unit_of(first, SAME).state == UnitState.IN_PROGRESS


def test_a_signature_is_not_kept_for_ever_by_a_registration_that_was_moved(world, both):
    first, second = both
    carry(world, made.unit_of(second, SAME))
    made.publish_shaped(world.at, made.group("A", *made.HIGHER_UNITS, mandatory=True))
    third = made.move(world, second, made.SHAPED)
    carry(world, made.unit_of(third, SAME))
    assert codes(lambda: reopen(world, made.unit_of(first, SAME))) == {"counts-elsewhere"}
    reopen(world, made.unit_of(third, SAME))
    reopen(world, made.unit_of(first, SAME))
    assert made.unit_of(first, SAME).state == UnitState.IN_PROGRESS
    assert list(broken_links()) == []


def test_a_trainees_decision_keeps_nothing_open_once_its_unit_was_carried_over(world, both):
    _first, second = both
    unit = made.unit_of(second, SAME)
    Allocation.objects.create(
        centre_id=second.centre_id,
        learner=world.learners["LA1"],
        registration=second,
        assessor=world.people["AT1"],
        starts_on=world.today,
        created_at=world.at,
    )
    made.judged(world, unit, ["1.1"], "LA1", "AT1")
    assert to_countersign(world.actor("AA2")).count() == pending_in(second).decisions == 1
    carry(world, unit)
    assert not to_countersign(world.actor("AA2")).exists(), "a decision in a signed unit cannot be countersigned"
    assert pending_in(second).decisions == 0
    withdraw(world, second)


def test_what_the_learner_did_not_agree_with_is_answered_before_it_counts(world, both):
    _first, second = both
    LearnerUnit.objects.for_centre(second.centre_id).filter(pk=made.unit_of(second, SAME).pk).update(disputed=True)
    assert codes(lambda: carry(world, made.unit_of(second, SAME))) == {"disputed"}
    answer_dispute(
        actor=world.actor("AA1"),
        learner_unit=made.unit_of(second, SAME),
        answer="That piece is not used any more.",
        at=clock.now(),
    )
    carry(world, made.unit_of(second, SAME))


def test_a_unit_signed_off_two_moves_ago_still_counts_for_whoever_is_named_for_the_last(world):
    made.publish_more(world.at)
    first = world.registrations["LA1"]
    made.achieved(world, made.unit_of(first, SAME), "LA1", "AA1")
    Allocation.objects.for_centre(first.centre_id).filter(learner=world.learners["LA1"]).update(registration=first)
    second = made.move(world, first, made.LEGACY)
    third = made.move(world, second, made.HIGHER)
    [offer] = carry_offers(world.actor("AA1"), third)
    assert offer.done_in == "10379"
    assert unit_for(world.actor("AA1"), offer.source_id), "and it is there to read before it counts"
    carry(world, made.unit_of(third, SAME))
    assert made.unit_of(third, SAME).state == UnitState.ACHIEVED
    assert list(broken_links()) == []
