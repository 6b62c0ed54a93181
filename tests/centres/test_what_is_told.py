"""What is written and told of roles, visits, new centres and letters, to the last field."""

import pytest
from django.core import mail

from audit.models import Event
from centres import services as cs
from centres.enums import Role
from centres.models import Assurance, Correction, Countersigner, Learner, Membership
from common import clock
from common.refusals import Refused
from jobs.models import Job
from tests.centres.acts import DAY, held, invite
from tests.centres.test_correcting import correct
from tests.centres.test_external import answer, propose
from tests.centres.test_giving_learners import rows
from tests.factories import rules as rulers
from tests.factories.world import DIPLOMA, A, B

SAID = "Rang the awarding body on Monday."


def told(action):
    return Event.objects.filter(action=action).latest("pk").facts


# --- roles ------------------------------------------------------------------------------------------------------------


def test_a_role_is_told_and_kept_with_who_gave_it(world):
    invited = invite(world, roles=[Role.IQA, Role.ADMIN, Role.IQA], entry_codes=[DIPLOMA], ends_on=world.today + DAY)
    assert [row.role for row in invited.memberships] == [Role.IQA, Role.ADMIN]
    assert {(row.starts_on, row.ends_on, row.known_as, row.granted_by_id) for row in invited.memberships} == {
        (world.today, world.today + DAY, "Nadia Newcomer", world.people["CA"].pk)
    }
    assurances = Assurance.objects.for_centre(world.centres[A].pk).filter(membership__person=invited.person)
    assert list(assurances.values_list("membership__role", "awarding_body", "entry_code")) == [("iqa", "OCR", DIPLOMA)]
    assert told("person.invited") == {"roles": ["iqa", "admin"]}
    assert told("role.granted") == {"role": "admin", "person": invited.person.public_id}
    assert Job.objects.get(name="centres.send_invitation").key.endswith(f":{world.centres[A].pk}:{invited.person.pk}")


def test_a_reason_against_several_roles_is_said_once(world):
    with pytest.raises(Refused) as caught:
        invite(world, roles=[Role.ADMIN, Role.ASSESSOR], starts_on=world.today - DAY)
    assert [one.code for one in caught.value.refusals] == ["starts-in-past"]


@pytest.mark.parametrize(("agrees", "action"), [(True, "external.agreed"), (False, "external.refused")])
def test_an_answer_to_a_proposal_is_returned_and_kept(world, agrees, action):
    rulers.lead(world)
    proposal = propose(world)
    said = answer(world, proposal, agrees=agrees, note=" The body does not know them. ")
    assert (said.agrees, said.note, said.decided_by_id) == (
        *(agrees, "The body does not know them.", world.people["QA"].pk),
    )
    assert (said.proposal, said.proposed_by_id) == (proposal, world.people["CA"].pk)
    assert Event.objects.filter(object_id=proposal.public_id).latest("pk").action == action
    assert Job.objects.filter(name="centres.send_invitation").exists() is agrees
    assert told("external.proposed") == {"codes": [DIPLOMA]}


def test_the_end_of_a_role_and_of_everything_is_told_with_its_day(world):
    cs.end_membership(actor=world.actor("CA"), membership=held(world, "QA", Role.IQA), on=world.today, at=world.at)
    assert told("role.ended") == {"role": "iqa", "on": world.today.isoformat()}
    later = invite(world, starts_on=world.today + 9 * DAY).person
    assert cs.end_access(actor=world.actor("CA"), person=later, at=world.at) == 0
    assert told("role.ended") == {"role": "assessor", "on": (world.today + 8 * DAY).isoformat()}
    assert told("access.ended") == {"roles": 1, "learners": 0}
    assert cs.end_access(actor=world.actor("CA"), person=world.people["AA1"], at=world.at) == 1
    assert told("access.ended") == {"roles": 1, "learners": 1}
    assert told("role.ended") == {"role": "assessor", "on": (world.today - DAY).isoformat()}


def test_ended_access_ends_what_somebody_looks_after_and_countersigns_today_already(world):
    cs.end_access(actor=world.actor("CA"), person=world.people["AA2"], at=world.at)
    assert [last for _who, _code, _first, last in rows(world, "LA2")] == [-1]
    cs.end_access(actor=world.actor("CA"), person=world.people["AT1"], at=world.at)
    assert [last for _who, _code, _first, last in rows(world, "LA3")] == [-1]
    links = Countersigner.objects.for_centre(world.centres[A].pk)
    assert links.get().ends_on == world.today - DAY


# --- a new centre -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_centre_is_told_and_its_admin_known_by_the_name_that_was_typed():
    at = clock.now()
    facts = {"admin_email": "f@people.example", "given_name": " First ", "family_name": "Admin", "at": at}
    opened = cs.open_centre(number="12345", name="x" * 160, **facts)
    row = Membership.objects.for_centre(opened.centre.pk).get()
    assert (row.role, row.known_as, row.starts_on, row.created_at) == (
        *(Role.ADMIN, "First Admin", clock.london_date(at), at),
    )
    assert told("centre.opened") == {"number": "12345"}
    for changed, field in (({"number": "1234"}, "number"), ({"number": "12345"}, "number"), ({"name": ""}, "name")):
        with pytest.raises(Refused) as caught:
            cs.open_centre(**{"number": "12346", "name": "x", **facts, **changed})
        assert [one.field for one in caught.value.refusals] == [field]


# --- letters ----------------------------------------------------------------------------------------------------------


def test_a_letter_greets_by_the_name_of_this_centre_and_names_each_role_once(world, run_jobs):
    invited = invite(world, roles=[Role.ASSESSOR, Role.IQA], entry_codes=[DIPLOMA])
    cs.grant_role(
        actor=world.actor("CA"), person=invited.person, role=Role.ADMIN, starts_on=world.today + DAY, at=world.at
    )
    run_jobs()
    (letter,) = mail.outbox
    assert letter.subject == "Harbour College invites you to Attest"
    assert letter.body.startswith("Hello Nadia Newcomer\n")
    inviter = world.people["CA"].full_name
    assert f"{inviter} at Harbour College invites you to Attest as: Assessor, Internal" in letter.body
    assert letter.body.count("Assessor") == 1
    assert "quality assurer, Centre admin." in letter.body


def test_a_letter_to_somebody_without_a_role_is_none(world):
    send = {"centre_id": world.centres[B].pk, "invited_by_id": world.people["CB"].pk, "at": clock.now()}
    assert cs.send_invitation(person_id=world.people["AA1"].pk, **send) is False
    assert cs.send_invitation(person_id=world.people["AB1"].pk, **send) is True
    assert [letter.to for letter in mail.outbox] == [[world.people["AB1"].email]]


def test_a_letter_about_a_correction_says_by_whom_and_where_to_look(world, run_jobs):
    correct(world, gender="F")
    run_jobs()
    (letter,) = mail.outbox
    assert letter.subject == "Harbour College corrected your record"
    assert letter.body.startswith(f"Hello {world.learners['LA1'].full_name}\n")
    assert f"{world.people['CA'].full_name} at Harbour College corrected your record: Gender." in letter.body
    assert f"/c/{A}/my/record/" in letter.body
    assert Learner.objects.for_centre(world.centres[A].pk).get(pk=world.learners["LA1"].pk).gender == "F"
    assert Correction.objects.for_centre(world.centres[A].pk).count() == 1
