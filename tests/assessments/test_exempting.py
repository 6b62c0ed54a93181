"""A certificate makes a unit exempt once two people, neither of them the learner, have looked at it (R79)."""

import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assessments.enums import EXEMPTION_TRANSITIONS, ExemptionState
from assessments.models import Exemption, LedgerEntry, SignOffNote
from assessments.queries.chain_faults import broken_links
from assessments.services import Certificate, record_exemption, revoke_exemption, settle_exemption
from audit.models import Event
from centres.enums import Role, UnitState
from centres.models import LearnerUnit, Membership
from common import clock
from common.refusals import Forbidden, Refused, Stale
from portfolio.queries.learner import programmes
from tests.factories import moving as made
from tests.factories import portfolio as pieces

KEY = "L-506-2133"
MISTAKE = "The certificate belongs to a twin with the same name."
WHY_NOT = "The certificate names another person."


def certificate(world, **changed):
    paper = Certificate("OCR", "L/506/2133", "Work with others", world.today, "C-100", "the paper itself, today")
    return dataclasses.replace(paper, **changed)


def put(world, by="CA", who="LA1", *, key=KEY, reused="", **changed):
    paper = certificate(world, **changed)
    unit = world.unit(who, key)
    return record_exemption(actor=world.actor(by), learner_unit=unit, certificate=paper, reused=reused, at=clock.now())


def settle(world, row, by="QA", *, approves=True, reason="", reused="", proved=True):
    return settle_exemption(
        actor=world.actor(by),
        exemption=row,
        approves=approves,
        reason=reason,
        reused=reused,
        reauthenticated=proved,
        at=clock.now(),
    )


def codes(refused):
    return {r.code for r in refused.value.refusals}


def state(world, who="LA1"):
    return world.unit(who, KEY).state


def also(world, code, role):
    """Give somebody of A one more role."""
    Membership.objects.create(
        centre=world.centres["10001"],
        person=world.people[code],
        role=role,
        starts_on=world.today - dt.timedelta(days=9),
        created_at=world.at,
    )


def test_recording_changes_nothing_and_approving_makes_the_unit_exempt(world):
    row = put(world)
    assert (row.state, state(world)) == ("waiting", UnitState.SELECTED)
    settled = settle(world, row)
    assert (settled.state, settled.decided_by_id) == ("approved", world.people["QA"].pk)
    assert state(world) == UnitState.EXEMPT
    entry = LedgerEntry.objects.for_centre(row.centre_id).get()
    assert entry.act == "exempted"
    assert row.digest in entry.payload
    assert "C-100" not in entry.payload
    assert list(broken_links()) == []


def test_it_counts_and_says_so(world):
    settle(world, put(world))
    [plan] = programmes(world.actor("LA1"))
    [unit] = [u for u in plan.units if u.exempt]
    assert {key for key, _outcome in unit.cells} == {"exempt"}
    assert plan.exempt == plan.signed_off == unit.credit
    assert plan.started == 0


def test_whoever_recorded_it_does_not_decide(world):
    also(world, "CA", Role.IQA)
    with pytest.raises(Refused) as caught:
        settle(world, put(world), by="CA")
    assert codes(caught) == {"same-person"}
    assert state(world) == UnitState.SELECTED


def test_the_learner_never_decides_even_as_an_admin(world):
    row = put(world)
    also(world, "LA1", Role.ADMIN)
    with pytest.raises(Refused) as decided:
        settle(world, row, by="LA1")
    with pytest.raises(Refused) as recorded:
        record_exemption(
            actor=world.actor("LA1"),
            learner_unit=world.unit("LA1", "J-506-2132"),
            certificate=certificate(world, unit_reference="J/506/2132", certificate_number="C-101"),
            at=clock.now(),
        )
    assert codes(decided) == {"own-unit"}
    assert codes(recorded) == {"own-unit"}


@pytest.mark.parametrize(("by", "more"), [("EA", set()), ("AA1", {"assesses-them"}), ("AT1", set())])
def test_only_admins_and_internal_assurers_decide(world, by, more):
    with pytest.raises(Refused) as caught:
        settle(world, put(world), by=by)
    assert codes(caught) == {"not-yours"} | more


@pytest.mark.parametrize("by", ["AA1", "QA", "EA", "LA1"])
def test_only_admins_record(world, by):
    with pytest.raises(Forbidden):
        put(world, by=by)


def test_turning_it_down_needs_a_reason_and_leaves_the_unit(world):
    row = put(world)
    with pytest.raises(Refused) as caught:
        settle(world, row, approves=False, reason="no")
    assert codes(caught) == {"no-reason"}
    assert settle(world, row, approves=False, reason=WHY_NOT).reason == WHY_NOT
    assert state(world) == UnitState.SELECTED
    assert put(world, certificate_number="C-101").state == "waiting", "another certificate may follow"


def test_it_is_decided_once(world):
    row = put(world)
    settle(world, row)
    for answer in ({"approves": True}, {"approves": False, "reason": WHY_NOT}):
        with pytest.raises(Refused) as caught:
            settle(world, row, **answer)
        assert codes(caught) == {"decided"}


def test_of_two_who_decide_at_once_one_wins(world, monkeypatch):
    row = put(world)
    rows = Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk)
    monkeypatch.setattr("assessments.rules.exempting.why_not_settle", lambda _facts: [])
    rows.update(state="refused", decided_by=world.people["QA"], decided_at=clock.now(), reason=WHY_NOT)
    with pytest.raises(Stale):
        settle(world, row)
    assert state(world) == UnitState.SELECTED


def test_one_certificate_a_unit_is_enough(world):
    put(world)
    with pytest.raises(Refused) as caught:
        put(world, certificate_number="C-101")
    assert codes(caught) == {"recorded"}


def test_a_certificate_of_tomorrow_is_no_certificate(world):
    with pytest.raises(Refused) as caught:
        put(world, awarded_on=world.today + dt.timedelta(days=1))
    assert codes(caught) == {"awarded-to-come"}


def test_a_unit_that_is_signed_or_dropped_takes_none(world):
    row = put(world)
    unit = world.unit("LA1", KEY)
    LearnerUnit.objects.for_centre(unit.centre_id).filter(pk=unit.pk).update(state=UnitState.ASSESSOR_SIGNED)
    with pytest.raises(Refused) as caught:
        settle(world, row)
    assert codes(caught) == {"unit-done"}


def test_an_exempt_unit_is_frozen_and_what_waited_in_it_is_closed(world):
    row = put(world)
    waiting = made.piece(world, world.unit("LA1", KEY), ["1.1"], "LA1")
    settle(world, row)
    assert not waiting.mappings.exclude(state="closed").exists()
    assert pieces.again(waiting).state == "submitted"
    with pytest.raises(Refused) as caught:
        made.piece(world, world.unit("LA1", KEY), ["1.1"], "LA1")
    assert codes(caught) == {"unit-frozen"}


@pytest.mark.parametrize(
    "changed",
    [{"state": "approved"}, {"state": "refused", "reason": ""}, {"decided_by": "same"}],
    ids=["nobody decided", "no reason", "one person"],
)
def test_the_database_holds_two_people(world, changed):
    row = put(world)
    values = {k: (row.recorded_by if v == "same" else v) for k, v in changed.items()}
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**values)


def test_a_certificate_changed_afterwards_breaks_the_chain(world):
    row = settle(world, put(world))
    Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk).update(certificate_number="C-999")
    assert ["certificate it names was altered" in str(link) for link in broken_links()] == [True]


# --- an approval that was a mistake


def revoke(world, row, by="QA", reason=MISTAKE, *, proven=True):
    return revoke_exemption(actor=world.actor(by), exemption=row, reason=reason, reauthenticated=proven, at=clock.now())


def test_withdrawing_asks_again_who_it_is(world):
    row = put(world)
    settle(world, row)
    with pytest.raises(Refused) as caught:
        revoke(world, row, proven=False)
    assert [r.code for r in caught.value.refusals] == ["prove-again"]
    assert world.unit("LA1", KEY).state == UnitState.EXEMPT


def test_a_mistake_is_withdrawn_and_the_unit_is_open_again(world):
    row = settle(world, put(world))
    assert revoke(world, row).state == ExemptionState.REVOKED
    row.refresh_from_db()
    assert (row.revoked_by_id, row.decided_by_id, row.reason) == (world.people["QA"].pk,) * 2 + (MISTAKE,)
    assert state(world) == UnitState.IN_PROGRESS
    made.piece(world, world.unit("LA1", KEY), ["1.1"], "LA1")  # work goes on
    assert put(world, certificate_number="C-101").state == "waiting", "another certificate may follow"


def test_the_chain_says_what_was_withdrawn_by_whom_and_why(world):
    row = settle(world, put(world))
    revoke(world, row, reason=f"  {MISTAKE}  ")
    exempted, opened = LedgerEntry.objects.for_centre(row.centre_id).order_by("sequence")
    assert (opened.act, opened.person_id) == ("reopened", world.people["QA"].pk)
    assert f'"voids":"{exempted.digest}"' in opened.payload
    assert row.public_id in opened.payload
    assert SignOffNote.objects.for_centre(row.centre_id).get(entry=opened).text == MISTAKE
    assert list(broken_links()) == []
    assert [e.action for e in Event.objects.filter(object_id=row.public_id).order_by("pk")][-1] == "exemption.revoked"


def test_a_state_that_the_chain_does_not_tell_breaks_it(world):
    row = settle(world, put(world))
    rows = Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk)
    rows.update(state="revoked", reason=MISTAKE, revoked_by=world.people["QA"], revoked_at=clock.now())
    assert ["certificate it names was altered" in str(link) for link in broken_links()] == [True]
    rows.update(state="approved")
    revoke(world, row)
    rows.update(state="approved")
    assert ["certificate it names was altered" in str(link) for link in broken_links()] == [True]


def test_whoever_recorded_it_and_the_learner_withdraw_nothing(world):
    row = settle(world, put(world))
    also(world, "CA", Role.IQA)
    also(world, "LA1", Role.ADMIN)
    assessor = {"not-yours", "assesses-them"}
    for by, said in (("CA", {"same-person"}), ("LA1", {"own-unit"}), ("EA", {"not-yours"}), ("AA1", assessor)):
        with pytest.raises(Refused) as caught:
            revoke(world, row, by=by)
        assert codes(caught) == said
    assert state(world) == UnitState.EXEMPT


@pytest.mark.parametrize(
    ("reason", "code"), [("", "no-reason"), ("   too    ", "no-reason"), ("x" * 301, "long-reason")]
)
def test_withdrawing_needs_a_reason_of_a_sentence(world, reason, code):
    row = settle(world, put(world))
    with pytest.raises(Refused) as caught:
        revoke(world, row, reason=reason)
    assert codes(caught) == {code}
    assert state(world) == UnitState.EXEMPT


@pytest.mark.parametrize("before", ExemptionState)
def test_only_what_counts_is_withdrawn_and_once(world, before):
    row = settle(world, put(world))
    said = {"reason": WHY_NOT, "revoked_by": world.people["QA"], "revoked_at": clock.now()}
    Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state=before, **said)
    if ExemptionState.REVOKED in EXEMPTION_TRANSITIONS[before]:
        assert revoke(world, row).state == "revoked"
        return
    with pytest.raises(Refused) as caught:
        revoke(world, row)
    assert codes(caught) == {"not-approved"}


def test_of_two_who_withdraw_at_once_one_wins(world, monkeypatch):
    row = settle(world, put(world))
    monkeypatch.setattr("assessments.rules.exempting.why_not_revoke", lambda _facts: [])
    revoke(world, row)
    with pytest.raises(Stale):
        revoke(world, row)
    assert LedgerEntry.objects.for_centre(row.centre_id).filter(act="reopened").count() == 1


def test_what_was_withdrawn_cannot_be_approved_again(world):
    row = settle(world, put(world))
    revoke(world, row)
    with pytest.raises(Refused) as caught:
        settle(world, row)
    assert codes(caught) == {"decided"}


def test_in_a_registration_that_was_moved_it_is_history(world):
    made.publish_more(world.at)
    row = settle(world, put(world))
    made.move(world, world.registrations["LA1"], made.HIGHER)
    with pytest.raises(Refused) as caught:
        revoke(world, row)
    assert codes(caught) == {"registration-moved"}


@pytest.mark.parametrize("changed", [{"revoked_by": None}, {"revoked_at": None}, {"reason": ""}])
def test_the_database_wants_to_know_who_withdrew_it_when_and_why(world, changed):
    row = settle(world, put(world))
    said = {"reason": WHY_NOT, "revoked_by": world.people["QA"], "revoked_at": clock.now(), **changed}
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state="revoked", **said)
