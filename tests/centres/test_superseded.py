"""Nobody is registered for, or moved to, a version that no longer counts, whatever a form says; a complete award is not
moved unawares (T7)."""

import pytest

from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from centres.queries.award import award_complete
from centres.rules import MoveFacts, why_not_move
from centres.services import add_registration
from common import clock
from common.refusals import Refused
from tests.centres.test_registering import register
from tests.factories import moving as made
from tests.factories.world import A, B, found
from tests.web.centre.forms import learner_url
from tests.web.shared.test_versions import publish

LOOK = "a test looks"


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return {refusal.code for refusal in caught.value.refusals}


def add(world, qualification, who="LA1"):
    return add_registration(
        actor=world.actor("CA"),
        learner=world.learners[who],
        qualification_id=qualification.pk,
        place_ids=[],
        starts_on=world.today,
        initial=found(world),
        at=clock.now(),
    )


def count():
    return Registration.objects.across_centres(reason=LOOK).count()


def test_an_older_version_takes_no_new_learner(world):
    newer = publish(world, credit=2)
    before = count()
    assert codes(lambda: register(world)) == {"superseded"}
    Registration.objects.across_centres(reason=LOOK).filter(pk=world.registrations["LA1"].pk).update(state="withdrawn")
    assert codes(lambda: add(world, world.diploma)) == {"superseded"}
    assert count() == before
    assert register(world, qualification_id=newer.pk).qualification_id == newer.pk


def test_a_centres_own_version_takes_the_place_of_the_installations_there_alone(world):
    own = publish(world, credit=2, centre=A)
    assert codes(lambda: register(world)) == {"superseded"}
    assert register(world, qualification_id=own.pk).qualification_id == own.pk
    elsewhere = {"by": "CB", "assessor_id": None, "email": "other@people.example"}
    assert codes(lambda: register(world, qualification_id=own.pk, **elsewhere)) == {"qualification-missing"}
    assert register(world, **elsewhere).centre_id == world.centres[B].pk


def test_nobody_is_moved_to_an_older_version(world):
    made.publish_more(world.at)
    old = made.register(world, made.HIGHER, "LA1")
    newer = publish(world, credit=2)
    Registration.objects.across_centres(reason=LOOK).filter(pk=world.registrations["LA1"].pk).update(state="withdrawn")
    target = {"qualification_id": world.diploma.pk, "place_ids": []}
    assert codes(lambda: made.move(world, old, made.HIGHER, **target)) == {"superseded"}
    assert made.move(world, old, made.HIGHER, **target | {"qualification_id": newer.pk}).qualification_id == newer.pk


@pytest.mark.parametrize(
    ("complete", "confirmed", "found"),
    [(True, False, ["award-complete"]), (True, True, []), (False, False, []), (False, True, [])],
)
def test_a_complete_award_is_moved_by_somebody_who_says_so(complete, confirmed, found):
    facts = MoveFacts(RegistrationState.ACTIVE, same=False, reason=made.WHY, complete=complete, confirmed=confirmed)
    assert [refusal.code for refusal in why_not_move(facts)] == found


def test_it_stays_complete_with_its_units_and_everybody_reads_so(world, as_client):
    row = made.whole_award(world)
    assert codes(lambda: made.move(world, row, made.HIGHER)) == {"award-complete"}
    made.move(world, row, made.HIGHER, confirmed=True)
    old = Registration.objects.for_centre(row.centre_id).select_related("qualification").get(pk=row.pk)
    assert old.state == RegistrationState.TRANSFERRED
    assert award_complete(old)
    states = LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row).values_list("state", flat=True)
    assert set(states) == {UnitState.ACHIEVED}
    office = as_client("CA").get(learner_url(world, "LA1")).content.decode()
    assert "The learner has moved on, and this award stays complete." in office
    assert "Award complete" in as_client("CA").get("/c/10001/centre/learners/?award=complete").content.decode()
    assert "It stays complete after your move." in as_client("LA1").get("/c/10001/my/units/").content.decode()
    assessor = as_client("AA1").get(f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/").content.decode()
    assert "The award is complete: OCR Level 3 Award in Shapes" in assessor


def test_the_page_warns_and_asks(world, as_client):
    row = made.whole_award(world)
    client, url = as_client("CA"), learner_url(world, "LA1", f"move/{row.public_id}/")
    target = made.qualification(made.HIGHER).public_id
    page = client.get(f"{url}?qualification={target}").content.decode()
    assert "The award of this registration is complete" in page
    assert 'name="confirmed"' in page
    said = {
        "qualification": target,
        "units": [p.unit.public_id for p in made.places(made.HIGHER)],
        "reason": made.WHY,
    }
    refused = client.post(url, said)
    assert refused.status_code == 422
    assert "Tick that you know this before you move the learner" in refused.content.decode()
    assert client.post(url, said | {"confirmed": "on"}).status_code == 303
    other = learner_url(world, "LA2", f"move/{world.registrations['LA2'].public_id}/")
    plain = client.get(f"{other}?qualification={target}").content.decode()
    assert "The award of this registration is complete" not in plain
    assert 'name="confirmed"' not in plain
