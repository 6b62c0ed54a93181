"""What each act on a draft writes, to the last field; what an older page, another state and another person come to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from common import clock
from common.refusals import Stale
from qualifications.enums import DraftState
from qualifications.models import Draft, Unit
from qualifications.queries.proposal import proposal_of
from qualifications.services import approve_draft, reject_draft, reopen_draft, submit_draft, withdraw_draft
from qualifications.services.drafting import _advance, _hold
from tests.centres.holds import holding
from tests.factories.drafts import draft_of
from tests.factories.world import A, B
from tests.qualifications.test_drafting import Desk, desk

__all__ = ["Desk", "desk"]  # a fixture and what it makes

SENT_BACK = {"reason": "  Look again at 1.1. "}
ACTS = [
    (submit_draft, "draft", "author", {}, "submitted", "draft.submitted"),
    (approve_draft, "submitted", "second", {}, "published", "draft.published"),
    (reject_draft, "submitted", "second", SENT_BACK, "rejected", "draft.rejected"),
    (reopen_draft, "submitted", "author", {}, "draft", "draft.reopened"),
    (withdraw_draft, "draft", "second", {}, "withdrawn", "draft.withdrawn"),
]
BY_ACT = pytest.mark.parametrize("step", ACTS, ids=lambda step: step[0].__name__)


def stand(desk, state):
    base = dict(proposal_of(desk.draft.content, desk.draft.centre_id).base)
    rows = Draft.objects.for_centre(desk.draft.centre_id).filter(pk=desk.draft.pk)
    rows.update(state=state, revision=3, base=base, submitted_at=desk.draft.created_at, note="before")
    return desk.fresh()


@BY_ACT
def test_an_act_writes_who_when_and_the_next_revision(desk, step):
    act, state, who, more, to, action = step
    stand(desk, state)
    actor = getattr(desk, who)
    row = desk.do(act, by=actor, **more)
    assert (row.state, row.revision, row.changed_by_id) == (to, 4, actor.person_id)
    assert row.changed_at > row.created_at
    decided = who == "second" and act is not withdraw_draft
    assert row.decided_by_id == (actor.person_id if decided else None)
    assert row.decided_at == (row.changed_at if decided else None)
    assert row.note == {"submitted": "", "rejected": "Look again at 1.1."}.get(to, "before")
    sent = {"submitted": row.changed_at, "draft": None}
    assert row.submitted_at == sent.get(to, desk.draft.created_at)
    event = Event.objects.get(object_id=row.public_id)
    assert (event.action, event.person_id) == (action, actor.person_id)


@BY_ACT
@pytest.mark.parametrize("revision", [2, 4])
def test_an_act_from_another_page_is_told_where_the_draft_stands(desk, step, revision):
    act, state, who, more, *_rest = step
    stood = stand(desk, state)
    with pytest.raises(Stale) as told:
        desk.do(act, by=getattr(desk, who), revision=revision, **more)
    assert told.value.at == stood.changed_at
    assert f"“{stood.get_state_display()}” now. Nothing of yours was done." in told.value.refusals[0].sentence
    assert (desk.fresh().state, desk.fresh().revision) == (state, 3)
    assert not Event.objects.filter(object_id=desk.draft.public_id).exists()


@BY_ACT
def test_the_same_click_of_somebody_else_is_not_ones_own(desk, step):
    act, state, who, more, to, _action = step
    stand(desk, state)
    desk.do(act, by=getattr(desk, who), **more)
    Draft.objects.for_centre(desk.draft.centre_id).filter(pk=desk.draft.pk).exclude(state="published").update(
        changed_by=desk.world.people["AA1"]
    )
    if to != "published":
        with pytest.raises(Stale):
            desk.do(act, by=getattr(desk, who), revision=3, **more)
    assert Event.objects.filter(object_id=desk.draft.public_id).count() == 1


@BY_ACT
def test_an_act_holds_what_waits_in_the_centre(desk, step):
    act, state, who, more, *_rest = step
    stand(desk, state)
    with holding() as found:
        desk.do(act, by=getattr(desk, who), **more)
    assert found == ["Draft"]


def test_all_that_wait_in_the_centre_are_held_by_key_and_none_of_another(desk):
    people, centres = desk.world.people, desk.world.centres
    other = draft_of(centres[A], people["CA"], state=DraftState.SUBMITTED)
    draft_of(centres[A], people["CA"], state=DraftState.REJECTED)
    draft_of(centres[B], people["CB"], state=DraftState.SUBMITTED)
    with CaptureQueriesContext(connection) as seen:
        _hold(desk.author, desk.draft)
    with connection.cursor() as cursor:
        cursor.execute(seen[0]["sql"])
        assert [row[0] for row in cursor.fetchall()] == [desk.draft.pk, other.pk]


def test_what_is_held_is_as_it_is_now_and_of_this_centre(desk):
    other = draft_of(desk.world.centres[A], desk.world.people["CA"], state=DraftState.SUBMITTED)
    read = desk.fresh()
    stand(desk, "rejected")
    assert _hold(desk.author, read).state == "rejected"
    assert _hold(desk.author, other).pk == other.pk
    with pytest.raises(Draft.DoesNotExist):
        _hold(desk.world.actor("CB"), other)


@pytest.mark.parametrize("changed", [{"state": "submitted"}, {"revision": 1}])
def test_a_draft_that_moved_meanwhile_is_not_moved_again(desk, changed):
    read = desk.fresh()
    Draft.objects.for_centre(read.centre_id).filter(pk=read.pk).update(**changed)
    at = clock.now()
    with pytest.raises(Stale) as told:
        _advance(read, desk.author, DraftState.WITHDRAWN, at)
    assert told.value.at == at
    assert desk.fresh().state != DraftState.WITHDRAWN


def test_what_was_sent_and_published_is_told_in_numbers(desk):
    desk.do(submit_draft)
    row = desk.do(approve_draft, by=desk.second)
    facts = dict(Event.objects.filter(object_id=row.public_id).values_list("action", "facts"))
    unit = Unit.objects.get(centre=desk.world.centres[A])
    assert facts["draft.submitted"] == {"changes": proposal_of(row.content, None).changes}
    assert facts["draft.published"] == {"units": 1, "qualifications": 1, "sha256": row.sha256}
    assert (unit.draft_id, unit.published_at) == (row.pk, row.changed_at)


def test_who_put_it_aside_gets_it_as_it_is_and_another_is_told(desk):
    stood = stand(desk, "draft")
    first = withdraw_draft(actor=desk.author, draft=stood, revision=3, at=clock.now())
    assert (first.state, first.revision, first.changed_by_id) == ("withdrawn", 4, desk.author.person_id)
    again = withdraw_draft(actor=desk.author, draft=stood, revision=3, at=clock.now())
    assert (again.pk, again.revision) == (first.pk, 4)
    with pytest.raises(Stale):
        withdraw_draft(actor=desk.second, draft=stood, revision=3, at=clock.now())
    assert Event.objects.filter(object_id=first.public_id).count() == 1
