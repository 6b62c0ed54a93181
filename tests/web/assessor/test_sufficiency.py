"""What assessors and learners read about too little evidence, and whose words a criterion is in (R22, R71)."""

import dataclasses

import pytest

from assessments.models import Judgement
from common import clock
from qualifications.services import publish_catalogue
from tests.factories import portfolio as made
from tests.factories import rules
from tests.factories.catalogue import small_catalogue
from tests.web.assessor.conftest import filled, page, statements, text_of
from tests.web.assessor.test_sign_off import complete, unit_url

MY = "/c/10001/my/"
OURS = "Wording: ours, in other words. Check against the awarding body’s."


@pytest.fixture
def asked(world):
    """Two pieces from different days for everything to do in the unit; all of it met by one piece."""
    rules.rule(world, unit_key=made.UNIT, kind="competence", asked={"occasions": 2})
    return complete(world)


def test_the_sign_off_page_says_what_is_missing_and_leads_there(world, assessor, asked):
    text = text_of(assessor.get(unit_url(world)))
    assert "1.4.1 needs two pieces from different days; there is one. The centre asks this." in text
    criterion = world.criterion(made.UNIT, "4.1").public_id
    assert f'{unit_url(world, "")}?criterion={criterion}"' in text
    assert "One of two pieces accepted" in text
    assert "Ask for an exception" not in text
    assert OURS in text
    assert "These rest on what the learner says about themselves." in text


def test_who_may_ask_for_an_exception_finds_the_way_there(world, assessor, asked):
    rules.lead(world, "AA1")
    assert "Ask for an exception for this learner" in text_of(assessor.get(unit_url(world)))


def test_every_page_of_progress_shows_it_in_part(world, assessor, as_client, asked):
    assert "More evidence needed:" in text_of(
        assessor.get(f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/")
    )
    criterion = world.criterion(made.UNIT, "4.1").public_id
    assert "One of two pieces accepted" in text_of(assessor.get(f"{unit_url(world, '')}?criterion={criterion}"))
    assert "One of two pieces accepted" in text_of(assessor.get(unit_url(world, "list/")))
    unit = world.unit("LA1", made.UNIT).public_id
    mine = text_of(as_client("LA1").get(f"{MY}units/{unit}/"))
    assert "One of two pieces accepted." in mine
    assert "Needs two pieces from different days." in mine
    assert f"/add/?unit={unit}&amp;thing={criterion}" in mine
    assert OURS in mine


def test_the_assess_page_says_what_is_asked_beside_each_criterion(world, assessor):
    rules.rule(world, unit_key=made.UNIT, kind="competence", asked={"observed": True, "pieces": 2})
    version = made.opened(world, numbers=("1.1", "4.1"))
    text = text_of(assessor.get(page(version)))
    assert text.count("Needs two pieces.") == 2, "short, and in full"
    assert "The assessor has to see it at work." in text
    assert "You saw it yourself at work on (needed for 1.4.1)" in text
    assert OURS in text
    answer = assessor.post(page(version, "decide/"), {**filled(version), "observed_on": "2099-01-01"})
    assert answer.status_code == 422
    assert "cannot be in the future" in text_of(answer)
    assert 'value="2099-01-01"' in text_of(answer)
    seen = {**filled(version), "observed_on": world.today.isoformat()}
    assert assessor.post(page(version, "decide/"), seen).status_code == 303
    days = Judgement.objects.for_centre(version.centre_id).values_list("observed_on", flat=True)
    assert set(days) == {world.today}


def test_without_a_rule_nobody_is_asked_what_they_saw(world, assessor):
    assert "observed_on" not in text_of(assessor.get(page(made.sent(world, numbers=("4.1",)))))


def test_official_words_are_called_that_and_ours_are_not(world, assessor, as_client):
    files = small_catalogue()
    first = files.units[made.UNIT]
    official = dataclasses.replace(first, provenance={**first.provenance, "criteria": "official"})
    centre = world.centres["10001"].pk
    publish_catalogue(
        dataclasses.replace(files, units={**files.units, made.UNIT: official}), at=clock.now(), centre_id=centre
    )
    from qualifications.queries import current_units

    new, old = current_units(centre).get(key=made.UNIT), world.unit("LA1", made.UNIT).unit
    said = "Wording: OCR’s own, brought in by Harbour College on"
    assert said in text_of(assessor.get(f"/c/10001/catalogue/units/{new.public_id}/"))
    text = text_of(assessor.get(f"/c/10001/catalogue/units/{old.public_id}/"))
    assert "Check against the awarding body’s." in text
    assert said not in text
    listed = text_of(assessor.get("/c/10001/catalogue/"))
    assert listed.count("The awarding body’s own wording") == 1
    assert "Worded by us, in other words" in listed
    assert "The awarding body’s own wording" not in text_of(as_client("AB1").get("/c/10002/catalogue/"))
    assert OURS in text_of(assessor.get(unit_url(world))), "work stays on the words it was judged on"


@pytest.mark.parametrize("many", [1, 12])
def test_queries_are_few_and_constant(world, assessor, many):
    rules.rule(world, unit_key=made.UNIT, asked={"occasions": 2})
    for _ in range(many):
        complete(world)
    version = made.sent(world, numbers=("1.1", "4.1"))
    learner = f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/"
    assessor.get(page(version))
    budgets = {unit_url(world): 18, unit_url(world, ""): 13, page(version): 13, learner: 15}
    assert {url: len(statements(assessor, url)) for url in budgets} == budgets
