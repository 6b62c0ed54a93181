"""Evidence is seen by what it was sent for, and what was taken back unopened by nobody (B11, A3, F9; decision 11)."""

import pytest

from centres.models import Allocation, LearnerUnit
from common.refusals import Forbidden, NotFound
from portfolio.access import evidence_for, file_for, preview_for, sent_version_for, version_for
from portfolio.enums import EvidenceState
from portfolio.models import Opening
from portfolio.queries.core import assessable_evidence, origins, seen_evidence
from portfolio.services import (
    Chosen,
    add_mapping,
    advance_evidence,
    open_version,
    recall_evidence,
    revise_evidence,
    set_mappings,
    withdraw_evidence,
)
from qualifications.models import Criterion
from tests.factories import moving as made
from tests.factories import portfolio as make
from tests.factories.world import A

ASSURERS = ("QA", "EA")


@pytest.fixture
def second(world):
    """LA1 is registered for the legacy certificate as well, which nobody assures."""
    made.publish_more(world.at)
    return made.register(world, made.LEGACY, who="LA1")


def ticks(registration, number=1):
    """Ticks of the first criteria of a registration."""
    unit = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration=registration).first()
    rows = Criterion.objects.filter(unit_id=unit.unit_id).order_by("position")[:number]
    return [Chosen(unit.public_id, row.public_id) for row in rows]


def sent_for(world, *registrations, unsure=False, kind="media", **words):
    """A piece of LA1 with a photo, sent for a criterion of each of these registrations."""
    piece = make.draft(world, kind=kind, **words)
    if kind == "media":
        make.with_file(world, piece)
    choose(world, piece, *registrations, unsure=unsure)
    return make.send(world, piece)


def choose(world, piece, *registrations, unsure=False):
    chosen = [tick for one in registrations for tick in ticks(one)]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=chosen, unsure=unsure, at=world.at)


def opens(world, code, version):
    """Whether somebody opens a piece, its version, its file and its preview: all of them or none."""
    actor, piece = world.actor(code, centre=A), version.evidence
    acts = [lambda: evidence_for(actor, piece.public_id), lambda: sent_version_for(actor, piece.public_id)]
    for file in piece.files.filter(in_versions__version=version):
        acts.append(lambda f=file: file_for(actor, f.public_id))
        acts.append(lambda f=file: file_for(actor, f.public_id, "open"))
        acts += [lambda p=p: preview_for(actor, p.public_id) for p in file.previews.exclude(storage_key="")]
    found = {_opens(act) for act in acts}
    assert len(found) == 1, f"{code}: {found}"
    return found.pop()


def _opens(act):
    try:
        act()
    except NotFound:
        return False
    return True


def readers(world, version):
    people = ("LA1", "LA2", "AA1", "AA2", "AT1", "DUO", "QA", "EA", "CA")
    return {code for code in people if opens(world, code, version)}


def only(world, registration):
    Allocation.objects.for_centre(registration.centre_id).filter(assessor=world.people["AA1"]).update(
        registration=registration
    )


# --- by registration ------------------------------------------------------------------------------------------


def test_an_assurer_sees_only_what_they_assure(world, second):
    assert readers(world, sent_for(world, second)) == {"LA1", "AA1"}
    assert readers(world, sent_for(world, world.registrations["LA1"])) == {"LA1", "AA1", "QA", "EA"}


def test_a_shared_piece_is_seen_from_both_sides(world, second):
    assert readers(world, sent_for(world, second, world.registrations["LA1"])) == {"LA1", "AA1", "QA", "EA"}


def test_an_assessor_of_one_registration_sees_and_judges_that_alone(world, second):
    mine, other = sent_for(world, second), sent_for(world, world.registrations["LA1"])
    only(world, second)
    assert readers(world, mine) == {"LA1", "AA1"}
    assert readers(world, other) == {"LA1", "QA", "EA"}
    actor = world.actor("AA1")
    assert list(assessable_evidence(actor)) == [mine.evidence]
    assert evidence_for(actor, mine.evidence.public_id, "assess")


def test_a_countersigner_reads_a_piece_of_the_trainees_registration_alone(world, second):
    mine, other = sent_for(world, second), sent_for(world, world.registrations["LA1"])
    Allocation.objects.for_centre(second.centre_id).filter(assessor=world.people["AA1"]).update(
        registration=second, assessor=world.people["AT1"]
    )
    assert readers(world, mine) == {"LA1", "AT1", "AA2"}
    assert readers(world, other) == {"LA1", "QA", "EA"}
    with pytest.raises(Forbidden):
        evidence_for(world.actor("AA2"), mine.evidence.public_id, "assess")


def test_what_is_for_nothing_yet_is_for_whoever_looks_after_the_learner(world, second):
    version = sent_for(world, unsure=True)
    only(world, second)
    assert readers(world, version) == {"LA1", "AA1"}
    assert evidence_for(world.actor("AA1"), version.evidence.public_id, "assess")
    make.open_it(world, version)
    unit = LearnerUnit.objects.for_centre(second.centre_id).filter(registration=second).select_related("unit").first()
    tick = ticks(second)[0]
    add_mapping(
        actor=world.actor("AA1"),
        evidence=make.again(version.evidence),
        learner_unit=unit,
        criterion_id=tick.criterion_id,
        at=world.at,
    )
    only(world, world.registrations["LA1"])
    assert readers(world, version) == {"LA1"}


def test_nobody_offers_a_piece_for_what_is_not_theirs_to_judge(world, second):
    version = make.open_it(world, sent_for(world, unsure=True))
    only(world, second)
    unit = LearnerUnit.objects.for_centre(second.centre_id).filter(registration=world.registrations["LA1"]).first()
    tick = ticks(world.registrations["LA1"])[0]
    with pytest.raises(Forbidden):
        add_mapping(
            actor=world.actor("AA1"),
            evidence=make.again(version.evidence),
            learner_unit=unit,
            criterion_id=tick.criterion_id,
            at=world.at,
        )


def test_a_criterion_ticked_for_the_next_version_shows_nothing_before_it_is_sent(world, second):
    version = make.open_it(world, sent_for(world, second))
    advance_evidence(evidence=make.again(version.evidence), to=EvidenceState.RETURNED, at=world.at)
    draft = revise_evidence(actor=world.actor("LA1"), evidence=make.again(version.evidence), at=world.at)
    choose(world, draft, second, world.registrations["LA1"])
    assert readers(world, version) == {"LA1", "AA1"}
    make.send(world, draft)
    assert readers(world, version) == {"LA1", "AA1", "QA", "EA"}


def test_while_the_next_version_is_written_the_last_one_stays_in_sight(world):
    version = make.open_it(world, sent_for(world, world.registrations["LA1"]))
    advance_evidence(evidence=make.again(version.evidence), to=EvidenceState.RETURNED, at=world.at)
    revise_evidence(actor=world.actor("LA1"), evidence=make.again(version.evidence), at=world.at)
    assert readers(world, version) == {"LA1", "AA1", "QA", "EA"}


def test_what_is_withdrawn_stays_in_the_sight_of_whoever_had_it(world, second):
    mine, other = sent_for(world, world.registrations["LA1"]), sent_for(world, second)
    for version in (mine, other):
        withdraw_evidence(actor=world.actor("LA1"), evidence=make.again(version.evidence), at=world.at)
    assert readers(world, mine) == {"LA1", "AA1", "QA", "EA"}
    assert readers(world, other) == {"LA1", "AA1"}


def test_the_same_bytes_under_another_qualification_are_no_hint_to_an_assurer(world, second):
    hidden = sent_for(world, second, title="Under the other one")
    shown = sent_for(world, world.registrations["LA1"], title="Under this one")
    elsewhere = make.sent(world, "LA2", kind="media")
    hints = {code: [o for one in origins(shown, world.actor(code)) for o in one.same] for code in ("AA1", "QA")}
    assert {one.evidence_id for one in hints["QA"]} == {elsewhere.evidence.public_id}
    assert {one.evidence_id for one in hints["AA1"]} == {hidden.evidence.public_id, ""}


# --- taken back -----------------------------------------------------------------------------------------------


def taken_back(world):
    version = sent_for(world, world.registrations["LA1"])
    draft = recall_evidence(actor=world.actor("LA1"), evidence=make.again(version.evidence), at=world.at)
    return version, draft


def test_what_was_taken_back_is_its_learners_alone(world):
    version, _draft = taken_back(world)
    assert readers(world, version) == {"LA1"}
    assert not seen_evidence(world.actor("AA1")).exists()


def test_an_old_page_opens_nothing_that_was_taken_back(world):
    version, _draft = taken_back(world)
    for code in ("AA1", *ASSURERS):
        with pytest.raises(NotFound):
            open_version(actor=world.actor(code), version=version, at=world.at)
    assert not Opening.objects.for_centre(version.centre_id).exists()


def test_sent_again_only_the_new_version_is_read(world):
    version, draft = taken_back(world)
    (old,) = version.evidence.files.all()
    make.with_file(world, draft, name="new.jpg", content=make.files.jpeg(seed=9))
    type(old).objects.for_centre(old.centre_id).filter(pk=old.pk).update(removed_at=world.at)
    again = make.send(world, draft)
    for code in ("AA1", *ASSURERS):
        actor = world.actor(code)
        piece = evidence_for(actor, version.evidence.public_id)
        assert version_for(actor, piece) == sent_version_for(actor, piece.public_id) == again
        assert not _opens(lambda a=actor, p=piece: version_for(a, p, 1))
        assert not _opens(lambda a=actor, p=piece: sent_version_for(a, p.public_id, 1))
        assert not _opens(lambda a=actor: file_for(a, old.public_id))
        assert not any(_opens(lambda a=actor, p=p: preview_for(a, p.public_id)) for p in old.previews.all())
    learner = world.actor("LA1")
    assert version_for(learner, evidence_for(learner, version.evidence.public_id), 1) == version
    assert sent_version_for(learner, version.evidence.public_id, 1) == version
    assert file_for(learner, old.public_id, "open") == old


def test_ticked_for_a_version_that_was_taken_back_it_was_not_sent_for_it(world, second):
    first = make.open_it(world, sent_for(world, second))
    advance_evidence(evidence=make.again(first.evidence), to=EvidenceState.RETURNED, at=world.at)
    draft = revise_evidence(actor=world.actor("LA1"), evidence=make.again(first.evidence), at=world.at)
    choose(world, draft, second, world.registrations["LA1"])
    make.send(world, draft)
    recall_evidence(actor=world.actor("LA1"), evidence=make.again(draft), at=world.at)
    assert readers(world, first) == {"LA1", "AA1"}


def test_withdrawn_after_it_was_taken_back_it_stays_out_of_sight(world):
    version, draft = taken_back(world)
    withdraw_evidence(actor=world.actor("LA1"), evidence=draft, at=world.at)
    assert readers(world, version) == {"LA1"}
