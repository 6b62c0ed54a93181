"""Two people act on drafts at the same moment: one wins, the other is told, nothing is published twice (R23)."""

import pytest

from common import clock
from qualifications.models import Draft, Qualification, Unit
from qualifications.services import approve_draft, reopen_draft, submit_draft
from tests.factories.drafts import draft_of, lead_iqa, reworded
from tests.factories.world import A, two_centres
from tests.portfolio.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    made = two_centres()
    made.people["LEAD"] = lead_iqa(made.centres[A])
    made.people["OTHER"] = lead_iqa(made.centres[A], "other@people.example")
    return made


def sent(world, *args):
    row = draft_of(world.centres[A], world.people["CA"], *args)
    submit_draft(actor=world.actor("CA"), draft=row, revision=0, at=clock.now())
    row.refresh_from_db()
    return row


def act(world, service, who, row):
    actor = world.actor(who, centre=A)
    return lambda: service(actor=actor, draft=row, revision=1, at=clock.now())


def test_two_seconds_at_once_publish_once(world):
    row = sent(world)
    found = at_once(act(world, approve_draft, "LEAD", row), act(world, approve_draft, "OTHER", row))
    assert sorted(found) == ["done", "stale"]
    assert Unit.objects.filter(centre=world.centres[A]).count() == 1
    assert Qualification.objects.filter(centre=world.centres[A]).count() == 1


def test_let_through_and_taken_back_at_once_is_one_or_the_other(world):
    row = sent(world)
    found = at_once(act(world, approve_draft, "LEAD", row), act(world, reopen_draft, "CA", row))
    assert sorted(found) == ["done", "stale"]
    state = Draft.objects.for_centre(row.centre_id).get(pk=row.pk).state
    assert (state == "published") == Unit.objects.filter(centre=world.centres[A]).exists()


def test_two_drafts_of_one_unit_at_once_follow_each_other(world):
    rows = sent(world), sent(world, reworded("Name the policy"))
    found = at_once(*(act(world, approve_draft, who, row) for who, row in zip(("LEAD", "OTHER"), rows, strict=True)))
    assert sorted(found) == ["done", "moved-on"]
    assert Unit.objects.filter(centre=world.centres[A]).count() == 1
