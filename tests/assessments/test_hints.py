"""Words that speak of role-play or training are asked about wherever they stand, and the assessor sees where (R61)."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.services import ReviewAnswers, ask_purge, decide_purge, reply, send_back
from common import clock
from common.refusals import Refused
from portfolio import services as ps
from tests.assessments.conftest import GOOD, judge, open_it, sender
from tests.assessments.test_workbench_queries import bench
from tests.factories import portfolio as made
from tests.factories.world import A
from tests.web.assessor.conftest import text_of

PLAYED = "We did a role-play in the classroom."


def opened(world, **fields):
    piece = sender(world)("LA1", numbers=["4.1"], **fields)
    open_it(world, piece, "AA1")
    return made.again(piece)


def again_without(world, piece, note=""):
    """It comes back, and the next version says nothing of it."""
    send_back(
        actor=world.actor("AA1"),
        evidence=piece,
        version_number=1,
        verdicts=[],
        answers=ReviewAnswers(feedback="Please say more about it."),
        at=clock.now(),
    )
    learner, at = world.actor("LA1"), clock.now()
    piece = ps.revise_evidence(actor=learner, evidence=made.again(piece), at=at)
    fields = {"description": "I helped a customer.", "title": "Helping", "body": "I helped."}
    piece = ps.save_draft(actor=learner, evidence=piece, revision=piece.revision, fields=fields, at=at)
    ps.set_mappings(actor=learner, evidence=piece, chosen=[made.ticked(world, "4.1", note=note)], unsure=False, at=at)
    made.send(world, made.again(piece))
    open_it(world, piece, "AA1")
    return made.again(piece)


def in_an_earlier_version(world):
    return again_without(world, opened(world, description=PLAYED))


def in_the_talk(world):
    piece = opened(world)
    reply(actor=world.actor("LA1"), evidence=piece, text="It was a role-play with my tutor.", at=clock.now())
    return piece


def noted(world, note):
    def add(actor, piece):
        tick = made.ticked(world, "4.1", note=note)
        ps.set_mappings(actor=actor, evidence=piece, chosen=[tick], unsure=False, at=clock.now())

    return opened(world, before_sending=add)


def beside_a_criterion(world):
    return noted(world, "the role-play in class")


def beside_a_criterion_in_an_earlier_version(world):
    return again_without(world, noted(world, "the role-play in class"))


WHERE = [
    (in_an_earlier_version, "“role play”, “classroom” in version 1"),
    (in_the_talk, "“role play”, “tutor” in the talk"),
    (beside_a_criterion, "“role play”, “in class” beside {code}"),
    (beside_a_criterion_in_an_earlier_version, "“role play”, “in class” beside a criterion in version 1"),
]


@pytest.mark.parametrize(("scene", "shown"), WHERE)
def test_it_is_asked_about_and_shown_with_its_place(world, as_client, scene, shown):
    piece = scene(world)
    with pytest.raises(Refused) as caught:
        judge(world, piece)
    [refusal] = caught.value.refusals
    assert (refusal.code, "hinted" in refusal.params["doubts"]) == ("setting-basis", True)
    page = text_of(as_client("AA1").get(f"/c/{A}/assess/evidence/{piece.public_id}/"))
    [row] = bench(world, piece.versions.latest("number")).mappings
    assert shown.format(code=row.code) in page
    basis = "Dev stood at the till and saw it with a real customer."
    judge(world, made.again(piece), answers=dataclasses.replace(GOOD, setting_basis=basis))


def test_what_was_removed_from_sight_is_not_shown_again(world):
    piece = in_an_earlier_version(world)
    row = ask_purge(
        actor=world.actor("AA1"),
        evidence=piece,
        version_number=1,
        reason="A customer's name can be read in it.",
        words=True,
        at=clock.now(),
    )
    decide_purge(actor=world.actor("CA"), purge=row, agrees=True, at=clock.now())
    assert bench(world, piece.versions.get(number=2)).hints == ()


def test_a_talk_costs_two_queries_and_no_talk_none(world):
    piece = opened(world)
    version = piece.versions.get()
    with CaptureQueriesContext(connection) as quiet:
        bench(world, version)
    reply(actor=world.actor("LA1"), evidence=piece, text="Thank you.", at=clock.now())
    with CaptureQueriesContext(connection) as talked:
        bench(world, version)
    assert len(talked) == len(quiet) + 2
