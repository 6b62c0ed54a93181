"""External quality assurers: dated, independent, and let in by two people (R99, R100)."""

import dataclasses
import datetime as dt

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from centres import rules
from centres import services as cs
from centres.enums import Role
from centres.models import Approval, Assurance, ExternalDecision, ExternalProposal, Membership, Registration
from centres.queries.external import external_for, external_mark, proposals_mark
from centres.rules.external import LONGEST_PROOF, LONGEST_VISIT
from common import clock
from common.refusals import Forbidden, Refused, Stale
from tests.centres.acts import invite, roles_of
from tests.factories import rules as rulers
from tests.factories.world import DIPLOMA, A, B

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
PROOF = "Letter of the awarding body of 2 November, confirmed by telephone."
VISIT = rules.ExternalFacts(
    starts_on=TODAY,
    ends_on=TODAY + LONGEST_VISIT,
    today=TODAY,
    own=False,
    entry_codes=frozenset({DIPLOMA}),
    known_codes=frozenset({DIPLOMA}),
    proof=PROOF,
)
ANSWER = rules.AnswerFacts(asked_by_self=False, about_self=False, decided=False, agrees=True, note="")


def codes(refusals):
    return [r.code for r in refusals]


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return codes(caught.value.refusals)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, []),
        ({"own": True}, ["own-role"]),
        ({"waiting": True}, ["external-waiting"]),
        ({"ends_on": None}, ["external-undated"]),
        ({"ends_on": TODAY + LONGEST_VISIT + DAY}, ["external-too-long"]),
        ({"ends_on": TODAY - DAY}, ["ends-before-start"]),
        ({"starts_on": TODAY - DAY, "ends_on": TODAY}, ["starts-in-past"]),
        ({"entry_codes": frozenset()}, ["assurance-missing"]),
        ({"entry_codes": frozenset({"99999"})}, ["assurance-unknown"]),
        ({"proof": "x" * 9}, ["proof-missing"]),
        ({"proof": "x" * 10}, []),
        ({"proof": "x" * LONGEST_PROOF}, []),
        ({"proof": "x" * (LONGEST_PROOF + 1)}, ["proof-missing"]),
        ({"here": True}, ["external-apart"]),
        ({"elsewhere": True}, ["external-elsewhere"]),
    ],
)
def test_a_visit_is_dated_proved_and_independent(changed, code):
    assert codes(rules.why_not_propose_external(dataclasses.replace(VISIT, **changed))) == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, []),
        ({"decided": True}, ["external-decided"]),
        ({"asked_by_self": True}, ["own-proposal"]),
        ({"about_self": True}, ["own-role"]),
        ({"over": True}, ["external-over"]),
        ({"here": True}, ["external-apart"]),
        ({"elsewhere": True}, ["external-elsewhere"]),
        ({"agrees": False, "note": "x" * 9}, ["note-missing"]),
        ({"agrees": False, "note": "x" * 10, "over": True, "elsewhere": True}, []),
        ({"agrees": False, "note": "x" * (LONGEST_PROOF + 1)}, ["note-missing"]),
    ],
)
def test_a_second_person_answers_once(changed, code):
    assert codes(rules.why_not_decide_external(dataclasses.replace(ANSWER, **changed))) == code


def propose(world, by="CA", **changed):
    asked = {
        "email": "vera@people.example",
        "given_name": "Vera",
        "family_name": "Visitor",
        "entry_codes": [DIPLOMA],
        "starts_on": world.today,
        "ends_on": world.today + 14 * DAY,
        "proof": PROOF,
        "at": clock.now(),
        **changed,
    }
    return cs.propose_external(actor=world.actor(by), **asked)


def answer(world, proposal, by="QA", *, agrees=True, note="", seen=None, at=None):
    return cs.decide_external(
        actor=world.actor(by), proposal=proposal, agrees=agrees, note=note, seen=seen, at=at or clock.now()
    )


@pytest.fixture
def proposal(world):
    rulers.lead(world, "QA")
    return propose(world)


def test_a_proposal_gives_nothing_and_a_second_person_gives_the_days(world, proposal, run_jobs):
    assert roles_of(world, proposal.person) == frozenset()
    run_jobs()
    assert not mail.outbox
    answer(world, proposal)
    assert roles_of(world, proposal.person) == {Role.EQA}
    row = Membership.objects.for_centre(proposal.centre_id).get(person=proposal.person)
    assert (row.ends_on, row.granted_by_id, row.known_as) == (
        world.today + 14 * DAY,
        world.people["QA"].pk,
        "Vera Visitor",
    )
    assert Assurance.objects.for_centre(proposal.centre_id).get(membership=row).entry_code == DIPLOMA
    run_jobs()
    assert [letter.to for letter in mail.outbox] == [["vera@people.example"]]
    assert refused(lambda: answer(world, proposal)) == ["external-decided"]


def test_a_visit_that_was_agreed_late_begins_on_that_day(world, proposal):
    answer(world, proposal, at=clock.now() + 3 * DAY)
    row = Membership.objects.for_centre(proposal.centre_id).get(person=proposal.person)
    assert row.starts_on == world.today + 3 * DAY
    rulers_day = clock.now() + 20 * DAY
    other = propose(world, email="other@people.example")
    assert refused(lambda: answer(world, other, at=rulers_day)) == ["external-over"]


def test_nobody_agrees_to_their_own_proposal(world, proposal):
    assert refused(lambda: answer(world, proposal, by="CA")) == ["own-proposal"]
    for by in ("AA1", "EA", "LA1"):
        with pytest.raises(Forbidden):
            answer(world, proposal, by=by)
    with pytest.raises(Forbidden):
        propose(world, by="QA", email="other@people.example")
    with pytest.raises(DatabaseError, match="external_decided_by_another"), transaction.atomic():
        ExternalDecision.objects.create(
            centre_id=proposal.centre_id,
            proposal=proposal,
            agrees=True,
            proposed_by_id=proposal.proposed_by_id,
            decided_by_id=proposal.proposed_by_id,
            decided_by_name="One",
            at=clock.now(),
        )


def test_the_other_answer_needs_a_note_and_lets_nobody_in(world, proposal):
    assert refused(lambda: answer(world, proposal, agrees=False)) == ["note-missing"]
    answer(world, proposal, agrees=False, note="The awarding body does not know this person.")
    assert roles_of(world, proposal.person) == frozenset()
    assert propose(world)


def test_tabs_left_open_change_nothing(world, proposal):
    row = external_for(world.actor("CA"), proposal.public_id)
    mark, listed = external_mark(row), proposals_mark(proposal.centre_id)
    answer(world, proposal, agrees=False, note="The awarding body does not know this person.", seen=mark)
    with pytest.raises(Stale):
        answer(world, proposal, seen=mark)
    propose(world, email="other@people.example", seen=listed)
    with pytest.raises(Stale):
        propose(world, email="third@people.example", seen=listed)


@pytest.mark.parametrize("code", ["AB1", "QB", "CB", "LB1"])
def test_who_holds_a_role_under_the_same_awarding_body_anywhere_is_not_independent(world, code):
    assert refused(lambda: propose(world, email=world.people[code].email)) == ["external-elsewhere"]


def test_another_awarding_body_elsewhere_is_no_matter(world):
    there = world.centres[B].pk
    assert Registration.objects.for_centre(there).exists()
    rows = Registration.objects.for_centre(there)
    assert {row.qualification.awarding_body for row in rows} == {"OCR"}
    assert not Approval.objects.for_centre(there).exclude(awarding_body="OCR").exists()
    row = Membership.objects.for_centre(there).get(person=world.people["AB1"])
    row.ends_on = world.today - DAY
    row.save(update_fields=["ends_on"])
    assert propose(world, email=world.people["AB1"].email)


def test_who_looks_in_elsewhere_gets_no_role_here(world):
    found = refused(lambda: invite(world, by="CB", email=world.people["EA"].email))
    assert found == ["external-elsewhere"]


def test_a_role_of_the_same_centre_bars_it_also_when_it_came_later(world, proposal):
    assert refused(lambda: propose(world, email=world.people["AA2"].email)) == ["external-apart"]
    assert refused(lambda: propose(world)) == ["external-waiting"]
    Membership.objects.create(
        centre=world.centres[A],
        person=proposal.person,
        role=Role.ASSESSOR,
        starts_on=world.today,
        created_at=clock.now(),
    )
    assert refused(lambda: answer(world, proposal)) == ["external-apart"]


def test_who_has_a_registration_here_that_is_not_over_is_not_independent(world, proposal):
    """Also when their access was ended: they would look into their own work (B18)."""
    cs.end_access(actor=world.actor("CA"), person=world.people["LA2"], at=clock.now())
    asked = {"email": world.people["LA2"].email}
    assert refused(lambda: propose(world, **asked)) == ["external-apart"]
    rows = Registration.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA2"])
    rows.update(state="withdrawn", ends_on=world.today)
    late = propose(world, **asked)
    rows.update(state="active", ends_on=None)
    assert refused(lambda: answer(world, late)) == ["external-apart"]


def test_what_is_on_record_stays(world, proposal):
    answer(world, proposal)
    for model in (ExternalProposal, ExternalDecision):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.for_centre(proposal.centre_id).update(at=clock.now())
