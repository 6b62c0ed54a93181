"""Finding criteria: suggestions with a reason, never a tick; search over one's own units."""

import datetime as dt

import pytest

from centres.enums import UnitState
from centres.models import LearnerUnit
from portfolio.enums import MappingState
from portfolio.models import EvidenceMapping
from portfolio.queries.progress import criteria_of_learner
from portfolio.queries.suggest import MOST_OF_ONE_UNIT, MOST_SUGGESTED, search_criteria, suggestions
from portfolio.services import advance_mapping
from tests.factories import portfolio as make

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)
PHONE = {
    "title": "A call about a late delivery",
    "description": "I answered the telephone and spoke with the caller.",
    "body": "",
}


def suggest(world, evidence, who="LA1"):
    return suggestions(world.learners[who], make.again(evidence))


def keys(found):
    return {(s.row.learner_unit_id, s.row.criterion_id) for s in found}


def test_words_find_criteria_across_units_and_say_why(world):
    found = suggest(world, make.draft(world, **PHONE))
    assert 1 <= len(found) <= MOST_SUGGESTED
    assert all(s.reason for s in found)
    assert len({s.row.unit_title for s in found}) >= 2
    assert any("telephone" in s.row.unit_title.lower() or "call" in s.row.unit_title.lower() for s in found)


def test_nothing_is_ticked_by_itself(world):
    piece = make.draft(world, **PHONE)
    suggest(world, piece)
    assert piece.mappings.count() == 0


def test_no_words_and_no_ticks_suggest_nothing(world):
    assert suggest(world, make.draft(world, title="", description="", body="", people="")) == []


def test_a_tick_leads_to_the_same_theme_in_other_units(world):
    """S26: the units about speaking, calls and promotion all need verbal communication."""
    piece = make.draft(world, title="", description="", body="")
    rows = criteria_of_learner(world.learners["LA1"])
    spoken = next(r for r in rows if "verbal-communication" in r.themes)
    make.choose(world, piece, numbers=(spoken.number,), unit=world_key(world, spoken))
    found = suggest(world, piece)
    assert found
    assert all(set(s.row.themes) & set(spoken.themes) for s in found)
    assert {s.row.learner_unit_id for s in found} - {spoken.learner_unit_id}


def world_key(world, row):
    unit = LearnerUnit.objects.across_centres(reason="a test").select_related("unit").get(public_id=row.learner_unit_id)
    return unit.unit.key


def test_what_is_ticked_is_not_suggested(world):
    piece = make.draft(world, **PHONE)
    first = suggest(world, piece)[0].row
    make.choose(world, piece, numbers=(first.number,), unit=world_key(world, first))
    assert (first.learner_unit_id, first.criterion_id) not in keys(suggest(world, piece))


def test_what_is_met_or_signed_off_is_not_suggested(world):
    piece = make.draft(world, **PHONE)
    first = suggest(world, piece)[0].row
    done = make.opened(world, numbers=(first.number,), unit=world_key(world, first)).evidence
    row = EvidenceMapping.objects.for_centre(done.centre_id).get(evidence=done)
    advance_mapping(mapping=row, to=MappingState.MET, expected_round=0, at=AT)
    assert (first.learner_unit_id, first.criterion_id) not in keys(suggest(world, piece))
    LearnerUnit.objects.for_centre(piece.centre_id).update(state=UnitState.ACHIEVED)
    assert suggest(world, piece) == []


def test_no_unit_takes_all_the_places(world):
    for words in ("telephone call caller", "customer problem complaint refund", "promote products services offer"):
        found = suggest(world, make.draft(world, title=words, description=words, body=words))
        per_unit = [s.row.learner_unit_id for s in found]
        assert max(per_unit.count(u) for u in per_unit) <= MOST_OF_ONE_UNIT
        assert len(found) <= MOST_SUGGESTED


def test_with_the_rows_at_hand_and_nothing_ticked_nothing_is_asked(world, django_assert_num_queries):
    piece, learner = make.draft(world, **PHONE), world.learners["LA1"]
    expected, rows = keys(suggestions(learner, piece)), criteria_of_learner(learner)
    with django_assert_num_queries(0):
        found = suggestions(learner, piece, rows=rows)
    assert keys(found) == expected


@pytest.mark.parametrize("nasty", ["' OR 1=1 --", "<script>", "%(x)s {0}", "a" * 5000, "(((((", "\\d+", "🧾", "\x00"])
def test_any_words_are_just_words(world, nasty):
    piece = make.draft(world, title=nasty[:100], description=nasty)
    suggest(world, piece)
    search_criteria(world.learners["LA1"], nasty)


# --- search


def test_every_word_must_be_there(world):
    learner = world.learners["LA1"]
    found = search_criteria(learner, "brand promise")
    assert found
    assert all("brand" in r.text.lower() and "promise" in r.text.lower() for r in found)
    assert search_criteria(learner, "brand unicorn") == []


def test_the_beginning_of_a_word_is_enough_and_case_does_not_count(world):
    learner = world.learners["LA1"]
    whole = {r.criterion_id for r in search_criteria(learner, "customers")}
    assert whole <= {r.criterion_id for r in search_criteria(learner, "CUSTO")} | whole
    assert search_criteria(learner, "CUSTO")


def test_a_number_finds_that_number_in_every_unit(world):
    found = search_criteria(world.learners["LA1"], "4.1")
    assert found
    assert all(r.number.startswith("4.1") for r in found)
    assert len({r.learner_unit_id for r in found}) > 1


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_words_find_nothing(world, text):
    assert search_criteria(world.learners["LA1"], text) == []


def test_a_search_is_short(world):
    assert len(search_criteria(world.learners["LA1"], "customer")) <= 30


def test_only_ones_own_units_are_searched(world):
    LearnerUnit.objects.for_centre(world.learners["LA1"].centre_id).filter(learner=world.learners["LA1"]).exclude(
        unit__key="J-506-2132"
    ).delete()
    found = search_criteria(world.learners["LA1"], "customer")
    assert {r.learner_unit_id for r in found} == {world.unit("LA1", "J-506-2132").public_id}
