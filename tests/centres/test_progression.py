"""How far units go towards another qualification (R38): by its rule of combination, so never too much is promised."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centres.queries.progression import progression_of
from tests.factories import moving as made

VERBALLY, EDGE = made.SHARED  # 3 and 2 credits
MANAGE, ANALYSE = made.HIGHER_UNITS[2:]  # 4 and 5 credits


@pytest.fixture
def two(world):
    """LA1 has both shared units of the diploma, signed off."""
    made.publish_more(world.at)
    for key in made.SHARED:
        made.achieved(world, made.unit_of(world.registrations["LA1"], key), "LA1", "AA1")
    return world


def shaped(world, *groups, **parts):
    made.publish_shaped(world.at, *groups, **parts)
    found = progression_of(world.actor("CA"), world.learners["LA1"])
    return next(route for route in found.routes if route.entry_code == made.SHAPED)


def test_only_what_is_signed_off_counts_and_only_elsewhere(world):
    made.publish_more(world.at)
    actor, learner = world.actor("CA"), world.learners["LA1"]
    assert progression_of(actor, learner).routes == ()
    made.achieved(world, made.unit_of(world.registrations["LA1"], made.SHARED[0]), "LA1", "AA1")
    found = progression_of(actor, learner)
    assert [(r.entry_code, r.credit, [u.title for u in r.counting]) for r in found.routes] == [
        (made.HIGHER, 3, ["Communicate verbally with customers"])
    ]
    assert (found.units, found.credit) == (1, 3)
    assert [q.entry_code for q in found.above] == []
    assert progression_of(world.actor("CB"), world.learners["LB1"]).units == 0


def test_the_next_level_is_named_where_nothing_is_shared(world):
    made.publish_more(world.at)
    found = progression_of(world.actor("CA"), world.learners["LA2"])
    assert [q.entry_code for q in found.above] == [made.HIGHER]


def test_credit_above_a_groups_cap_does_not_count_and_is_said(two):
    route = shaped(two, made.group("A", VERBALLY, EDGE, max_credit=4), made.group("B", MANAGE, ANALYSE))
    assert [(g.group.code, g.credit, g.units, g.over) for g in route.found.groups] == [("A", 4, 2, 1), ("B", 0, 0, 0)]
    assert route.credit == 4
    assert [s.code for s in route.found.surplus] == ["over-credit"]


def test_of_a_group_of_one_unit_one_counts(two):
    route = shaped(two, made.group("A", VERBALLY, EDGE, max_units=1), made.group("B", MANAGE, ANALYSE))
    assert (route.credit, len(route.counting), route.found.surplus[0].code) == (3, 1, "over-units")


def test_of_units_that_bar_each_other_one_counts(two):
    route = shaped(two, made.group("A", VERBALLY, EDGE, MANAGE, ANALYSE), barred=(made.SHARED,))
    assert (route.credit, len(route.counting), route.found.surplus[0].code) == (3, 1, "barred")


def test_a_unit_listed_twice_counts_once_and_where_it_helps(two):
    first = made.group("A", VERBALLY, EDGE, max_credit=3)
    second = made.group("B", VERBALLY, MANAGE, ANALYSE, min_credit=7)
    route = shaped(two, first, second)
    assert [(g.credit, set(g.keys)) for g in route.found.groups] == [(2, {EDGE}), (3, {VERBALLY})]
    assert (route.credit, [m.key for m in route.counting]) == (5, [VERBALLY, EDGE])


def test_the_shortest_way_there_is_the_engines(two):
    route = shaped(two, made.group("A", *made.SHARED, mandatory=True), made.group("B", MANAGE, ANALYSE, min_units=1))
    assert [g.enough for g in route.found.groups] == [True, False]
    assert ([m.key for m in route.found.suggestion], route.further_credit, route.stuck) == ([ANALYSE], 5, "")


def test_what_cannot_be_completed_says_so(two):
    route = shaped(two, made.group("A", *made.SHARED))
    assert (route.credit, route.found.suggestion, route.found.completable) == (5, (), False)
    assert route.stuck == "This cannot be completed: its units do not add up to the award."


def test_a_group_without_a_minimum_is_never_called_enough(two):
    route = shaped(two, made.group("A", *made.SHARED, max_credit=6), made.group("B", MANAGE, ANALYSE, min_credit=1))
    assert [g.enough for g in route.found.groups] == [False, False]


def test_it_takes_five_queries_for_one_qualification_and_for_more(two):
    actor, learner = two.actor("CA"), two.learners["LA1"]

    def queries():
        with CaptureQueriesContext(connection) as caught:
            routes = progression_of(actor, learner).routes
        return len(routes), len(caught)

    assert queries() == (1, 5)
    made.publish_shaped(two.at, made.group("A", *made.SHARED), made.group("B", MANAGE, ANALYSE))
    assert queries() == (2, 5)


@pytest.mark.parametrize(("who", "address"), [("CA", "centre"), ("AA1", "assess"), ("LA1", "my")])
def test_the_page_shows_the_engines_answer_to_everybody(two, as_client, who, address):
    made.publish_shaped(two.at, made.group("A", *made.SHARED, MANAGE, ANALYSE), barred=(made.SHARED,))
    tail = "next/" if who == "LA1" else f"learners/{two.learners['LA1'].public_id}/next/"
    text = as_client(who).get(f"/c/{two.centre_of('CA')}/{address}/{tail}").content.decode()
    assert "does not count beside" in text
    assert "Counts as soon as the learner is registered there and their assessor lets it" in text
    assert "The shortest way there: 2 more units, 9 credits" in text
    assert "This cannot be completed" in text  # the level 3 diploma, of which four units are listed
