"""How far units go towards another qualification (R38): sums that never promise too much."""

from hypothesis import given
from hypothesis import strategies as st

from centres.queries.progression import progression_of
from centres.rules.progression import GroupNeed, UnitPlace, reach
from tests.factories import moving as made

A_ = GroupNeed("A", "Everyone", 19, None)
CAPPED = GroupNeed("D", "At most", None, 7)


def test_credit_counts_in_its_group_up_to_its_cap():
    places = [UnitPlace("A", 5, has=True), UnitPlace("A", 4, has=False), *[UnitPlace("D", 4, has=True)] * 3]
    everyone, capped = reach([A_, CAPPED], places)
    assert (everyone.units, everyone.credit, everyone.enough) == (1, 5, False)
    assert (capped.units, capped.credit, capped.enough) == (3, 7, False)
    assert reach([GroupNeed("A", "Everyone", 5, None)], places)[0].enough


@given(st.lists(st.builds(UnitPlace, st.sampled_from(["A", "D"]), st.integers(1, 12), st.booleans())))
def test_one_more_unit_never_takes_credit_away(places):
    before = reach([A_, CAPPED], places)
    after = reach([A_, CAPPED], [*places, UnitPlace("D", 3, has=True)])
    assert all(b.credit <= a.credit for b, a in zip(before, after, strict=True))
    assert all(group.credit <= 7 for group in after if group.code == "D")


def test_only_what_is_signed_off_counts_and_only_elsewhere(world):
    made.publish_more(world.at)
    actor, learner = world.actor("CA"), world.learners["LA1"]
    assert progression_of(actor, learner).routes == ()
    made.achieved(world, made.unit_of(world.registrations["LA1"], made.SHARED[0]), "LA1", "AA1")
    found = progression_of(actor, learner)
    assert [(r.entry_code, r.credit, [u.title for u in r.shared]) for r in found.routes] == [
        (made.HIGHER, 3, ["Communicate verbally with customers"])
    ]
    assert (found.units, found.credit) == (1, 3)
    assert [q.entry_code for q in found.above] == []
    assert progression_of(world.actor("CB"), world.learners["LB1"]).units == 0


def test_the_next_level_is_named_where_nothing_is_shared(world):
    made.publish_more(world.at)
    found = progression_of(world.actor("CA"), world.learners["LA2"])
    assert [q.entry_code for q in found.above] == [made.HIGHER]
