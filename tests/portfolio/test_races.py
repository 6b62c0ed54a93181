"""Two acts at the same moment: exactly one wins, the other is told, nothing stands half (T06, T07, T10)."""

import threading
from collections import Counter

import pytest
from django.db import connection

from common import clock
from common.refusals import NotFound, Refused, Stale
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceFile, EvidenceMapping, EvidenceVersion, Opening
from portfolio.services import (
    Declaration,
    advance_mapping,
    open_version,
    recall_evidence,
    receive_file,
    save_draft,
    set_mappings,
    submit_evidence,
    withdraw_evidence,
)
from tests.factories import files
from tests.factories import portfolio as make
from tests.factories.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def at_once(*acts):
    """Run every act in a thread of its own, all starting together; return "done" or the refusal's code for each."""
    barrier = threading.Barrier(len(acts), timeout=20)
    found: list[str] = [""] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            act()
            found[place] = "done"
        except Stale:
            found[place] = "stale"
        except NotFound:
            found[place] = "gone"
        except Refused as refused:
            found[place] = refused.refusals[0].code
        except Exception as fault:  # noqa: BLE001 - a test says what came
            found[place] = repr(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def submit(world: World, piece, answers: Declaration = make.YES):
    actor = world.actor("LA1")
    return lambda: submit_evidence(
        actor=actor, evidence=piece, revision=piece.revision, answers=answers, at=clock.now()
    )


def states(piece):
    return set(
        EvidenceMapping.objects.for_centre(piece.centre_id).filter(evidence=piece).values_list("state", flat=True)
    )


def test_eight_clicks_on_send_make_one_version(world):
    piece = make.draft(world)
    make.choose(world, piece)
    found = at_once(*[submit(world, piece) for _n in range(8)])
    assert Counter(found) == {"done": 1, "stale": 7}
    assert EvidenceVersion.objects.for_centre(piece.centre_id).count() == 1
    assert make.again(piece).state == EvidenceState.SUBMITTED


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_recall_against_opening(world, _round):
    """What was taken back is not opened, and what was opened is not taken back (F9): never both."""
    version = make.sent(world)
    piece = make.again(version.evidence)
    learner, assessor = world.actor("LA1"), world.actor("AA1")
    found = at_once(
        lambda: recall_evidence(actor=learner, evidence=piece, at=clock.now()),
        lambda: open_version(actor=assessor, version=version, at=clock.now()),
    )
    now = make.again(piece)
    opened = Opening.objects.for_centre(piece.centre_id).filter(version=version).count()
    if found[0] == "done":
        assert (found[1], opened) == ("gone", 0)
        assert (now.state, now.version_number, states(piece)) == ("draft", 2, {"proposed"})
    else:
        assert (found[1], opened) == ("done", 1)
        assert found[0] in {"opened", "stale"}
        assert (now.state, now.version_number, states(piece)) == ("in_review", 1, {"offered"})


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_saving_against_sending(world, _round):
    piece = make.draft(world)
    make.choose(world, piece)
    actor = world.actor("LA1")
    found = at_once(
        submit(world, piece),
        lambda: save_draft(
            actor=actor, evidence=piece, revision=piece.revision, fields={"title": "Late"}, at=clock.now()
        ),
    )
    assert sorted(found) == ["done", "stale"]
    sent = EvidenceVersion.objects.for_centre(piece.centre_id).first()
    if sent:
        assert sent.fields["title"] == make.again(piece).title == piece.title
    else:
        assert make.again(piece).title == "Late"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_file_or_a_tick_that_comes_while_sending_is_in_the_version_or_refused(world, _round):
    piece = make.draft(world)
    make.choose(world, piece)
    actor, extra = world.actor("LA1"), make.ticked(world, "4.1")
    photo = files.upload("late.jpg", files.jpeg())
    found = at_once(
        submit(world, piece),
        lambda: receive_file(actor=actor, evidence=piece, name="late.jpg", content=photo, at=clock.now()),
        lambda: set_mappings(
            actor=actor, evidence=piece, chosen=[make.ticked(world, "1.1"), extra], unsure=False, at=clock.now()
        ),
    )
    version = EvidenceVersion.objects.for_centre(piece.centre_id).first()
    here = list(
        EvidenceFile.objects.for_centre(piece.centre_id).filter(evidence=piece).values_list("public_id", flat=True)
    )
    if found[0] == "done":
        assert version is not None
        assert [f["id"] for f in version.files] == here == []
        assert states(piece) == {"offered"}
        assert len(version.mappings) == EvidenceMapping.objects.for_centre(piece.centre_id).count()
        assert found[1] in {"stale", "not-draft"}
    else:  # the file was faster, and it is not checked yet
        assert found[:2] == ["file-unfinished", "done"]
        assert version is None
        assert states(piece) == {"proposed"}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_tabs_withdraw_and_send(world, _round):
    piece = make.draft(world)
    make.choose(world, piece)
    actor = world.actor("LA1")
    found = at_once(submit(world, piece), lambda: withdraw_evidence(actor=actor, evidence=piece, at=clock.now()))
    assert sorted(found) == ["done", "stale"]
    now = make.again(piece)
    assert (now.state, states(piece)) in [("submitted", {"offered"}), ("withdrawn", {"closed"})]


def test_eight_assessors_decide_one_mapping_once(world):
    version = make.opened(world)
    mappings = [version.evidence.mappings.get() for _n in range(8)]
    verdicts = [MappingState.MET, MappingState.NOT_YET] * 4

    def decide(mapping, verdict):
        return lambda: advance_mapping(mapping=mapping, to=verdict, expected_round=0, at=clock.now())

    found = at_once(*[decide(c, v) for c, v in zip(mappings, verdicts, strict=True)])
    assert Counter(found) == {"done": 1, "stale": 7}
    row = version.evidence.mappings.get()
    assert (row.round, row.state) == (1, verdicts[found.index("done")])


def test_the_same_file_sent_eight_times_at_once_is_one_file(world):
    piece = make.draft(world, kind="media")
    actor = world.actor("LA1")

    def send():
        photo = files.upload("photo.jpg", files.jpeg())
        receive_file(actor=actor, evidence=piece, name="photo.jpg", content=photo, at=clock.now())

    found = at_once(*[send] * 8)
    assert Counter(found) == {"done": 1, "same-file": 7}
    assert EvidenceFile.objects.for_centre(piece.centre_id).count() == 1
