"""What is found out before a learner is registered (R39, R40): warnings that a reason answers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centres import rules, services
from centres.models import InitialAssessment
from common.refusals import Refused
from tests.factories import moving as made

TODAY = dt.date(2026, 11, 28)
MADE = rules.Initial(made_on=TODAY, outcome_level=2)


def codes(refusals):
    return [r.code for r in refusals]


@pytest.mark.parametrize(
    ("initial", "level", "expected"),
    [
        (MADE, 2, []),
        (MADE, 1, ["level-below"]),
        (MADE, 3, ["level-above"]),
        (rules.Initial(), 2, ["no-initial"]),
        (rules.Initial(made_on=TODAY, outcome_level=4), 4, ["nobody-to-manage"]),
        (rules.Initial(made_on=TODAY, outcome_level=4, manages_people=False), 4, ["nobody-to-manage"]),
        (rules.Initial(made_on=TODAY, outcome_level=4, manages_people=True), 4, []),
    ],
)
def test_what_speaks_against_a_level(initial, level, expected):
    assert codes(rules.level_warnings(initial, level)) == expected
    assert codes(rules.why_not_initial(initial, level, TODAY, TODAY)) == expected


@pytest.mark.parametrize(
    ("initial", "code"),
    [
        (rules.Initial(outcome_level=2), "initial-undated"),
        (rules.Initial(made_on=TODAY, reason="in a hurry"), "initial-open"),
        (rules.Initial(made_on=TODAY + dt.timedelta(days=1), outcome_level=2), "initial-to-come"),
        (rules.Initial(made_on=TODAY, outcome_level=2, role_fit="x" * 501), "too-long"),
    ],
)
def test_half_an_assessment_is_none(initial, code):
    assert codes(rules.why_not_initial(initial, 2, TODAY, TODAY)) == [code]


@given(st.integers(1, 8), st.none() | st.integers(1, 8), st.none() | st.booleans())
def test_a_reason_answers_every_warning(level, found, manages):
    initial = rules.Initial(
        made_on=TODAY if found else None, outcome_level=found, manages_people=manages, reason="We talked about it."
    )
    assert rules.why_not_initial(initial, level, TODAY, TODAY) == []
    without = rules.Initial(made_on=initial.made_on, outcome_level=found, manages_people=manages)
    said = rules.why_not_initial(without, level, TODAY, TODAY)
    assert len(said) == len(rules.level_warnings(without, level))
    assert all(r.field == "level_reason" for r in said)


def add(world, **changed):
    made.publish_more(world.at)
    return services.add_registration(
        actor=world.actor("CA"),
        learner=world.learners["LA1"],
        qualification_id=made.qualification(made.HIGHER).pk,
        place_ids=[p.pk for p in made.places(made.HIGHER)],
        starts_on=world.today,
        at=world.at,
        **changed,
    )


def test_it_is_kept_with_the_registration_it_led_to(world):
    initial = rules.Initial(made_on=world.today, outcome_level=2, reason=" Ready for more. ", role_fit="Team leader")
    row = add(world, initial=initial)
    kept = InitialAssessment.objects.for_centre(row.centre_id).get(registration=row)
    assert (kept.outcome_level, kept.chosen_level, kept.reason) == (2, 3, "Ready for more.")
    assert (kept.made_by_id, kept.learner_id, kept.role_fit) == (world.people["CA"].pk, row.learner_id, "Team leader")


def test_without_a_reason_nothing_is_registered(world):
    with pytest.raises(Refused) as caught:
        add(world, initial=rules.Initial())
    assert codes(caught.value.refusals) == ["no-initial"]
    assert not InitialAssessment.objects.for_centre(world.learners["LA1"].centre_id).exists()
