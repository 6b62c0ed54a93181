"""The state of a registration moves along its table (3.5), keeps who did it and why, and its last day follows."""

import pytest

from audit.models import Event
from centres import access
from centres import services as cs
from centres.enums import REGISTRATION_TRANSITIONS, RegistrationState, Role
from centres.models import Allocation, Registration, StateChange
from common.refusals import Refused, Stale
from tests.centres.acts import DAY, held, invite
from tests.centres.test_external import propose
from tests.factories.world import A

S = RegistrationState
EVERY = [(was, to) for was in S for to in S]


def rows_of(world):
    return Registration.objects.for_centre(world.centres[A].pk).filter(pk=world.registrations["LA1"].pk)


def advance(world, row, to, days=-3):
    on = world.today + days * DAY
    return cs.advance_registration(
        actor=world.actor("CA"), registration=row, to=to, on=on, reason=" They moved. ", at=world.at
    )


def standing(world, state):
    over = state in {S.WITHDRAWN, S.COMPLETED, S.TRANSFERRED}
    rows_of(world).update(state=state, ends_on=world.today - 9 * DAY if over else None)
    return rows_of(world).get()


@pytest.mark.parametrize(("was", "to"), EVERY)
def test_a_registration_takes_the_steps_of_its_table_and_its_last_day_follows(world, was, to):
    row = standing(world, was)
    if to not in REGISTRATION_TRANSITIONS[was]:
        with pytest.raises(ValueError, match=f"{was} is not followed by {to}"):
            advance(world, row, to)
        assert rows_of(world).get().state == was
        return
    ends = to in {S.WITHDRAWN, S.COMPLETED, S.TRANSFERRED}
    on = world.today - 3 * DAY
    said = advance(world, row, to)
    stored = rows_of(world).get()
    assert (said.state, said.ends_on) == (stored.state, stored.ends_on) == (to, on if ends else None)
    change = StateChange.objects.for_centre(row.centre_id).get(registration=row)
    assert (change.was, change.to, change.on, change.reason) == (was, to, on, "They moved.")
    assert (change.by_id, change.by_name, change.at) == (
        *(world.people["CA"].pk, world.people["CA"].full_name, world.at),
    )
    event = Event.objects.get(action="registration.state_changed")
    assert event.facts == {"change": change.public_id, "was": was, "to": to, "on": on.isoformat()}


def test_a_registration_ends_on_its_first_day_at_the_earliest(world):
    row = rows_of(world).get()
    assert advance(world, row, S.WITHDRAWN, days=-999).ends_on == row.starts_on


def test_who_was_slower_moves_nothing(world):
    row = rows_of(world).get()
    rows_of(world).update(state=S.ON_BREAK)
    with pytest.raises(Stale):
        advance(world, row, S.WITHDRAWN)
    assert rows_of(world).get().state == S.ON_BREAK
    assert not StateChange.objects.for_centre(row.centre_id).exists()


# --- who is here, and until when --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("starts", "code"), [(3, "external-apart"), (4, "")])
def test_a_role_that_begins_after_the_visit_is_no_matter(world, starts, code):
    invite(world, email="vera@people.example", starts_on=world.today + starts * DAY)
    visit = {"ends_on": world.today + 3 * DAY}
    if not code:
        assert propose(world, **visit)
        return
    with pytest.raises(Refused) as caught:
        propose(world, **visit)
    assert [one.code for one in caught.value.refusals] == [code]
    with pytest.raises(Refused) as caught:
        propose(world, ends_on=None)
    assert {one.code for one in caught.value.refusals} == {"external-undated", code}


@pytest.mark.parametrize(("last", "lost"), [(4, 0), (5, 0), (6, 1), (None, 1)])
def test_a_learner_who_would_have_lost_their_assessor_anyway_is_not_counted(world, last, lost):
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"])
    rows.update(ends_on=None if last is None else world.today + last * DAY)
    day = world.today + 5 * DAY
    row = held(world, "AA1", Role.ASSESSOR)
    assert cs.end_membership(actor=world.actor("CA"), membership=row, on=day, at=world.at) == lost
    assert rows.get().ends_on == (day if lost else world.today + last * DAY)


def test_what_somebody_sees_is_what_they_get(world):
    who, learner, unit = world.actor("AA1"), world.learners["LA1"], world.unit("LA1", "A-506-2130")
    row = rows_of(world).get()
    assert access.learner_for(who, learner.public_id) == learner
    assert access.learner_to_assess(who, learner.public_id) == learner
    assert access.learner_and_settled(who, learner.public_id)[0] == learner
    assert access.learner_and_mine(who, learner.public_id)[:2] == (learner, True)
    assert access.learner_and_mine(world.actor("CA"), learner.public_id)[:2] == (learner, False)
    assert access.unit_for(who, unit.public_id) == unit
    assert access.registration_for(who, row.public_id) == row
    assert access.learner_of_actor(world.actor("LA1")) == learner
    assert [access.may_assess(one, learner) for one in (who, world.actor("AA2"))] == [True, False]


def test_who_judges_in_all_of_several_registrations(world):
    mine, other = world.registrations["LA1"].pk, world.registrations["LA2"].pk
    asked = ((), (mine,), (mine, mine), (mine, other), (other,))
    assert [access.may_assess_in(world.actor("AA1"), *ids) for ids in asked] == [False, True, True, False, False]


def test_what_somebody_sees_is_read_at_once(world, django_assert_num_queries):
    who, unit, row = world.actor("AA1"), world.unit("LA1", "A-506-2130"), rows_of(world).get()
    with django_assert_num_queries(2):
        found = access.unit_for(who, unit.public_id)
        assert found.learner.person.full_name
        assert found.registration.qualification.title
        assert found.unit.title
        assert found.place.pk
        again = access.registration_for(who, row.public_id)
        assert again.learner.person.full_name
        assert again.qualification.title
