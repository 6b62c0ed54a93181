"""What a centre says about criteria: its own themes, plain words; added to, never changed, never across centres."""

import dataclasses

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Event
from common import clock
from common.refusals import Forbidden, NotFound, Refused, Stale
from qualifications import queries, rules
from qualifications.enums import Theme
from qualifications.models import CriterionNote, CriterionTag, Unit
from qualifications.services import guidance, publish_catalogue, tag_criterion, write_note
from tests.factories.catalogue import small_catalogue
from tests.qualifications.conftest import AT

KEY, NUMBER = "D-506-2119", "1.1"
TALK = ["verbal-communication"]


def criterion(world):
    return queries.criterion_of(
        Unit.objects.get(key=KEY).public_id, world.criterion(KEY, NUMBER).public_id, world.actor("CA").centre_id
    )


def tag(world, themes, *, seen=0, by="CA"):
    return tag_criterion(actor=world.actor(by), criterion=criterion(world), themes=themes, seen=seen, at=clock.now())


def note(world, words="Say hello first.", examples="", *, seen=0, by="AA1"):
    return write_note(
        actor=world.actor(by),
        criterion=criterion(world),
        words=words,
        examples=examples,
        seen=seen,
        at=clock.now(),
    )


def own(world, who="CA"):
    return queries.own_themes(world.actor(who).centre_id, [KEY]).get((KEY, NUMBER))


def notes(world, who="CA"):
    return queries.notes_on(world.actor(who).centre_id, [KEY]).get((KEY, NUMBER))


# --- themes


def test_a_centres_themes_stand_in_its_own_world_alone(world):
    assert tag(world, ["digital", "equality"])
    assert own(world) == ("equality", "digital")  # in the order of the list
    assert own(world, "CB") is None
    event = Event.objects.filter(action="criterion.tagged").latest("pk")
    assert event.facts == {"before": TALK, "after": ["equality", "digital"]}
    assert world.criterion(KEY, NUMBER).themes == TALK  # what was published is as it was


def test_editing_again_undoes_and_history_stays(world):
    tag(world, ["digital"])
    assert tag(world, TALK, seen=1)
    assert own(world) is None  # as published, and so it follows a later version
    assert [t.themes for t in queries.guidance_on(criterion(world), world.actor("CA").centre_id).tags] == [
        None,
        ("digital",),
    ]


def test_no_themes_at_all_is_a_choice(world):
    tag(world, [])
    assert own(world) == ()


def test_the_same_again_writes_nothing(world):
    tag(world, ["digital"])
    assert not tag(world, ["digital"], seen=0)  # a second click of the same form
    assert CriterionTag.objects.for_centre(world.actor("CA").centre_id).count() == 1


def test_who_was_slower_is_told_by_whom(world):
    tag(world, ["digital"])
    with pytest.raises(Stale) as told:
        tag(world, ["equality"])
    assert world.people["CA"].full_name in told.value.refusals[0].sentence
    assert own(world) == ("digital",)
    with pytest.raises(Stale):
        tag(world, ["equality"], seen=7)


@pytest.mark.parametrize(("themes", "code"), [(["no-such"], "unknown-theme"), (list(Theme.values)[:7], "many-themes")])
def test_what_no_theme_is_and_too_many_are_refused(world, themes, code):
    with pytest.raises(Refused) as told:
        tag(world, themes)
    assert [r.code for r in told.value.refusals] == [code]
    assert own(world) is None


@pytest.mark.parametrize("who", ["AA1", "AT1", "QA", "EA", "LA1"])
def test_only_editors_change_themes(world, who):
    with pytest.raises(Forbidden):
        tag(world, ["digital"], by=who)


def test_they_outlive_a_new_version_of_the_unit(world):
    tag(world, ["digital"])
    note(world)
    catalogue = small_catalogue()
    changed = {**catalogue.units, KEY: dataclasses.replace(catalogue.units[KEY], title="Speak with customers")}
    publish_catalogue(type(catalogue)(changed, catalogue.qualifications), at=AT)
    newest = Unit.objects.get(key=KEY, version=2)
    row = queries.unit_detail(newest.public_id, world.actor("CA").centre_id).outcomes[0].criteria[0]
    assert (row.number, row.themes, row.own_themes) == (NUMBER, ("Digital tools",), True)
    assert row.note is not None
    assert row.note.about == row.text


# --- plain words


def test_a_note_has_words_examples_a_day_and_an_author(world):
    assert note(world, " Say hello first. ", "A film of you\nA call")
    found = notes(world)
    assert (found.words, found.examples) == ("Say hello first.", "A film of you\nA call")
    assert found.author == world.people["AA1"].full_name
    assert clock.london_date(found.at) == world.today
    assert notes(world, "CB") is None


def test_a_new_note_supersedes_and_an_empty_one_takes_it_away(world):
    note(world)
    note(world, "Greet them.", seen=1, by="CA")
    assert notes(world).words == "Greet them."
    assert note(world, "", "", seen=2)
    assert notes(world) is None
    said = queries.guidance_on(criterion(world), world.actor("CA").centre_id)
    assert [n.words for n in said.notes] == ["", "Greet them.", "Say hello first."]
    assert said.note is None


def test_the_same_note_again_writes_nothing_and_says_so(world):
    note(world)
    assert note(world, " Say hello first. ", " ", seen=0) is False
    assert len(queries.guidance_on(criterion(world), world.actor("CA").centre_id).notes) == 1


@pytest.mark.parametrize(("words", "examples", "taken"), [("Greet.", "", False), ("", "A call", False), ("", "", True)])
def test_a_note_is_taken_away_only_by_nothing_at_all(world, words, examples, taken):
    note(world)
    assert note(world, words, examples, seen=1)
    assert Event.objects.filter(action="criterion.explained").latest("pk").facts == {"taken_away": taken}
    row = CriterionNote.objects.for_centre(world.actor("CA").centre_id).get(version=2)
    assert (row.unit_key, row.number, row.author_id) == (KEY, NUMBER, world.people["AA1"].pk)


def test_whoever_has_seen_what_never_was_is_told_to_look(world):
    for act in (lambda: tag(world, ["digital"], seen=7), lambda: note(world, seen=7)):
        with pytest.raises(Stale) as told:
            act()
        assert told.value.who == ""


def test_of_two_who_write_the_same_version_the_slower_is_told_by_whom(world):
    """Both had read that there is none; the database lets one in."""
    note(world)
    first = CriterionNote.objects.for_centre(world.actor("CA").centre_id).get()
    again = CriterionNote(
        centre_id=first.centre_id, criterion=first.criterion, unit_key=KEY, number=NUMBER, version=1, words="Mine",
        author=world.people["CA"], at=world.at,
    )  # fmt: skip
    with pytest.raises(Stale) as told:
        guidance._add(again, 0)
    assert (told.value.who, told.value.at) == (world.people["AA1"].full_name, first.at)
    assert notes(world).words == "Say hello first."


def test_nothing_and_too_much_are_refused(world):
    with pytest.raises(Refused) as told:
        note(world, " ", "")
    assert [r.code for r in told.value.refusals] == ["empty-note"]
    with pytest.raises(Refused) as told:
        note(world, "x" * (rules.LONGEST_WORDS + 1), "y" * (rules.LONGEST_EXAMPLES + 1))
    assert [r.field for r in told.value.refusals] == ["words", "examples"]


@pytest.mark.parametrize("who", ["AT1", "QA", "EA", "LA1"])
def test_only_editors_and_qualified_assessors_explain(world, who):
    with pytest.raises(Forbidden):
        note(world, by=who)


def test_a_note_of_two_at_once_keeps_the_first(world):
    note(world)
    with pytest.raises(Stale):
        note(world, "Something else")
    assert notes(world).words == "Say hello first."


@pytest.mark.parametrize("model", [CriterionTag, CriterionNote])
def test_rows_are_added_and_never_changed(world, model):
    tag(world, ["digital"])
    note(world)
    rows = model.objects.for_centre(world.actor("CA").centre_id)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(version=9)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()


# --- finding


def test_a_criterion_is_found_in_its_own_unit_alone(world):
    other = Unit.objects.get(key="H-506-2154")
    with pytest.raises(NotFound):
        queries.criterion_of(other.public_id, world.criterion(KEY, NUMBER).public_id, world.actor("CA").centre_id)


def test_two_queries_for_one_criterion_and_one_for_many(world, django_assert_num_queries):
    tag(world, ["digital"])
    note(world)
    row, centre = criterion(world), world.actor("CA").centre_id
    keys = list(Unit.objects.values_list("key", flat=True))
    with django_assert_num_queries(2):
        queries.guidance_on(row, centre)
    for ask in (queries.own_themes, queries.notes_on):
        with django_assert_num_queries(1):
            ask(centre, keys)


@given(st.sets(st.sampled_from(Theme.values)))
def test_themes_keep_the_order_of_the_list(chosen):
    found = rules.themes_in_order(chosen)
    assert set(found) == chosen
    assert found == sorted(found, key=Theme.values.index)
    assert bool(rules.why_not_tag(found)) == (len(chosen) > 6)
