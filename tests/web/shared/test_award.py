"""A complete award is said to the learner, the assessor and the office, with what comes next, and can be found (T4, J13)."""

import re

import pytest

from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from common import clock
from portfolio.services import save_draft, start_evidence
from tests.factories import moving as made
from tests.factories import portfolio

MY = "/c/10001/my/"
OFFICE = "/c/10001/centre/learners/"
ASSESS = "/c/10001/assess/learners/"


def text_of(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def leave(world, who="LA1"):
    """The diploma that everybody does is left, so that only the small award is there."""
    rows = Registration.objects.for_centre(world.registrations[who].centre_id)
    rows.filter(pk=world.registrations[who].pk).update(state=RegistrationState.WITHDRAWN)


@pytest.fixture
def done(world):
    """LA1 has a complete award and nothing else."""
    row = made.whole_award(world)
    leave(world)
    return row


def test_today_says_that_the_award_is_complete_and_asks_for_nothing(world, done, as_client):
    page = text_of(as_client("LA1").get(MY))
    assert "Your award is complete" in page
    assert "Your centre claims the certificate. You have nothing more to do for it." in page
    assert "Show something you did today" not in page
    assert "See what is left" not in page
    assert f'href="{MY}next/"' in page


def test_units_say_it_instead_of_counting_the_choice(world, done, as_client):
    page = text_of(as_client("LA1").get(f"{MY}units/"))
    assert "Your award is complete" in page
    assert "The units chosen for you" not in page
    assert "10 of 10 credits signed off" in page


def test_before_it_is_complete_the_choice_is_called_a_choice(world, as_client):
    made.whole_award(world, but=3)
    leave(world)
    page = text_of(as_client("LA1").get(f"{MY}units/"))
    assert "0 of 10 credits signed off" in page
    assert "The units chosen for you add up to the whole award of 10 credits." in page
    assert "It is complete once enough of them are signed off." in page
    assert "Your award is complete" not in page


def test_beside_another_qualification_it_is_said_below_the_card(world, as_client):
    made.whole_award(world)
    page = text_of(as_client("LA1").get(MY))
    assert "Show something you did today" in page
    assert "Your award is complete: OCR Level 3 Award in Shapes" in page
    assert "See what is left" in page, "of the diploma"


def test_a_finished_unit_is_not_offered_and_all_shown_waits_for_the_assessor(world, as_client):
    row = made.whole_award(world, but=1)
    leave(world)
    last = made.unit_of(row, made.HIGHER_UNITS[3])
    assert "See what is left" in text_of(as_client("LA1").get(MY))
    numbers = list(last.unit.criteria.values_list("number", flat=True))
    made.judged(world, last, numbers, "LA1", "AA1")
    page = text_of(as_client("LA1").get(MY))
    assert "See what is left" not in page
    assert "You have shown everything" in page
    assert "Dev looks at your units next and signs them." in page
    assert "Show something you did today" not in page


def test_a_draft_left_over_is_not_the_card_of_a_complete_award(world, done, as_client):
    actor, at = world.actor("LA1"), clock.now()
    started = start_evidence(actor=actor, kind="writing", at=at)
    fields = portfolio.facts(world, title="Left over")
    save_draft(actor=actor, evidence=started, revision=started.revision, fields=fields, at=at)
    page = text_of(as_client("LA1").get(MY))
    assert "Your award is complete" in page
    assert "at-next__title" in page
    assert "Everything you added is safe." not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RegistrationState.ON_BREAK, "You are on a break"),
        (RegistrationState.SUSPENDED, "Your registration does not run at the moment"),
        (RegistrationState.WITHDRAWN, "You have left this qualification"),
    ],
)
def test_who_is_not_at_work_is_asked_for_nothing(world, as_client, state, words):
    Registration.objects.for_centre(world.centres["10001"].pk).update(state=state)
    page = text_of(as_client("LA1").get(MY))
    assert words in page
    assert "See what is left" not in page
    assert "Show something you did today" not in page


def test_the_office_reads_it_on_the_page_and_finds_it_in_the_list(world, as_client):
    client = as_client("CA")
    page = f"{OFFICE}{world.learners['LA1'].public_id}/"
    row = made.whole_award(world, but=1)
    before = text_of(client.get(page))
    assert "5 of 10 credits achieved: what is missing" in before
    assert "Group A: 1 unit is missing" in before
    assert "The award is complete" not in before
    assert "Nobody found" in text_of(client.get(f"{OFFICE}?award=complete"))
    made.achieved(world, made.unit_of(row, made.HIGHER_UNITS[3]), "LA1", "AA1")
    after = text_of(client.get(page))
    assert "The award is complete" in after
    assert "Next: claim the certificate from the awarding body" in after
    found = client.get(f"{OFFICE}?award=complete")
    assert [one.public_id for one in found.context["found"].rows] == [world.learners["LA1"].public_id]
    assert "Award complete" in text_of(found)
    assert 'name="award" value="complete"' in text_of(found), "other filters keep it"
    both = client.get(f"{OFFICE}?award=complete&qualification=10379")
    assert both.context["found"].rows == (), "of one and the same registration"
    assert len(client.get(f"{OFFICE}?award=nonsense").context["found"].rows) > 1


def test_an_assessor_reads_it_on_the_page_and_finds_it_in_the_list(world, as_client):
    client = as_client("AA1")
    page = f"{ASSESS}{world.learners['LA1'].public_id}/"
    row = made.whole_award(world, but=1)
    assert "5 of 10 credits achieved: what is missing" in text_of(client.get(page))
    assert "No learner of yours here has a complete award." in text_of(client.get(f"{ASSESS}?award=complete"))
    made.achieved(world, made.unit_of(row, made.HIGHER_UNITS[3]), "LA1", "AA1")
    assert "The award is complete: OCR Level 3 Award in Shapes" in text_of(client.get(page))
    assert "The office claims the certificate." in text_of(client.get(page))
    found = client.get(f"{ASSESS}?award=complete")
    assert [one.public_id for one in found.context["rows"]] == [world.learners["LA1"].public_id]
    assert "Award complete: 10999" in text_of(found)


def test_whoever_does_not_see_the_registration_does_not_find_its_award(world, as_client):
    made.whole_award(world)
    assert as_client("AA2").get(f"{ASSESS}?award=complete").context["rows"] == ()
    seen = as_client("QA").get(f"{ASSESS}?award=complete").context["rows"]
    assert seen == (), "a quality assurer of the diploma is told nothing of another qualification"


def test_the_award_reopens_with_its_unit(world, done, as_client):
    LearnerUnit.objects.for_centre(done.centre_id).filter(registration=done, unit__key=made.SHARED[0]).update(
        state=UnitState.IN_PROGRESS
    )
    assert "Your award is complete" not in text_of(as_client("LA1").get(MY))
