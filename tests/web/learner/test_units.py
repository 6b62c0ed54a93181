"""The list of units, one unit, and the ring of credits."""

import pytest

from assessments.services import confirm_unit
from common import clock
from tests.factories import portfolio as made
from tests.web.learner.conftest import MY, judge, signed_unit
from web.learner.credit_ring import ROUND, ring


def test_every_unit_has_cells_and_a_count_in_words(world, learner):
    judge(world, made.sent(world, numbers=("1.1", "1.2")))
    page = learner.get(f"{MY}units/").content.decode()
    assert 'aria-label="Deliver customer service: 2 done, 18 to do"' in page
    assert "2 of 20 done" in page
    assert "Not started" in page
    assert "0 of 45 credits signed off, 5 more started" in page
    assert "%" not in page.split("<main", 1)[1].split("</main>")[0]


def test_my_unit_sorts_by_who_has_to_move(world, learner):
    judge(world, made.sent(world, numbers=("1.1", "1.2")), not_yet=("1.2",))
    made.sent(world, numbers=("1.3",))
    unit = world.unit("LA1", made.UNIT)
    page = learner.get(f"{MY}units/{unit.public_id}/").content.decode()
    titles = [page.index(f'id="group-{name}"') for name in ("needs", "todo", "sent", "done")]
    assert titles == sorted(titles)
    assert "Not yet: Show the steps in order." in page
    assert "1, with Dev" in page
    assert "Know it" in page
    assert "Do it" in page
    assert f"?unit={unit.public_id}&amp;thing=" in page


def test_an_untouched_unit_says_where_to_start(world, learner):
    unit = world.unit("LA1", made.UNIT)
    page = learner.get(f"{MY}units/{unit.public_id}/").content.decode()
    assert "Most people start with the first one." in page
    assert "group-needs" not in page


def test_a_signed_unit_waits_for_its_learner(world, learner):
    unit = signed_unit(world)
    page = learner.get(f"{MY}units/{unit.public_id}/").content.decode()
    assert "Dev Singh-AA1 signed" in page
    assert "Check and confirm" in page
    assert "?unit=" not in page  # nothing can be added any more (R83)


def test_a_trainees_unit_waits_for_somebody_else_first(world, as_client):
    from assessments.models import Judgement
    from assessments.services import countersign

    trainee = world.actor("AT1")
    unit = None
    version = _all_met_by_trainee(world)
    for judgement in Judgement.objects.for_centre(trainee.centre_id).filter(version=version):
        countersign(actor=world.actor("AA2"), judgement=judgement, agrees=True, reason="", at=clock.now())
    unit = _signed_by(world, "AT1")
    page = as_client("LA3").get(f"{MY}units/{unit.public_id}/").content.decode()
    assert "Somebody still checks it. Then it is your turn." in page
    assert "Check and confirm" not in page
    assert "confirm/" not in as_client("LA3").get(MY).content.decode()


def _all_met_by_trainee(world):
    from portfolio.services import open_version
    from qualifications.models import Criterion
    from tests.web.learner.conftest import sent_for

    numbers = list(Criterion.objects.filter(unit__key=made.UNIT).order_by("position").values_list("number", flat=True))
    version = sent_for(world, numbers, made.UNIT, "LA3")
    judge(world, version, by="AT1")
    open_version(actor=world.actor("AA2"), version=version, at=clock.now())
    return version


def _signed_by(world, who):
    from assessments.services import sign_off

    unit = world.unit("LA3", made.UNIT)
    sign_off(actor=world.actor(who), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    return world.unit("LA3", made.UNIT)


def test_a_signed_off_unit_has_a_seal_and_no_buttons(world, learner):
    unit = signed_unit(world)
    confirm_unit(actor=world.actor("LA1"), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now())
    page = learner.get(f"{MY}units/{unit.public_id}/").content.decode()
    assert "Signed off" in page
    assert "You confirmed" in page
    assert "govuk-button" not in page.split("<main", 1)[1].split("</main>")[0]
    assert "5 of 45 credits signed off" in learner.get(f"{MY}units/").content.decode()


def test_another_learners_unit_is_not_there(world, learner):
    theirs = world.unit("LA2", made.UNIT)
    assert learner.get(f"{MY}units/{theirs.public_id}/").status_code == 404


@pytest.mark.parametrize("many", [1, 30])
def test_queries_are_few_and_constant(world, counted, many):
    for _ in range(many):
        made.sent(world, numbers=("1.1", "1.2"))
    counted(11, "units/")
    counted(15, f"units/{world.unit('LA1', made.UNIT).public_id}/")


def test_a_signed_unit_takes_few_queries_too(world, counted):
    unit = signed_unit(world)
    confirm_unit(actor=world.actor("LA1"), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now())
    counted(15, f"units/{unit.public_id}/")


def test_the_ring_never_turns_over():
    full = ring(needed=45, signed_off=60, started=12)
    assert full.signed_arc.startswith(f"{ROUND:.1f} ")
    assert full.started_arc.startswith("0.0 ")
    empty = ring(needed=45, signed_off=0, started=0)
    assert (empty.signed_arc, empty.started_offset) == (f"0.0 {ROUND:.1f}", "-0.0")


def test_the_arcs_are_shares_of_the_round():
    some = ring(needed=40, signed_off=10, started=20)
    assert float(some.signed_arc.split()[0]) == pytest.approx(ROUND / 4, abs=0.1)
    assert float(some.started_arc.split()[0]) == pytest.approx(ROUND / 2 - 3, abs=0.1)


def test_credits_are_those_that_the_rule_counts(world, learner):
    page = learner.get(f"{MY}units/").content.decode()
    assert "The units chosen for you come to" in page
    assert "of 45 credits so far. Your centre chooses the rest with you." in page
