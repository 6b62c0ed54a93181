"""Units first or activities first: by the generation of the qualification, by one's own choice, complete both (R45)."""

import pytest

from portfolio.queries.learner import activities
from tests.factories import portfolio as made
from tests.web.learner.conftest import MY, judge


def first(client):
    page = client.get(f"{MY}units/").content.decode()
    return "activities" if "<h1>My activities</h1>" in page else "units"


def test_2014_begins_with_units_and_a_choice_is_remembered(world, learner, as_client):
    assert first(learner) == "units"
    answer = learner.post(f"{MY}view/", {"view": "activities"})
    assert answer.status_code == 303
    assert first(learner) == "activities"
    assert first(as_client("LA1")) == "activities"  # another device
    learner.post(f"{MY}view/", {"view": "units"})
    assert first(learner) == "units"
    assert learner.post(f"{MY}view/", {"view": "<script>"}).status_code == 303
    assert first(learner) == "units"


def test_2010_begins_with_activities(world, learner):
    from centres.models import Registration
    from qualifications.models import Qualification
    from qualifications.services import publish_catalogue, read_catalogue
    from tests.factories.catalogue import FOLDER

    publish_catalogue(read_catalogue(FOLDER), at=world.at)
    legacy = Qualification.objects.filter(generation="2010").latest("pk")
    rows = Registration.objects.for_centre(world.actor("LA1").centre_id)
    rows.filter(learner=world.learners["LA1"]).update(qualification=legacy)
    assert first(learner) == "activities"
    learner.post(f"{MY}view/", {"view": "units"})
    assert first(learner) == "units"  # soft: nobody is held to it


def test_activities_show_what_each_piece_serves(world, learner):
    learner.post(f"{MY}view/", {"view": "activities"})
    empty = learner.get(f"{MY}units/").content.decode()
    assert "Add an activity" in empty
    assert "Nothing here yet" in empty
    piece = made.draft(world, title="A call <b>about</b> a kettle")
    made.choose(world, piece, numbers=("1.1", "1.2"))
    judge(world, made.send(world, piece))
    made.draft(world, title="Nothing chosen")
    page = learner.get(f"{MY}units/").content.decode()
    assert page.index("Add an activity") < page.index("A call &lt;b&gt;about&lt;/b&gt; a kettle")
    assert "Deliver customer service" in page
    assert "1.1.1" in page
    assert "Not linked yet" in page


def test_many_open_units_that_stand_still_are_said_softly(world, learner, as_client):
    import datetime as dt

    from centres.models import LearnerUnit
    from portfolio.models import EvidenceMapping
    from qualifications.models import Criterion

    units = LearnerUnit.objects.for_centre(world.actor("LA1").centre_id).filter(learner=world.learners["LA1"])
    for unit in units.select_related("unit"):
        number = Criterion.objects.filter(unit=unit.unit).earliest("position").number
        made.sent(world, unit=unit.unit.key, numbers=(number,))
    assert "units are open" not in learner.get(f"{MY}units/").content.decode()
    long_ago = world.at - dt.timedelta(days=60)
    EvidenceMapping.objects.for_centre(world.actor("LA1").centre_id).update(changed_at=long_ago)
    assert "6 units are open, and none of them moved" in learner.get(f"{MY}units/").content.decode()
    staff = as_client("AA1").get(f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/").content.decode()
    assert "An order with target dates may help this learner." in staff


@pytest.mark.parametrize("many", [1, 30])
def test_activities_cost_the_same_for_one_and_thirty(world, learner, counted, many):
    learner.post(f"{MY}view/", {"view": "activities"})
    for _ in range(many):
        made.sent(world, numbers=("1.1", "1.2"))
    counted(9, "units/")


def test_what_serves_is_ones_own_alone(world):
    theirs = made.sent(world, "LA2").evidence
    assert activities.served_by(world.actor("LA1"), [theirs.public_id]) == {}
