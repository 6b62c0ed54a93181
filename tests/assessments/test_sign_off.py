"""Signing a unit: what blocks, in which order, and what a signature leaves behind."""

import json
import threading

import pytest
from django.db import connection, connections

from assessments import queries, services
from assessments.models import LedgerEntry, SignOffNote
from audit.models import Event
from centres.enums import UnitState
from centres.models import Registration
from common import clock
from common.refusals import Refused, Stale
from portfolio.services import Chosen, set_mappings, start_evidence
from qualifications.models import Criterion
from tests.assessments.conftest import KEY, judge, mappings_of, open_it, sender
from tests.centres.test_gates import identify
from tests.factories.world import two_centres

WHY = "The film shows somebody else."
REASON = "a test looks"


def numbers():
    return list(Criterion.objects.filter(unit__key=KEY).order_by("position").values_list("number", flat=True))


def complete(world, who="LA1", by="AA1"):
    """Everything in one unit met by one piece."""
    piece = sender(world)(who, numbers=numbers())
    open_it(world, piece, by)
    piece.refresh_from_db()
    judge(world, piece, by=by)
    return piece


def sign(world, who="LA1", by="AA1", **changes):
    facts = {"declared": True, "reauthenticated": True} | changes
    return services.sign_off(actor=world.actor(by), learner_unit=world.unit(who, KEY), at=clock.now(), **facts)


def confirm(world, who="LA1", *, agrees=True, reason="", again=True):
    return services.confirm_unit(
        actor=world.actor(who),
        learner_unit=world.unit(who, KEY),
        agrees=agrees,
        reason=reason,
        reauthenticated=again,
        at=clock.now(),
    )


def reopen(world, by="AA1", reason=WHY, who="LA1"):
    return services.reopen_unit(
        actor=world.actor(by), learner_unit=world.unit(who, KEY), reason=reason, reauthenticated=True, at=clock.now()
    )


def state(world, who="LA1"):
    return world.unit(who, KEY).state


def codes(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return [r.code for r in caught.value.refusals]


def test_the_whole_way_to_achieved(world):
    complete(world)
    entry = sign(world)
    assert state(world) == UnitState.ASSESSOR_SIGNED
    confirm(world)
    assert state(world) == UnitState.ACHIEVED
    assert [e.act for e in LedgerEntry.objects.across_centres(reason=REASON)] == [
        "assessor_signed",
        "learner_confirmed",
    ]
    payload = json.loads(entry.payload)
    assert [d[0] for d in payload["decisions"]] == sorted(numbers())
    assert len(payload["evidence"]) == 1


def test_the_payload_holds_no_names_and_no_words(world):
    piece = complete(world)
    entry = sign(world)
    for personal in (world.people["LA1"].family_name, world.people["AA1"].family_name, piece.title, "listened"):
        assert personal not in entry.payload


def test_an_open_criterion_blocks_and_is_named(world):
    piece = sender(world)("LA1", numbers=numbers()[1:])
    open_it(world, piece, "AA1")
    piece.refresh_from_db()
    judge(world, piece)
    with pytest.raises(Refused) as caught:
        sign(world)
    assert [r.code for r in caught.value.refusals] == ["not-met"]
    assert numbers()[0] in caught.value.refusals[0].sentence
    assert state(world) == UnitState.IN_PROGRESS


def test_a_piece_that_waits_and_one_sent_back_block(world):
    complete(world)
    waiting = sender(world)("LA1", numbers=["4.1"])
    back = sender(world)("LA1", numbers=["4.2"])
    open_it(world, back, "AA1")
    back.refresh_from_db()
    judge(world, back, verdict="not_yet")
    ready = queries.readiness(world.unit("LA1", KEY), world.actor("AA1"))
    assert sorted((r.code, r.target) for r in ready.blockers) == [
        ("sent-back", ("evidence", back.public_id)),
        ("to-assess", ("evidence", waiting.public_id)),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"declared": False}, ["not-declared"]), ({"reauthenticated": False}, ["prove-again"])],
)
def test_r85_a_click_alone_is_no_signature(world, changes, expected):
    complete(world)
    assert codes(sign, world, **changes) == expected
    assert not LedgerEntry.objects.across_centres(reason=REASON).exists()


def test_only_the_allocated_assessor_signs(world):
    complete(world)
    assert codes(sign, world, by="AA2") == ["not-allocated"]


def test_a_registration_on_a_break_is_not_signed(world):
    complete(world)
    Registration.objects.across_centres(reason=REASON).update(state="on_break")
    assert codes(sign, world) == ["registration-ended"]


def test_r83_signed_units_take_no_more_links_and_decisions(world):
    piece = complete(world)
    sign(world)
    actor = world.actor("LA1")
    draft = start_evidence(actor=actor, at=clock.now())
    chosen = [Chosen(world.unit("LA1", KEY).public_id, world.criterion(KEY, "4.1").public_id)]
    with pytest.raises(Refused):
        set_mappings(actor=actor, evidence=draft, chosen=chosen, unsure=False, at=clock.now())
    assert set(codes(judge, world, piece, verdict="not_yet")) == {"unit-signed"}
    assert {c.state for c in mappings_of(piece)} == {"met"}


def test_signing_twice_is_refused(world):
    complete(world)
    sign(world)
    with pytest.raises(Stale) as slower:
        sign(world)
    assert slower.value.who == world.people["AA1"].full_name
    assert slower.value.at == LedgerEntry.objects.across_centres(reason=REASON).get().at
    assert LedgerEntry.objects.across_centres(reason=REASON).count() == 1


def test_the_learner_disputes_and_the_unit_is_open_again(world):
    complete(world)
    sign(world)
    assert codes(confirm, world, agrees=False, reason="no") == ["no-reason"]
    entry = confirm(world, agrees=False, reason=WHY)
    assert state(world) == UnitState.IN_PROGRESS
    note = SignOffNote.objects.across_centres(reason=REASON).get()
    assert (note.entry_id, note.text) == (entry.pk, WHY)
    assert WHY not in entry.payload
    assert codes(confirm, world) == ["not-open"]


def test_nobody_confirms_for_the_learner(world):
    complete(world)
    sign(world)
    unit = world.unit("LA1", KEY)
    for who in ("AA1", "CA", "LA2"):
        with pytest.raises(Refused) as caught:
            services.confirm_unit(
                actor=world.actor(who), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now()
            )
        assert caught.value.refusals[0].code == "not-learner"


def test_r84_reopening(world):
    complete(world)
    assert codes(reopen, world) == ["not-signer", "not-signed"]
    signed = sign(world)
    confirm(world)
    assert codes(reopen, world, reason="oops") == ["no-reason"]
    assert codes(reopen, world, by="AA2") == ["not-signer"]
    entry = reopen(world)
    assert state(world) == UnitState.IN_PROGRESS
    assert json.loads(entry.payload)["voids"] == signed.digest
    sign(world)
    assert state(world) == UnitState.ASSESSOR_SIGNED
    assert Event.objects.filter(action="unit.reopened").count() == 1


def countersign(world, by="AA2", *, agrees=True, reason="", open_first=True):
    actor = world.actor(by)
    row = queries.to_countersign(world.actor("AA2")).first()
    if open_first:
        open_it(world, row.mapping.evidence, by)
    return services.countersign(actor=actor, judgement=row, agrees=agrees, reason=reason, at=clock.now())


def test_r6_a_trainees_unit_from_provisional_to_achieved(world):
    complete(world, "LA3", by="AT1")
    blockers = queries.readiness(world.unit("LA3", KEY), world.actor("AT1")).blockers
    assert {r.code for r in blockers} == {"to-countersign"}
    while queries.to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign(world, "LA3", by="AT1")
    assert codes(confirm, world, "LA3") == ["not-open"]
    unit = world.unit("LA3", KEY)
    assert list(queries.units_to_countersign(world.actor("AA2"))) == [unit]
    services.countersign_unit(
        actor=world.actor("AA2"), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now()
    )
    assert state(world, "LA3") == UnitState.COUNTERSIGNED
    confirm(world, "LA3")
    assert state(world, "LA3") == UnitState.ACHIEVED


def test_countersigning_needs_opened_evidence_and_the_right_person(world):
    complete(world, "LA3", by="AT1")
    assert codes(countersign, world, open_first=False) == ["not-opened"]
    assert "own-decision" in codes(countersign, world, by="AT1")
    assert "not-countersigner" in codes(countersign, world, by="AA1", open_first=False)


def test_not_agreeing_puts_the_criterion_back(world):
    piece = complete(world, "LA3", by="AT1")
    assert codes(countersign, world, agrees=False) == ["no-reason"]
    signature = countersign(world, agrees=False, reason="The end is missing.")
    mapping = mappings_of(piece)[0]
    assert signature.judgement.mapping_id == mapping.pk
    assert mapping.state == "offered"
    piece.refresh_from_db()
    assert piece.state == "in_review"


def test_a_refused_countersignature_opens_the_unit(world):
    complete(world, "LA3", by="AT1")
    while queries.to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign(world, "LA3", by="AT1")
    services.countersign_unit(
        actor=world.actor("AA2"),
        learner_unit=world.unit("LA3", KEY),
        agrees=False,
        reason=WHY,
        reauthenticated=True,
        at=clock.now(),
    )
    assert state(world, "LA3") == UnitState.IN_PROGRESS


def test_counts_on_the_rail(world):
    complete(world, "LA3", by="AT1")
    assert queries.countersign_count(world.actor("AA2")) == len(numbers())
    assert queries.countersign_count(world.actor("AA1")) == 0
    sender(world)("LA1")
    assert queries.waiting_count(world.actor("AA1")) == 1
    assert queries.waiting_count(world.actor("AA2")) == 0
    assert queries.waiting_count(world.actor("LA1")) == 0


@pytest.mark.django_db(transaction=True)
def test_eight_signatures_at_once_are_one():
    """T01: whoever was slower is told who was faster, on both databases."""
    world = two_centres()
    complete(world)
    barrier, outcomes = threading.Barrier(8), []

    def click():
        barrier.wait()
        try:
            sign(world)
            outcomes.append("signed")
        except Stale as slower:
            outcomes.append(slower.who)
        finally:
            connections[connection.alias].close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["signed", *[world.people["AA1"].full_name] * 7])
    assert LedgerEntry.objects.across_centres(reason=REASON).count() == 1


def test_nothing_is_signed_off_before_somebody_saw_who_the_learner_is(world):
    complete(world)
    identify(world, matches=False, note="The photo shows somebody else.")
    with pytest.raises(Refused) as refused:
        sign(world)
    (reason,) = refused.value.refusals
    assert (reason.code, reason.target) == ("identity-missing", ("identity", world.learners["LA1"].public_id))
    assert state(world) == UnitState.IN_PROGRESS
    identify(world, by="AA1")
    assert sign(world)
