"""A draft reaches the catalogue through two people, or not at all (R23)."""

import copy
import dataclasses
from dataclasses import dataclass

import pytest
import yaml
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError

from audit.models import Event
from centres.enums import Role
from common import clock
from common.refusals import Forbidden, NotFound, Refused, Stale
from qualifications import queries
from qualifications.access import draft_for
from qualifications.enums import DRAFT_TRANSITIONS, DraftState
from qualifications.models import Criterion, Draft, Qualification, Unit
from qualifications.queries.proposal import proposal_of
from qualifications.services import (
    approve_draft,
    publish_catalogue,
    reject_draft,
    reopen_draft,
    submit_draft,
    withdraw_draft,
)
from qualifications.services.reading import Catalogue
from tests.factories.catalogue import FOLDER, small_catalogue
from tests.factories.drafts import KEY, draft_of, lead_iqa, reworded, unit_words
from tests.factories.world import A, B


@dataclass
class Desk:
    """Two editors of centre A and a draft of the first: `do(submit_draft)` acts on it as it stands."""

    world: object
    author: object
    second: object
    draft: Draft

    def do(self, act, by=None, **more):
        row = self.fresh()
        act(actor=by or self.author, draft=row, revision=more.pop("revision", row.revision), at=clock.now(), **more)
        return self.fresh()

    def fresh(self):
        return Draft.objects.across_centres(reason="a test looks").get(pk=self.draft.pk)


@pytest.fixture
def desk(world):
    centre = world.centres[A]
    world.people["LEAD"] = lead_iqa(centre)
    return Desk(world, world.actor("CA"), world.actor("LEAD", centre=A), draft_of(centre, world.people["CA"]))


def codes(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return [r.code for r in refused.value.refusals]


def refusal_of(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.refusals[0]


def text_for(centre, number="1.1"):
    unit = queries.current_units(centre.pk if centre else None).get(key=KEY)
    return Criterion.objects.get(unit=unit, number=number).text


def test_two_people_bring_a_wording_into_their_centre_alone(desk):
    desk.do(submit_draft)
    row = desk.do(approve_draft, by=desk.second)
    assert (row.state, row.decided_by_id) == ("published", desk.second.person_id)
    centres = desk.world.centres
    assert text_for(centres[A]) == "Explain our own policy on calls, word for word"
    assert text_for(centres[B]) == text_for(None) != text_for(centres[A])
    for model in (Unit, Qualification):
        own = model.objects.get(centre=centres[A])
        assert (own.version, own.draft_id) == (2, row.pk)
    events = Event.objects.filter(object_id=row.public_id).order_by("pk").values_list("action", "person_id")
    assert list(events) == [
        ("draft.submitted", desk.author.person_id),
        ("draft.published", desk.second.person_id),
    ]


def test_learners_stay_on_the_words_they_were_judged_on(desk):
    before = desk.world.unit("LA1", KEY).unit_id
    desk.do(submit_draft)
    desk.do(approve_draft, by=desk.second)
    assert desk.world.unit("LA1", KEY).unit_id == before


def test_the_author_lets_nothing_through(desk):
    desk.do(submit_draft)
    for act, more in ((approve_draft, {}), (reject_draft, {"reason": "Not good enough yet"})):
        with pytest.raises(Forbidden):
            desk.do(act, **more)
    assert desk.fresh().state == "submitted"
    assert Unit.objects.filter(centre=desk.world.centres[A]).count() == 0


@pytest.mark.parametrize("fields", [{"decided_by": "author", "state": "rejected"}, {"state": "published"}])
def test_the_database_refuses_one_person_whoever_asks(desk, fields):
    changed = {**fields, **({"decided_by": desk.author.person_id} if "decided_by" in fields else {})}
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.for_centre(desk.draft.centre_id).update(**changed)


def test_a_published_draft_is_final_whoever_asks(desk):
    desk.do(submit_draft)
    desk.do(approve_draft, by=desk.second)
    for changed in ({"state": "draft"}, {"content": {}}, {"decided_by": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Draft.objects.for_centre(desk.draft.centre_id).update(**changed)
    with pytest.raises(ProtectedError):
        desk.fresh().delete()


@pytest.mark.parametrize("who", ["AA1", "QA", "EA", "LA1"])
@pytest.mark.parametrize("act", [submit_draft, approve_draft, reopen_draft, withdraw_draft])
def test_others_do_nothing_to_it(desk, who, act):
    with pytest.raises(Forbidden):
        desk.do(act, by=desk.world.actor(who))
    with pytest.raises(Forbidden):
        draft_for(desk.world.actor(who), desk.draft.public_id)


def test_another_centre_finds_nothing(desk):
    assert draft_for(desk.author, desk.draft.public_id) == desk.draft
    with pytest.raises(NotFound):
        draft_for(desk.world.actor("CB"), desk.draft.public_id)


def test_a_draft_sent_back_comes_again(desk):
    desk.do(submit_draft)
    assert codes(desk.do, reject_draft, by=desk.second, reason="no") == ["no-reason"]
    assert codes(desk.do, reject_draft, by=desk.second, reason="x" * 501) == ["long-reason"]
    row = desk.do(reject_draft, by=desk.second, reason="  1.1 is not the awarding body's.  ")
    assert (row.state, row.note) == ("rejected", "1.1 is not the awarding body's.")
    assert desk.do(reopen_draft).state == "draft"
    row = desk.do(submit_draft)
    assert (row.note, row.decided_by_id) == ("", None)
    assert desk.do(approve_draft, by=desk.second).state == "published"


def test_only_the_author_sends_and_takes_back_and_any_editor_withdraws(desk):
    assert codes(desk.do, submit_draft, by=desk.second) == ["not-author"]
    desk.do(submit_draft)
    assert codes(desk.do, reopen_draft, by=desk.second) == ["not-author"]
    assert codes(desk.do, withdraw_draft) == ["not-open"]
    assert "“Waiting for a second person” now" in refusal_of(desk.do, withdraw_draft).sentence
    desk.do(reopen_draft)
    assert desk.do(withdraw_draft, by=desk.second).state == "withdrawn"


def test_who_withdrew_a_draft_may_ask_again_and_nobody_else(desk):
    desk.do(withdraw_draft)
    desk.do(withdraw_draft, revision=99)
    assert codes(desk.do, withdraw_draft, by=desk.second) == ["not-open"]
    actions = Event.objects.filter(object_id=desk.draft.public_id).values_list("action", flat=True)
    assert [a for a in actions if a.endswith("withdrawn")] == ["draft.withdrawn"]


ACTS = {
    DraftState.SUBMITTED: (submit_draft, "author", {}),
    DraftState.PUBLISHED: (approve_draft, "second", {}),
    DraftState.REJECTED: (reject_draft, "second", {"reason": "Look again at 1.1."}),
    DraftState.DRAFT: (reopen_draft, "author", {}),
    DraftState.WITHDRAWN: (withdraw_draft, "author", {}),
}


@pytest.mark.parametrize("state", DraftState)
@pytest.mark.parametrize("to", ACTS)
def test_a_draft_moves_as_its_table_says_and_no_other_way(desk, state, to):
    act, who, more = ACTS[to]
    base = dict(proposal_of(desk.draft.content, desk.draft.centre_id).base)
    decided = {"decided_by": desk.second.person_id} if state == DraftState.PUBLISHED else {}
    Draft.objects.for_centre(desk.draft.centre_id).update(state=state, base=base, **decided)
    if to in DRAFT_TRANSITIONS[state]:
        assert desk.do(act, by=getattr(desk, who), **more).state == to
    else:
        assert "not-open" in codes(desk.do, act, by=getattr(desk, who), **more)
        assert desk.fresh().state == state


# --- checked again ----------------------------------------------------------------------------------------------------


def test_what_is_broken_is_not_sent(desk):
    content = reworded()
    del content["units"][0]["title"]
    Draft.objects.for_centre(desk.draft.centre_id).update(content=content)
    assert codes(desk.do, submit_draft) == ["problems"]


def test_problems_of_the_import_count_too(desk):
    problem = {"row": 3, "column": "B", "sentence": "Row 3 has no number."}
    Draft.objects.for_centre(desk.draft.centre_id).update(problems=[problem])
    assert codes(desk.do, submit_draft) == ["problems"]


def test_what_counts_already_is_not_sent(desk):
    same = {"units": [unit_words()], "qualifications": []}
    Draft.objects.for_centre(desk.draft.centre_id).update(content=same)
    assert codes(desk.do, submit_draft) == ["nothing-new"]


def _publish_for_all(text):
    catalogue = small_catalogue()
    data = {**catalogue.units}
    data[KEY] = dataclasses.replace(data[KEY], title=text)
    publish_catalogue(Catalogue(data, catalogue.qualifications), at=clock.now())


def test_a_base_that_moved_on_stops_the_second_person(desk):
    desk.do(submit_draft)
    _publish_for_all("Speak with customers")
    with pytest.raises(Refused) as refused:
        desk.do(approve_draft, by=desk.second)
    (refusal,) = refused.value.refusals
    assert refusal.code == "moved-on"
    assert KEY in refusal.sentence
    assert "OCR 10379" in refusal.sentence
    desk.do(reopen_draft)
    desk.do(submit_draft)
    assert desk.do(approve_draft, by=desk.second).state == "published"


def test_two_drafts_of_one_unit_do_not_overtake_each_other(desk):
    other = Desk(
        desk.world,
        desk.author,
        desk.second,
        draft_of(desk.world.centres[A], desk.world.people["CA"], reworded("Name it")),
    )
    desk.do(submit_draft)
    other.do(submit_draft)
    desk.do(approve_draft, by=desk.second)
    assert codes(other.do, approve_draft, by=other.second) == ["moved-on"]


# --- twice, and at once -----------------------------------------------------------------------------------------------


def test_doing_it_again_changes_nothing(desk):
    back = {"reason": "Look again at 1.1."}
    for act, who, more in (
        (submit_draft, desk.author, {}),
        (reject_draft, desk.second, back),
        (reopen_draft, desk.author, {}),
        (submit_draft, desk.author, {}),
        (approve_draft, desk.second, {}),
    ):
        revision = desk.fresh().revision
        first = desk.do(act, by=who, revision=revision, **more)
        again = desk.do(act, by=who, revision=revision, **more)
        assert (first.revision, again.revision) == (revision + 1, revision + 1)
    assert Unit.objects.filter(centre=desk.world.centres[A]).count() == 1
    assert Event.objects.filter(object_id=desk.draft.public_id).count() == 5


def test_the_slower_one_is_told(desk):
    desk.do(submit_draft)
    seen = desk.fresh().revision
    desk.do(reopen_draft)
    with pytest.raises(Stale) as stale:
        desk.do(approve_draft, by=desk.second, revision=seen)
    assert "“Draft” now" in stale.value.refusals[0].sentence
    assert desk.fresh().state == "draft"


# --- what a draft would publish ---------------------------------------------------------------------------------------


def diploma_words():
    return yaml.safe_load((FOLDER / "qualifications" / "10379.yaml").read_text())


def test_units_that_a_draft_only_names_are_those_that_count_now(desk):
    centre = desk.world.centres[A]
    words = diploma_words()
    words["groups"] = [words["groups"][1] | {"units": [{"number": 6, "unit": KEY}], "min_credit": None}]
    words["barred"] = []
    found = proposal_of({"units": [], "qualifications": [words]}, centre.pk)
    assert found.problems == ()
    assert (found.new_units, found.new_qualifications) == ((), (("OCR", "10379"),))
    assert found.units[KEY].digest() == queries.current_units(centre.pk).get(key=KEY).content_digest
    words["groups"][0]["units"].append({"number": 99, "unit": "nowhere"})
    (problem,) = proposal_of({"units": [], "qualifications": [words]}, centre.pk).problems
    assert "nowhere" in problem


@pytest.mark.parametrize(
    "content",
    [
        {"units": "all"},
        {"units": [3]},
        {"units": [{}]},
        {"qualifications": [{"groups": [None, {"units": [None]}]}]},
        {"units": [unit_words(), unit_words()]},
        {"qualifications": [{"groups": 3}]},
        {"qualifications": [{"groups": [{"units": "all"}]}]},
        {"units": [{**unit_words(), "title": "Speak\x00"}]},
        {"units": [{**unit_words(), "title": "Speak\ud800"}]},
        {"qualifications": [{"groups": [{"units": [{"number": 10**30, "unit": KEY}]}]}]},
        {
            "units": [
                {
                    **unit_words(),
                    "outcomes": [{"number": 1, "title": "x", "criteria": [{"number": "1.1", "text": "x" * 41}]}],
                }
            ]
        },
    ],
)
def test_odd_content_becomes_problems(desk, content):
    found = proposal_of(content, desk.world.centres[A].pk)
    assert found.problems
    assert all(isinstance(p, str) for p in found.problems)


def test_a_proposal_costs_six_queries_however_much_it_holds(desk, django_assert_num_queries):
    centre = desk.world.centres[A].pk
    many = {"units": [unit_words(key) for key in small_catalogue().units], "qualifications": []}
    for content in (reworded(), many):
        with django_assert_num_queries(6):
            proposal_of(copy.deepcopy(content), centre)


def test_editors_are_admins_and_lead_iqas(desk):
    assert {Role.ADMIN} <= desk.author.roles
    assert {Role.LEAD_IQA} <= desk.second.roles
