"""Approval before registering, identity before signing off, induction before sending; the policy that switches them."""

import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from audit.models import Event
from centres import rules
from centres import services as cs
from centres.enums import ApprovalStatus, IdDocument, IdMethod
from centres.models import Approval, Centre, IdentityCheck, Induction, PolicyChange
from centres.queries import gates as reads
from centres.rules.gates import CURRENCY, ENDS_SOON, LONGEST_LETTER, LONGEST_NOTE, LONGEST_NUMBER
from common import clock
from common.refusals import Forbidden, Refused, Stale
from tests.centres.test_registering import register
from tests.factories import moving as made
from tests.factories import rules as rulers
from tests.factories.world import A, found

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
LOOK = "a test looks"
APPROVED = rules.ApprovalFacts(True, "Diploma", ApprovalStatus.APPROVED, dt.date(2020, 9, 1))
LETTER = rules.ApprovalSaid("A-1", ApprovalStatus.APPROVED, TODAY - DAY, None, "You are approved.")
SEEN = rules.IdentitySeen(IdDocument.PASSPORT, IdMethod.FACE_TO_FACE, TODAY, matches=True)
REASON = "The awarding body agreed to it in writing."


def codes(refusals):
    return [r.code for r in refusals]


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return codes(caught.value.refusals)


# --- approval: the rule -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "starts_on", "code"),
    [
        ({}, TODAY, []),
        ({"asked": False, "status": ""}, TODAY, []),
        ({"status": ""}, TODAY, ["not-approved"]),
        ({"approved_on": TODAY + DAY}, TODAY + DAY, ["not-approved"]),
        ({"approved_on": TODAY}, TODAY, []),
        ({"approved_on": TODAY}, TODAY - DAY, ["approval-later"]),
        ({"status": "suspended"}, TODAY, ["approval-ended"]),
        ({"status": "withdrawn"}, TODAY, ["approval-ended"]),
        ({"lapses_on": TODAY}, TODAY, []),
        ({"lapses_on": TODAY - DAY}, TODAY, ["approval-lapsed"]),
        ({"lapses_on": TODAY + DAY}, TODAY + DAY, []),
        ({"lapses_on": TODAY + DAY}, TODAY + 2 * DAY, ["approval-ends-first"]),
    ],
)
def test_nobody_is_registered_without_an_active_approval(changed, starts_on, code):
    assert codes(rules.why_not_approved(dataclasses.replace(APPROVED, **changed), starts_on, TODAY)) == code


def test_an_approval_near_its_end_says_so():
    at = lambda lapses_on: dataclasses.replace(APPROVED, lapses_on=lapses_on).state(TODAY)  # noqa: E731 - one look
    assert [at(TODAY + ENDS_SOON), at(TODAY + ENDS_SOON + DAY), at(None)] == ["ending", "active", "active"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, []),
        ({"number": ""}, ["number-missing"]),
        ({"number": "1" * LONGEST_NUMBER}, []),
        ({"number": "1" * (LONGEST_NUMBER + 1)}, ["too-long"]),
        ({"status": "maybe"}, ["status-unknown"]),
        ({"approved_on": TODAY}, []),
        ({"approved_on": TODAY + DAY}, ["approved-ahead"]),
        ({"lapses_on": TODAY - DAY}, []),
        ({"lapses_on": TODAY - 2 * DAY}, ["lapses-first"]),
        ({"letter": ""}, ["letter-missing"]),
        ({"letter": "x" * LONGEST_LETTER}, []),
        ({"letter": "x" * (LONGEST_LETTER + 1)}, ["too-long"]),
    ],
)
def test_what_is_recorded_of_a_letter_is_whole(changed, code):
    assert codes(rules.why_not_record_approval(dataclasses.replace(LETTER, **changed), TODAY)) == code


# --- approval: the services -------------------------------------------------------------------------------------------


def letter(world, qualification=None, *, by="CA", seen=None, **changed):
    said = dataclasses.replace(LETTER, approved_on=world.today, **changed)
    one = qualification or world.diploma
    return cs.record_approval(actor=world.actor(by), qualification=one, said=said, seen=seen, at=clock.now())


def test_registering_adding_and_moving_wait_for_the_approval(world):
    made.publish_more(world.at)
    higher = made.qualification(made.HIGHER)
    letter(world, status="suspended")
    letter(world, higher, status="withdrawn")
    assert refused(lambda: register(world)) == ["approval-ended"]
    assert refused(lambda: made.register(world, made.HIGHER)) == ["approval-ended"]
    assert refused(lambda: made.move(world, world.registrations["LA1"], made.HIGHER)) == ["approval-ended"]
    letter(world)
    letter(world, higher)
    assert register(world)
    assert made.register(world, made.HIGHER)
    assert made.move(world, world.registrations["LA1"], made.HIGHER)


def test_an_approval_counts_in_its_own_centre_and_for_its_own_qualification(world):
    letter(world, world.certificate, status="suspended")
    assert register(world)
    there = reads.newest_approval(world.centres["10002"].pk, "OCR", world.certificate.entry_code)
    assert there.status == ApprovalStatus.APPROVED


def test_where_the_policy_does_not_ask_nobody_waits(world):
    letter(world, status="withdrawn")
    switch(world, asks_approval=False)
    assert register(world)


def test_only_the_office_records_a_letter_and_not_over_somebody_elses(world):
    with pytest.raises(Forbidden):
        letter(world, by="AA1")
    mark = reads.approval_mark(reads.newest_approval(world.centres[A].pk, "OCR", world.diploma.entry_code))
    row = letter(world, seen=mark)
    assert (row.recorded_by_id, row.letter) == (world.people["CA"].pk, LETTER.letter)
    with pytest.raises(Stale):
        letter(world, seen=mark)
    assert refused(lambda: letter(world, letter="")) == ["letter-missing"]
    assert Event.objects.filter(action="approval.recorded").count() == 1


# --- the initial assessment (R39) -------------------------------------------------------------------------------------


def test_no_registration_skips_the_initial_assessment(world):
    assert refused(lambda: register(world, initial=rules.Initial())) == ["no-initial"]
    with pytest.raises(TypeError):
        cs.add_registration(
            actor=world.actor("CA"),
            learner=world.learners["LA1"],
            qualification_id=world.certificate.pk,
            place_ids=(),
            starts_on=world.today,
            at=clock.now(),
        )


def test_it_was_made_before_the_first_day_of_the_registration_and_not_only_before_today(world):
    start = world.today - 10 * DAY
    assert refused(lambda: register(world, starts_on=start, initial=found(world, made_on=start + DAY))) == [
        "initial-after-start"
    ]
    assert register(world, starts_on=start, initial=found(world, made_on=start))


# --- identity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "own", "code"),
    [
        ({}, False, []),
        ({}, True, ["own-identity"]),
        ({"document": "face"}, False, ["document-unknown"]),
        ({"method": "photo"}, False, ["method-unknown"]),
        ({"seen_on": TODAY + DAY}, False, ["seen-ahead"]),
        ({"document": IdDocument.OTHER}, False, ["note-missing"]),
        ({"document": IdDocument.OTHER, "note": "A bus pass"}, False, []),
        ({"matches": False}, False, ["note-missing"]),
        ({"matches": False, "note": "Another family name"}, False, []),
        ({"note": "x" * LONGEST_NOTE}, False, []),
        ({"note": "x" * (LONGEST_NOTE + 1)}, False, ["too-long"]),
    ],
)
def test_what_is_recorded_of_an_identity_is_whole(changed, own, code):
    assert codes(rules.why_not_identify(dataclasses.replace(SEEN, **changed), own=own, today=TODAY)) == code


def identify(world, by="CA", who="LA1", seen=None, **changed):
    said = dataclasses.replace(SEEN, seen_on=world.today, **changed)
    return cs.record_identity(actor=world.actor(by), learner=world.learners[who], said=said, seen=seen, at=clock.now())


def test_nobody_saw_a_document_before_the_learner_was_born(world):
    born = world.learners["LA1"].date_of_birth
    said = dataclasses.replace(SEEN, seen_on=born - DAY)
    act = lambda one: cs.record_identity(  # noqa: E731 - one act, asked about
        actor=world.actor("CA"), learner=world.learners["LA1"], said=one, at=clock.now()
    )
    assert refused(lambda: act(said)) == ["seen-before-birth"]
    assert act(dataclasses.replace(said, seen_on=born)).seen_on == born


def missing(world, who="LA1"):
    return reads.identity_missing(world.centres[A].pk, world.learners[who].pk)


def test_the_newest_check_counts(world):
    assert not missing(world)
    identify(world, matches=False, note="The photo shows somebody else.")
    assert missing(world)
    assert not missing(world, "LA2")
    row = identify(world, by="AA1", method=IdMethod.LIVE_VIDEO)
    assert not missing(world)
    assert (row.seen_by_id, row.seen_on, row.method) == (world.people["AA1"].pk, world.today, "video")
    assert Event.objects.filter(action="identity.recorded").count() == 2


def test_a_centre_that_does_not_ask_misses_nothing(world):
    identify(world, matches=False, note="The photo shows somebody else.")
    switch(world, asks_identity=False)
    assert not missing(world)


def test_the_office_and_the_assessor_record_it_and_never_the_learner(world):
    for by in ("AA2", "QA"):
        with pytest.raises(Forbidden):
            identify(world, by=by)
    assert refused(lambda: identify(world, by="LA1")) == ["own-identity"]
    row = IdentityCheck.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"])
    row.pk, row.public_id, row.seen_by = None, "x" * 26, world.people["LA1"]
    with pytest.raises(DatabaseError, match="identity_seen_by_another"), transaction.atomic():
        row.save(force_insert=True)


def test_two_people_do_not_record_over_each_other(world):
    mark = reads.identity_mark(reads.identity_of(world.centres[A].pk, world.learners["LA1"].pk))
    identify(world, seen=mark)
    with pytest.raises(Stale):
        identify(world, by="AA1", seen=mark)


# --- induction --------------------------------------------------------------------------------------------------------


def read(world, who="DUO", ticked=rules.PARTS, seen=None, centre=""):
    return cs.acknowledge_induction(actor=world.actor(who, centre=centre), ticked=ticked, seen=seen, at=clock.now())


@pytest.mark.parametrize("part", rules.PARTS)
def test_every_part_is_acknowledged(part):
    (refusal,) = rules.why_not_acknowledge(set(rules.PARTS) - {part})
    assert (refusal.code, refusal.field) == ("not-acknowledged", part)
    assert rules.why_not_acknowledge(rules.PARTS) == []


@pytest.fixture
def fresh(world):
    """A learner who was registered today: they have read nothing yet."""
    person = register(world).learner.person
    world.people["NEW"] = person
    return world


def fresh_actor(world):
    return world.actor("NEW", centre=A)


def test_a_learner_reads_it_once_and_by_themselves(fresh):
    me = fresh_actor(fresh)
    assert reads.sending_gate(me.centre_id, me.learner_id).to_read
    assert refused(lambda: read(fresh, "NEW", ticked=("appeals", "rest"), centre=A)) == ["not-acknowledged"]
    with pytest.raises(Stale):
        read(fresh, "NEW", seen="induction-0", centre=A)
    row = read(fresh, "NEW", seen=rules.INDUCTION, centre=A)
    assert (row.version, row.parts, row.by_id) == (rules.INDUCTION, list(rules.PARTS), me.person_id)
    assert read(fresh, "NEW", centre=A).pk == row.pk
    assert not reads.sending_gate(me.centre_id, me.learner_id).to_read
    assert Event.objects.filter(action="induction.acknowledged").count() == 1


def test_nobody_reads_it_for_a_learner(fresh):
    for who in ("AA1", "CA", "QA"):
        with pytest.raises(Forbidden):
            read(fresh, who, centre=A)
    row = Induction.objects.for_centre(fresh.centres[A].pk).get(learner=fresh.learners["LA1"])
    row.pk, row.public_id, row.version, row.by = None, "x" * 26, "induction-2", fresh.people["AA1"]
    with pytest.raises(DatabaseError, match="induction_by_the_learner"), transaction.atomic():
        row.save(force_insert=True)


def test_a_centre_that_does_not_ask_lets_them_send(fresh):
    switch(fresh, asks_induction=False)
    me = fresh_actor(fresh)
    assert not reads.sending_gate(me.centre_id, me.learner_id).to_read


# --- the policy -------------------------------------------------------------------------------------------------------


def switch(world, by="CA", seen=None, reason=REASON, **changed):
    wanted = dataclasses.replace(reads.policy_of(world.centres[A].pk), **changed)
    return cs.change_policy(actor=world.actor(by), wanted=wanted, reason=reason, seen=seen, at=clock.now())


@pytest.mark.parametrize(
    ("wanted", "reason", "code"),
    [
        ({"asks_identity": False}, REASON, []),
        ({}, REASON, ["policy-same"]),
        ({"currency_days": CURRENCY[0]}, REASON, []),
        ({"currency_days": CURRENCY[0] - 1}, REASON, ["currency-range"]),
        ({"currency_days": CURRENCY[1]}, REASON, []),
        ({"currency_days": CURRENCY[1] + 1}, REASON, ["currency-range"]),
        ({"asks_approval": False}, "x" * 9, ["reason-missing"]),
        ({"asks_approval": False}, "x" * 10, []),
        ({"asks_approval": False}, "x" * LONGEST_NOTE, []),
        ({"asks_approval": False}, "x" * (LONGEST_NOTE + 1), ["too-long"]),
    ],
)
def test_a_policy_changes_with_a_reason(wanted, reason, code):
    now = rules.Policy()
    assert codes(rules.why_not_change_policy(now, dataclasses.replace(now, **wanted), reason)) == code


def test_everything_is_asked_at_the_start():
    asked = Centre._meta.get_field
    assert all(asked(name).default is True for name in ("asks_approval", "asks_identity", "asks_induction"))


def test_a_change_is_kept_with_who_and_why(world):
    mark = reads.policy_mark(reads.policy_of(world.centres[A].pk))
    row = switch(world, asks_identity=False, currency_days=365, seen=mark)
    assert (row.before["asks_identity"], row.after["asks_identity"]) == (True, False)
    assert (row.before["currency_days"], row.after["currency_days"], row.reason) == (730, 365, REASON)
    assert reads.policy_of(world.centres[A].pk) == rules.Policy(asks_identity=False, currency_days=365)
    assert reads.policy_of(world.centres["10002"].pk) == rules.Policy()
    with pytest.raises(Stale):
        switch(world, asks_identity=True, seen=mark)
    assert refused(lambda: switch(world)) == ["policy-same"]
    assert PolicyChange.objects.for_centre(world.centres[A].pk).count() == 1


def test_the_lead_changes_it_too_and_nobody_else(world):
    for who in ("AA1", "QA", "EA", "LA1"):
        with pytest.raises(Forbidden):
            switch(world, by=who, asks_identity=False)
    rulers.lead(world, "QA")
    assert switch(world, by="QA", asks_identity=False).by_id == world.people["QA"].pk


@pytest.mark.parametrize("model", [Approval, IdentityCheck, Induction, PolicyChange])
def test_what_is_on_record_stays(world, model):
    switch(world, asks_identity=False)
    rows = model.objects.for_centre(world.centres[A].pk)
    assert rows.exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(centre_id=world.centres[A].pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()
