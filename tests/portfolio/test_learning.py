"""What a centre accepted together: enough pieces of enough others, counted in the background, nobody told from it."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from jobs.models import Job
from portfolio.enums import MappingState
from portfolio.models import AcceptedTogether, EvidenceMapping
from portfolio.queries.accepted_together import accepted_with
from portfolio.queries.progress import criteria_of_learner
from portfolio.queries.suggest import MOST_OF_ONE_UNIT, suggestions
from portfolio.rules import Seen, accepted_together, learned, pairs_of
from portfolio.services import accepted_together as counting
from portfolio.services import advance_mapping
from portfolio.services.accepted_together import learn
from tests.factories import portfolio as make
from tests.web.assessor.conftest import judged

#: Dealing with calls, speaking, promoting: rule book S26.
CALLS, SPEAKING, PROMOTING = "H-506-2154", "D-506-2119", "L-506-2133"
SPOKEN, TOLD = (SPEAKING, "2.1"), (PROMOTING, "2.3")
TICKED = (CALLS, "3.2")
SILENT = {"title": "", "description": "", "body": "", "people": ""}


def met(world, who, *keys):
    """A piece of somebody that met these criteria."""
    piece = make.draft(world, who)
    ticks = [make.ticked(world, number, who, key) for key, number in keys]
    from portfolio.services import set_mappings

    set_mappings(actor=world.actor(who), evidence=piece, chosen=ticks, unsure=False, at=clock.now())
    version = make.send(world, piece, who)
    for mapping in EvidenceMapping.objects.for_centre(piece.centre_id).filter(evidence=version.evidence):
        advance_mapping(mapping=mapping, to=MappingState.MET, expected_round=0, at=clock.now())


def with_ticked(world, who="LA1"):
    """What others' pieces say about the ticked criterion, for somebody."""
    rows = criteria_of_learner(world.learners[who])
    own = sorted((0, piece, (r.unit_key, r.number)) for r in rows for piece in r.met_on)
    return accepted_with(world.learners[who], [TICKED], own)


def count_again(world, who="LA1"):
    return learn(centre_id=world.learners[who].centre_id)


def test_three_pieces_of_two_others_are_enough_and_say_why(world):
    for who in ("LA2", "LA2", "LA3"):
        met(world, who, TICKED, SPOKEN)
    assert count_again(world) == 2  # both directions
    assert with_ticked(world) == {SPOKEN: 3}
    piece = make.draft(world, **SILENT)
    make.choose(world, piece, numbers=(TICKED[1],), unit=CALLS)
    found = suggestions(world.learners["LA1"], make.again(piece))
    first = found[0]
    assert (first.row.unit_key, first.row.number) == SPOKEN
    assert first.reason == "Assessors here have accepted this together with something you chose."
    assert first.reason_for_staff == "Accepted in this centre together with a criterion of this piece."
    assert not any(name in first.reason for name in ("LA2", "LA3", "Refund"))
    assert piece.mappings.count() == 1  # nothing was ticked


@pytest.mark.parametrize("pieces", [("LA2", "LA3"), ("LA2", "LA2", "LA2"), ("LA1", "LA1", "LA2", "LA2", "LA2")])
def test_too_few_or_too_alike_say_nothing(world, pieces):
    """One's own pieces never count: with one other learner it would tell about that one."""
    for who in pieces:
        met(world, who, TICKED, SPOKEN)
    count_again(world)
    assert with_ticked(world) == {}


def test_another_centre_learns_nothing(world):
    for who in ("LA1", "LA2", "LA3"):
        met(world, who, TICKED, SPOKEN)
    count_again(world)
    count_again(world, "LB1")
    assert with_ticked(world, "LB1") == {}
    assert AcceptedTogether.objects.for_centre(world.learners["LB1"].centre_id).count() == 0


def test_counting_again_follows_what_stands(world):
    for who in ("LA2", "LA2", "LA3"):
        met(world, who, TICKED, SPOKEN)
    assert (count_again(world), count_again(world)) == (2, 2)
    rows = EvidenceMapping.objects.for_centre(world.learners["LA3"].centre_id).filter(
        evidence__learner=world.learners["LA3"]
    )
    met(world, "LA2", TICKED, SPOKEN)
    count_again(world)
    assert with_ticked(world) == {SPOKEN: 4}
    rows.update(state=MappingState.NOT_YET)
    assert count_again(world) == 0


def test_decisions_ask_for_it_once_and_the_job_does_it(world, run_jobs):
    for who, by in (("LA1", "AA1"), ("LA2", "AA2"), ("LA2", "AA2")):
        judged(world, make.sent(world, who, numbers=("1.1", "1.2")), by=by)
    jobs = Job.objects.filter(name="portfolio.learn", key=f"learn {world.learners['LA1'].centre_id}")
    assert jobs.count() == 1
    jobs.update(available_at=clock.now())
    run_jobs()
    assert AcceptedTogether.objects.for_centre(world.learners["LA1"].centre_id).count() == 2


def test_the_cost_is_the_same_however_much_was_accepted(world, django_assert_num_queries):
    learner = world.learners["LA1"]
    piece = make.draft(world, **SILENT)
    make.choose(world, piece, numbers=("3.1", "3.2"), unit=CALLS)
    piece, rows = make.again(piece), criteria_of_learner(learner)
    with django_assert_num_queries(1):
        suggestions(learner, piece, rows=rows)
    for who in ("LA2", "LA2", "LA3"):
        met(world, who, TICKED, SPOKEN, TOLD)
    count_again(world)
    with django_assert_num_queries(1):
        suggestions(learner, piece, rows=rows)


def test_a_recorded_call_leads_from_the_calls_to_speaking_and_promoting(world):
    """S26: units 6, 8 and 10 share verbal communication. By themes alone, before anybody accepted anything."""
    piece = make.draft(world, title="A recorded call", description="A recorded call about a late delivery.", body="")
    make.choose(world, piece, numbers=("3.1", "3.2"), unit=CALLS)
    found = suggestions(world.learners["LA1"], make.again(piece))
    by_unit = {s.row.unit_number: s for s in reversed(found)}
    assert {"6", "10"} <= by_unit.keys()
    assert all("verbal-communication" in by_unit[number].row.themes for number in ("6", "10"))
    assert by_unit["6"].reason == "It is about talking with people, like what you wrote."
    counts = [unit for unit, _ in groupby(sorted(s.row.learner_unit_id for s in found))]
    assert max(sum(s.row.learner_unit_id == unit for s in found) for unit in counts) <= MOST_OF_ONE_UNIT


def test_a_centres_own_themes_lead_to_other_criteria(world):
    from qualifications.services import tag_criterion

    odd = world.criterion(make.UNIT, "1.1")
    tag_criterion(actor=world.actor("CA"), criterion=odd, themes=["health-and-safety"], seen=0, at=clock.now())
    row = next(r for r in criteria_of_learner(world.learners["LA1"]) if (r.unit_key, r.number) == (make.UNIT, "1.1"))
    assert row.themes == ("health-and-safety",)
    theirs = next(r for r in criteria_of_learner(world.learners["LB1"]) if (r.unit_key, r.number) == (make.UNIT, "1.1"))
    assert theirs.themes == tuple(odd.themes)


# --- the rule

KEYS = st.sampled_from([("U", "1"), ("U", "2"), ("V", "1"), ("W", "4")])
ROWS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), KEYS), max_size=60)


def ordered(rows):
    """Pieces belong to one learner each."""
    return sorted((learner, learner * 10 + piece, key) for learner, piece, key in rows)


@given(ROWS)
def test_counts_are_those_of_a_plain_count(rows):
    rows = ordered(rows)
    found = accepted_together(rows)
    pieces = {}
    for learner, piece, key in rows:
        pieces.setdefault((learner, piece), set()).add(key)
    for a in {key for *_, key in rows}:
        for b in {key for *_, key in rows} - {a}:
            both = [learner for (learner, _piece), keys in pieces.items() if {a, b} <= keys]
            enough = len(both) >= 3 and len(set(both)) >= 2
            assert found.get((a, b)) == (Seen(len(both), len(set(both))) if enough else None)


@given(ROWS, st.integers(1, 4), st.sets(KEYS))
def test_without_ones_own_it_is_what_the_others_alone_say(rows, me, chosen):
    rows = ordered(rows)
    others = [row for row in rows if row[0] != me]
    own = pairs_of(row for row in rows if row[0] == me)
    alone = learned(accepted_together(others), {}, chosen)
    assert learned(accepted_together(rows), own, chosen) == alone


def test_a_piece_that_goes_with_everything_teaches_nothing():
    many = [(learner, learner * 10 + n, ("U", str(c))) for learner in (1, 2) for n in range(3) for c in range(41)]
    assert accepted_together(many) == {}


def rows_of(world, who="LA1"):
    rows = AcceptedTogether.objects.for_centre(world.learners[who].centre_id)
    return {((r.unit_key, r.number), (r.other_key, r.other_number)): (r.pieces, r.learners) for r in rows}


@pytest.mark.parametrize("at_once", [1, 1000])
def test_every_row_is_what_was_counted_whether_new_changed_or_gone(world, monkeypatch, at_once):
    monkeypatch.setattr("portfolio.services.accepted_together.BATCH", at_once)
    for who in ("LA2", "LA2", "LA3"):
        met(world, who, TICKED, SPOKEN)
    count_again(world)
    assert rows_of(world) == {(TICKED, SPOKEN): (3, 2), (SPOKEN, TICKED): (3, 2)}
    for who in ("LA1", "LA2", "LA3"):
        met(world, who, TICKED, TOLD)
    met(world, "LA1", TICKED, SPOKEN)
    count_again(world)
    more = {(TICKED, SPOKEN): (4, 3), (TICKED, TOLD): (3, 3)}
    assert rows_of(world) == more | {(b, a): seen for (a, b), seen in more.items()}
    mappings = EvidenceMapping.objects.for_centre(world.learners["LA1"].centre_id)
    mappings.filter(criterion=world.criterion(*TOLD)).update(state=MappingState.NOT_YET)
    count_again(world)
    assert rows_of(world) == {(TICKED, SPOKEN): (4, 3), (SPOKEN, TICKED): (4, 3)}
    mappings.update(state=MappingState.NOT_YET)
    assert count_again(world) == 0
    assert rows_of(world) == {}


def test_a_pair_that_another_worker_was_faster_to_write_is_no_fault(world, monkeypatch):
    for who in ("LA2", "LA2", "LA3"):
        met(world, who, TICKED, SPOKEN)
    row = counting._row

    def slower(*given):
        row(*given).save(force_insert=True)
        return row(*given)

    monkeypatch.setattr(counting, "_row", slower)
    assert count_again(world) == 2
    assert rows_of(world) == {(TICKED, SPOKEN): (3, 2), (SPOKEN, TICKED): (3, 2)}
