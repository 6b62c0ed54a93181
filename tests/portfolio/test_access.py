"""Who may see, edit, assess and open what: every role, the next caseload, the other centre (A01–A05, A19, C)."""

import dataclasses
import datetime as dt

import pytest

from centres.enums import Role
from centres.models import Allocation, Countersigner, Membership, Registration
from common.refusals import Forbidden, NotFound
from portfolio.access import actor_of, evidence_for, file_for, preview_for, sent_version_for, version_for
from portfolio.enums import FileState
from portfolio.models import EvidenceFile
from portfolio.services import advance_evidence, revise_evidence, withdraw_evidence
from tests.factories import portfolio as make
from tests.factories.world import A, B

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)
EVERYBODY = ("LA1", "LA2", "LA3", "AA1", "AA2", "AT1", "QA", "EA", "CA", "LB1", "AB1", "QB", "CB")
#: Who may read the sent evidence of LA1.
READERS = {"LA1", "AA1", "QA", "EA"}


def outcome(act):
    """ "yes", 403 or 404: what a person would meet."""
    try:
        act()
    except Forbidden:
        return 403
    except NotFound:
        return 404
    return "yes"


def actors(world):
    yield from ((code, world.actor(code)) for code in EVERYBODY)
    yield "DUO at A", world.actor("DUO", centre=A)
    yield "DUO at B", world.actor("DUO", centre=B)


@pytest.fixture
def sent(world):
    """A sent photo of LA1: (evidence, file, preview)."""
    evidence = make.sent(world, kind="media").evidence
    file = evidence.files.get()
    return evidence, file, file.previews.get(kind="thumb")


def test_what_was_sent_is_seen_by_those_who_look_after_it(world, sent):
    evidence, file, preview = sent
    for code, actor in actors(world):
        expected = "yes" if code in READERS else 404
        assert outcome(lambda a=actor: evidence_for(a, evidence.public_id)) == expected, code
        assert outcome(lambda a=actor: sent_version_for(a, evidence.public_id)) == expected, code
        assert outcome(lambda a=actor: file_for(a, file.public_id)) == expected, code
        assert outcome(lambda a=actor: file_for(a, file.public_id, "open")) == expected, code
        assert outcome(lambda a=actor: preview_for(a, preview.public_id)) == expected, code


def test_a_version_with_its_piece_is_one_query_and_the_one_that_was_asked_for(world, django_assert_num_queries):
    first = make.sent(world, numbers=("1.1",))
    evidence, actor = first.evidence, world.actor("AA1")
    with django_assert_num_queries(1):
        found = sent_version_for(actor, evidence.public_id)
        assert (found.evidence.learner.person.pk, found.submitted_by.pk) == (world.people["LA1"].pk,) * 2
    assert found == version_for(actor, evidence_for(actor, evidence.public_id)) == first
    assert sent_version_for(actor, evidence.public_id, 1) == first
    for public_id, number in ((evidence.public_id, 2), (evidence.public_id, 0), ("nothing", None), ("\x00é", None)):
        assert outcome(lambda p=public_id, n=number: sent_version_for(actor, p, n)) == 404
    assert outcome(lambda: sent_version_for(actor, make.draft(world).public_id)) == 404


def test_a_draft_is_seen_by_its_learner_alone(world):
    evidence = make.draft(world, kind="media")
    file = make.with_file(world, evidence)
    preview = file.previews.get(kind="image")
    for code, actor in actors(world):
        expected = "yes" if code == "LA1" else 404
        assert outcome(lambda a=actor: evidence_for(a, evidence.public_id)) == expected, code
        assert outcome(lambda a=actor: file_for(a, file.public_id, "open")) == expected, code
        assert outcome(lambda a=actor: preview_for(a, preview.public_id)) == expected, code


def test_editing_is_the_learners_and_assessing_the_assessors(world, sent):
    evidence, _file, _preview = sent
    for code, actor in actors(world):
        hidden = 404 if code not in READERS else 403
        editing = "yes" if code == "LA1" else hidden
        assessing = "yes" if code == "AA1" else hidden
        assert outcome(lambda a=actor: evidence_for(a, evidence.public_id, "edit")) == editing, code
        assert outcome(lambda a=actor: evidence_for(a, evidence.public_id, "assess")) == assessing, code


def test_a_denial_says_what_was_tried_and_on_what(world, sent):
    with pytest.raises(NotFound) as caught:
        evidence_for(world.actor("LB1"), sent[0].public_id, "edit")
    assert (caught.value.action, caught.value.object_id) == ("evidence.edit", sent[0].public_id)
    with pytest.raises(NotFound) as caught:
        file_for(world.actor("LB1"), sent[1].public_id, "open")
    assert (caught.value.action, caught.value.object_id) == ("file.open", sent[1].public_id)


@pytest.mark.parametrize("public_id", ["", "0" * 26, "'; drop table", "\x00", "1"])
def test_unknown_is_like_foreign(world, public_id):
    actor = world.actor("LA1")
    for load in (evidence_for, file_for, preview_for):
        assert outcome(lambda one=load: one(actor, public_id)) == 404


def test_the_countersigner_of_a_trainee_reads_and_does_not_judge(world):
    evidence = make.sent(world, "LA3").evidence
    assert outcome(lambda: evidence_for(world.actor("AT1"), evidence.public_id, "assess")) == "yes"
    assert outcome(lambda: evidence_for(world.actor("AA2"), evidence.public_id)) == "yes"
    assert outcome(lambda: evidence_for(world.actor("AA2"), evidence.public_id, "assess")) == 403
    assert outcome(lambda: evidence_for(world.actor("AA1"), evidence.public_id)) == 404


def test_running_a_centre_opens_no_evidence_but_another_role_does(world, sent):
    membership = Membership.objects.create(
        centre=world.centres[A], person=world.people["AA1"], role=Role.ADMIN, starts_on=world.today, created_at=AT
    )
    both = world.actor("AA1")
    assert both.is_admin
    other = make.sent(world, "LA2").evidence
    assert outcome(lambda: evidence_for(both, sent[0].public_id, "assess")) == "yes"
    assert outcome(lambda: evidence_for(both, other.public_id)) == 404
    membership.delete()


def test_somebody_with_both_roles_here_edits_their_own_and_assesses_the_others(world, sent):
    Membership.objects.create(
        centre=world.centres[A], person=world.people["LA2"], role=Role.ASSESSOR, starts_on=world.today, created_at=AT
    )
    Allocation.objects.create(
        centre=world.centres[A],
        learner=world.learners["LA1"],
        assessor=world.people["LA2"],
        starts_on=world.today,
        created_at=AT,
    )
    actor = world.actor("LA2")
    own = make.sent(world, "LA2").evidence
    assert outcome(lambda: evidence_for(actor, own.public_id, "edit")) == "yes"
    assert outcome(lambda: evidence_for(actor, own.public_id, "assess")) == 403  # nobody judges their own (R8)
    assert outcome(lambda: evidence_for(actor, sent[0].public_id, "assess")) == "yes"
    assert outcome(lambda: evidence_for(actor, sent[0].public_id, "edit")) == 403


@pytest.mark.parametrize(("days", "expected"), [(-1, 404), (0, "yes"), (1, "yes")])
def test_an_allocation_ends_with_its_last_day(world, sent, days, expected):
    Allocation.objects.for_centre(world.centres[A].pk).filter(assessor=world.people["AA1"]).update(
        ends_on=world.today + dt.timedelta(days=days)
    )
    assert outcome(lambda: evidence_for(world.actor("AA1"), sent[0].public_id)) == expected


def test_a_countersigners_sight_ends_with_the_arrangement(world):
    evidence = make.sent(world, "LA3").evidence
    Countersigner.objects.for_centre(world.centres[A].pk).update(ends_on=world.today - dt.timedelta(days=1))
    assert outcome(lambda: evidence_for(world.actor("AA2"), evidence.public_id)) == 404


def test_a_quality_assurer_sees_the_qualification_they_assure(world, sent):
    Registration.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"]).update(
        qualification=world.certificate
    )
    for code in ("QA", "EA"):
        assert outcome(lambda c=code: evidence_for(world.actor(c), sent[0].public_id)) == 404


def test_withdrawn_evidence_stays_readable(world, sent):
    withdraw_evidence(actor=world.actor("LA1"), evidence=make.again(sent[0]), at=AT)
    for code in READERS:
        assert outcome(lambda c=code: evidence_for(world.actor(c), sent[0].public_id)) == "yes"


def test_a_learner_no_more_sees_nothing_of_theirs(world, sent):
    """The membership ended: the walls make no learner of them; their learner row does not count by itself."""
    actor = dataclasses.replace(world.actor("LA1"), roles=frozenset({Role.ASSESSOR}), learner_id=None)
    assert outcome(lambda: evidence_for(actor, sent[0].public_id)) == 404
    assert outcome(lambda: file_for(actor, sent[1].public_id)) == 404


# --- files by state


OTHERS = {FileState.READY: "yes", FileState.NOT_SCANNED: "yes"}
OWN_OPEN = {**OTHERS, FileState.RECEIVED: "yes", FileState.CHECKING: "yes"}


@pytest.mark.parametrize("state", FileState.values)
def test_nobody_else_opens_a_file_that_is_not_through_its_checks(world, sent, state):
    _evidence, file, preview = sent
    EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk).update(state=state)
    for code in ("AA1", "QA", "EA"):
        actor = world.actor(code)
        expected = OTHERS.get(state, 404)
        assert outcome(lambda a=actor: file_for(a, file.public_id)) == expected
        assert outcome(lambda a=actor: file_for(a, file.public_id, "open")) == expected
        assert outcome(lambda a=actor: preview_for(a, preview.public_id)) == expected


@pytest.mark.parametrize("state", FileState.values)
def test_its_learner_knows_of_it_always_and_opens_what_is_not_bad(world, sent, state):
    _evidence, file, _preview = sent
    EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk).update(state=state)
    actor = world.actor("LA1")
    assert outcome(lambda: file_for(actor, file.public_id)) == "yes"
    assert outcome(lambda: file_for(actor, file.public_id, "open")) == OWN_OPEN.get(state, 404)


def test_a_file_added_to_the_next_version_is_not_seen_before_it_is_sent(world, sent):
    evidence, old, _preview = sent
    advance_evidence(evidence=make.opened(world).evidence, to="returned", at=AT)
    piece = make.again(evidence)
    advance_evidence(evidence=advance_evidence(evidence=piece, to="in_review", at=AT), to="returned", at=AT)
    draft = revise_evidence(actor=world.actor("LA1"), evidence=make.again(evidence), at=AT)
    new = make.with_file(world, draft, name="new.jpg", content=make.files.jpeg(seed=7))
    assert outcome(lambda: file_for(world.actor("AA1"), new.public_id, "open")) == 404
    assert outcome(lambda: file_for(world.actor("AA1"), old.public_id, "open")) == "yes"
    make.send(world, draft)
    assert outcome(lambda: file_for(world.actor("AA1"), new.public_id, "open")) == "yes"


def test_a_removed_file_stays_where_a_version_names_it(world, sent):
    _evidence, file, _preview = sent
    EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk).update(removed_at=AT)
    for code in ("LA1", "AA1"):
        assert outcome(lambda c=code: file_for(world.actor(c), file.public_id, "open")) == "yes"
    loose = make.with_file(world, make.draft(world, kind="media"))
    EvidenceFile.objects.for_centre(file.centre_id).filter(pk=loose.pk).update(removed_at=AT)
    assert outcome(lambda: file_for(world.actor("LA1"), loose.public_id)) == 404


def test_words_have_no_bytes_to_open(world):
    evidence = make.draft(world, kind="media")
    file = make.with_file(world, evidence, name="notes.txt", content=b"I rang back.")
    preview = file.previews.get()
    assert outcome(lambda: preview_for(world.actor("LA1"), preview.public_id)) == 404


# --- versions


def test_the_latest_version_unless_one_is_named(world):
    first = make.sent(world)
    evidence = make.again(first.evidence)
    actor = world.actor("AA1")
    assert version_for(actor, evidence) == first
    assert version_for(actor, evidence, 1).evidence is evidence
    assert outcome(lambda: version_for(actor, evidence, 2)) == 404
    assert outcome(lambda: version_for(actor, evidence, 0)) == 404
    assert outcome(lambda: version_for(world.actor("AB1"), evidence)) == 404


def test_a_draft_has_no_version(world):
    assert outcome(lambda: version_for(world.actor("LA1"), make.draft(world))) == 404


# --- tickets


def test_a_ticket_makes_an_actor_only_of_somebody_who_is_there_today(world):
    person = world.people["AA1"]
    found = actor_of(person.public_id, A, on=world.today, request_id="r")
    assert found == dataclasses.replace(world.actor("AA1"), request_id="r")
    assert outcome(lambda: actor_of(person.public_id, B, on=world.today)) == 404
    assert outcome(lambda: actor_of(person.public_id, A, on=world.today - dt.timedelta(days=999))) == 404
    assert outcome(lambda: actor_of("0" * 26, A, on=world.today)) == 404
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert outcome(lambda: actor_of(person.public_id, A, on=world.today)) == 404


# --- what a look costs


def test_loading_costs_one_query(world, sent, django_assert_num_queries):
    evidence, file, preview = sent
    actor = world.actor("AA1")
    with django_assert_num_queries(1):
        evidence_for(actor, evidence.public_id)
    with django_assert_num_queries(2):
        evidence_for(actor, evidence.public_id, "assess")
    with django_assert_num_queries(1):
        file_for(actor, file.public_id, "open")
    with django_assert_num_queries(1):
        preview_for(actor, preview.public_id)


@pytest.mark.parametrize("more", [set(), {Role.IQA}, set(Role)])
def test_somebody_who_learns_and_assesses_here_opens_both(world, sent, more):
    """What they sent themselves, and what those sent whom they look after; on both databases."""
    theirs, file, preview = sent
    own = make.sent(world, "LA2", kind="media").evidence
    learner = world.actor("LA2")
    both = dataclasses.replace(
        world.actor("AA1"), roles=frozenset({Role.LEARNER, Role.ASSESSOR, *more}), learner_id=learner.learner_id
    )
    own_file = own.files.get()
    for piece, one, shown in ((theirs, file, preview), (own, own_file, own_file.previews.get(kind="thumb"))):
        assert evidence_for(both, piece.public_id) == piece
        assert sent_version_for(both, piece.public_id).evidence == piece
        assert file_for(both, one.public_id, "open") == one
        assert preview_for(both, shown.public_id) == shown
    assert outcome(lambda: evidence_for(both, theirs.public_id, "edit")) == 403
    assert evidence_for(both, own.public_id, "edit") == own
    third = make.sent(world, "LA3", kind="media").evidence
    if not more:
        assert outcome(lambda: sent_version_for(both, third.public_id)) == 404
        assert outcome(lambda: file_for(both, third.files.get().public_id)) == 404
