"""Whoever may not do it is refused first, before anything is read, and the record says which act was denied."""

import datetime as dt
import inspect
from types import SimpleNamespace

import pytest

from assessments import access as judging_access
from assessments import services as judging
from centres import access as centre_access
from centres import services as centre
from centres.actor import Actor
from centres.enums import Role
from common.refusals import Forbidden, NotFound
from portfolio import access as portfolio_access
from portfolio import services as portfolio
from qualifications import access as catalogue_access
from qualifications import services as catalogue
from tests.factories.drafts import draft_of, lead_iqa
from tests.factories.world import A

NOBODY = Actor(0, "Nobody", 0, "0", "Nowhere", frozenset(), dt.date(2026, 11, 30))
EDITOR = Actor(7, "Rowan", 0, "0", "Nowhere", frozenset({Role.ADMIN}), dt.date(2026, 11, 30))
THEIRS = SimpleNamespace(public_id="piece", centre_id=0, learner_id=3, author_id=7, state="draft")
ELSEWHERE = SimpleNamespace(public_id="piece", centre_id=1, learner_id=3)


def denied(act, actor, **given):
    """Return what is told of the denial; everything that the act is not given is nothing."""
    act = inspect.unwrap(act)
    names = [name for name, one in inspect.signature(act).parameters.items() if one.default is inspect.Parameter.empty]
    with pytest.raises(NotFound) as caught:
        act(**{name: given.get(name) for name in names} | {"actor": actor})
    return type(caught.value), caught.value.action, caught.value.object_id


@pytest.mark.parametrize(
    ("act", "action"),
    [
        (centre.change_units, "registration.units"),
        (centre.record_approval, "approval.record"),
        (centre.change_policy, "centre.policy"),
        (centre.correct_address, "person.address"),
        (centre.acknowledge_induction, "induction.acknowledge"),
        (centre.propose_rule, "sufficiency.propose"),
        (centre.propose_exception, "sufficiency.propose"),
        (centre.decide_rule, "sufficiency.decide"),
        (centre.correct_record, "learner.correct"),
        (centre.step_number, "learner.number"),
        (centre.end_membership, "role.end"),
        (centre.end_access, "access.end"),
        (centre.invite_person, "person.invite"),
        (centre.grant_role, "role.grant"),
        (centre.send_link_again, "person.send_link"),
        (centre.propose_external, "external.propose"),
        (centre.decide_external, "external.decide"),
        (centre.register_learner, "learner.register"),
        (centre.add_registration, "learner.register"),
        (centre.set_countersigner, "countersigner.set"),
        (centre.end_countersigner, "countersigner.end"),
        (centre.allocate, "learner.allocate"),
        (centre.move_learners, "learner.allocate"),
        (centre.end_allocation, "learner.allocate"),
        (centre.move_registration, "registration.move"),
        (judging.put_on_break, "registration.state"),
        (judging.suspend_registration, "registration.state"),
        (judging.resume_registration, "registration.state"),
        (judging.withdraw_registration, "registration.state"),
        (judging.complete_registration, "registration.state"),
        (judging.decide_purge, "purge.decide"),
        (judging.record_exemption, "exemption.record"),
        (portfolio.start_evidence, "evidence.start"),
        (catalogue.tag_criterion, "criterion.tag"),
        (catalogue.write_note, "criterion.explain"),
        (catalogue.stage_import, "import.stage"),
        (catalogue.match_import, "import.match"),
        (catalogue.mend_import, "import.mend"),
        (catalogue.submit_draft, "draft.submit"),
        (catalogue.reopen_draft, "draft.reopen"),
    ],
)
def test_an_act_of_others_is_denied_by_its_name(act, action):
    assert denied(act, NOBODY) == (Forbidden, action, "")


@pytest.mark.parametrize(
    ("act", "action"),
    [
        (portfolio.submit_evidence, "evidence.submit"),
        (portfolio.recall_evidence, "evidence.recall"),
        (portfolio.revise_evidence, "evidence.revise"),
        (portfolio.withdraw_evidence, "evidence.withdraw"),
        (portfolio.save_draft, "evidence.edit"),
        (portfolio.set_mappings, "evidence.edit"),
        (portfolio.remove_file, "evidence.edit"),
    ],
)
def test_a_piece_of_others_is_left_alone(act, action):
    file = SimpleNamespace(evidence=THEIRS, public_id="file")
    assert denied(act, NOBODY, evidence=THEIRS, file=file) == (Forbidden, action, "piece")
    far = SimpleNamespace(evidence=ELSEWHERE, public_id="file")
    assert denied(act, NOBODY, evidence=ELSEWHERE, file=far) == (NotFound, action, "piece")


@pytest.mark.parametrize(
    ("load", "action", "kind"),
    [
        (centre_access.learner_for, "learner.view", NotFound),
        (centre_access.learner_and_mine, "learner.view", NotFound),
        (centre_access.learner_and_settled, "learner.view", NotFound),
        (centre_access.unit_for, "unit.view", NotFound),
        (centre_access.registration_for, "registration.view", NotFound),
        (judging_access.judgement_for, "judgement.view", NotFound),
        (judging_access.exemption_for, "exemption.view", NotFound),
        (portfolio_access.evidence_for, "evidence.view", NotFound),
        (portfolio_access.sent_version_for, "evidence.view", NotFound),
        (portfolio_access.file_for, "file.view", NotFound),
        (portfolio_access.preview_for, "preview.open", NotFound),
        (catalogue_access.draft_for, "draft.view", NotFound),
    ],
)
def test_what_nobody_has_is_not_found_by_its_name(world, load, action, kind):
    assert denied(load, world.actor("CA"), public_id="nothing") == (kind, action, "nothing")


@pytest.mark.parametrize(
    ("act", "action"), [(catalogue.approve_draft, "draft.approve"), (catalogue.reject_draft, "draft.reject")]
)
def test_a_second_person_is_neither_the_author_nor_anybody(act, action):
    for actor in (NOBODY, EDITOR):
        assert denied(act, actor, draft=THEIRS) == (Forbidden, action, "")


def test_a_draft_is_decided_by_whoever_did_not_bring_it_in(world):
    row = draft_of(world.centres[A], world.people["CA"])
    load = {"public_id": row.public_id}
    assert denied(catalogue_access.draft_to_decide, world.actor("CA"), **load) == (Forbidden, "draft.decide", "")
    world.people["LEAD"] = lead_iqa(world.centres[A])
    assert catalogue_access.draft_to_decide(world.actor("LEAD", centre=A), row.public_id) == row
    assert denied(catalogue_access.draft_to_decide, world.actor("CB"), **load)[:2] == (NotFound, "draft.view")


@pytest.mark.parametrize(("state", "action"), [("draft", "draft.withdraw"), ("reading", "import.withdraw")])
def test_what_is_put_aside_is_denied_as_what_it_is(world, state, action):
    row = draft_of(world.centres[A], world.people["CA"], state=state)
    assert denied(catalogue.withdraw_draft, world.actor("AA1"), draft=row) == (Forbidden, action, "")


def test_what_is_handed_out_is_denied_by_its_name(world):
    asked = {"public_id": world.diploma.public_id, "form": "yaml", "origin": ""}
    export = catalogue.export_qualification
    assert denied(export, world.actor("LA1"), **asked) == (Forbidden, "catalogue.export", asked["public_id"])
    for changed, said in (({"public_id": "nothing"}, "nothing"), ({"form": "pdf"}, "pdf")):
        assert denied(export, world.actor("AA1"), **asked | changed) == (NotFound, "catalogue.export", said)
    assert denied_of(catalogue.export_code, code="99999", form="yaml", origin="") == (
        *(NotFound, "catalogue.export", "99999"),
    )


def test_who_judges_something_else_is_forbidden_by_the_name_of_the_act(world):
    learner, row = world.learners["LA1"], world.registrations["LA1"]
    assert denied(centre.record_identity, world.actor("QA"), learner=learner) == (
        *(Forbidden, "identity.record", learner.public_id),
    )
    assert denied(centre.set_schedule, world.actor("QA"), registration_id=row.public_id) == (
        *(Forbidden, "units.schedule", row.public_id),
    )


def test_what_one_sees_and_may_not_do_is_forbidden_by_its_name(world):
    admin, learner = world.actor("CA"), world.learners["LA1"]
    unit = centre_access.units_for(admin).filter(learner=learner).first()
    assert denied(centre_access.learner_to_assess, admin, public_id=learner.public_id) == (
        *(Forbidden, "learner.assess", learner.public_id),
    )
    assert denied(judging_access.unit_to_countersign, admin, public_id=unit.public_id) == (
        *(Forbidden, "unit.countersign", unit.public_id),
    )
    assert denied(catalogue_access.draft_for, world.actor("LA1"), public_id="x") == (Forbidden, "draft.view", "")
    assert denied(centre_access.learner_of_actor, admin) == (NotFound, "learner.view", "")
    nowhere = {"person": world.people["CA"].public_id, "centre": "99999", "on": world.today}
    assert denied_of(portfolio_access.actor_of, **nowhere) == (NotFound, "centre.enter", "99999")
    assert denied_of(portfolio_access.actor_of, **nowhere | {"person": "nobody", "centre": A})[2] == A


def denied_of(load, **given):
    with pytest.raises(NotFound) as caught:
        load(**given)
    return type(caught.value), caught.value.action, caught.value.object_id
