"""The page of the order of units: buttons that move, dates that stay, for assessors and admins alike."""

import datetime as dt

import pytest

from centres.models import LearnerUnit
from centres.queries.schedule import schedules_of
from tests.web.assessor.conftest import statements


def url(world, area="assess", who="LA1"):
    return f"/c/10001/{area}/learners/{world.learners[who].public_id}/schedule/"


def schedule(world):
    return schedules_of(world.actor("CA"), world.learners["LA1"])[0]


def form(world, **changed):
    stands = schedule(world)
    return {
        "registration": stands.public_id,
        "seen": " ".join(f"{p.unit_id}:{p.target_on or ''}" for p in stands.planned),
        "unit": [p.unit_id for p in stands.planned],
        **{f"target-{p.unit_id}": str(p.target_on or "") for p in stands.planned},
        **changed,
    }


def ids(world):
    return [p.unit_id for p in schedule(world).planned]


@pytest.mark.parametrize(("who", "area"), [("AA1", "assess"), ("CA", "centre")])
def test_a_button_moves_a_unit_and_keeps_the_dates(world, as_client, who, area):
    client, before = as_client(who), ids(world)
    day = world.today + dt.timedelta(days=20)
    sent = form(world, move=f"down:{before[0]}", **{f"target-{before[2]}": day.isoformat()})
    answer = client.post(url(world, area), sent)
    assert answer.status_code == 303
    assert answer["Location"].endswith(f"#u{before[0]}")
    assert ids(world)[:3] == [before[1], before[0], before[2]]
    assert schedule(world).planned[2].target_on == day
    page = client.get(url(world, area)).content.decode()
    assert f'value="{day.isoformat()}"' in page
    assert page.count(" disabled") == 2  # nothing goes above the first or below the last


def test_a_day_that_cannot_be_read_loses_nothing(world, as_client):
    client, before = as_client("AA1"), ids(world)
    sent = form(world, move=f"down:{before[0]}", **{f"target-{before[1]}": "soon", f"target-{before[0]}": "2027-03-01"})
    answer = client.post(url(world), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert 'value="soon"' in page
    assert 'value="2027-03-01"' in page
    assert f'href="#target-{before[1]}"' in page
    assert ids(world) == before


def test_a_day_may_be_typed_as_people_write_it(world, as_client):
    first = ids(world)[0]
    day = world.today + dt.timedelta(days=30)
    answer = as_client("AA1").post(url(world), form(world, **{f"target-{first}": f"{day:%d/%m/%Y}"}))
    assert answer.status_code == 303
    assert schedule(world).units[0].target_on == day
    odd = as_client("AA1").post(url(world), form(world, **{f"target-{first}": "31/02/2027"}))
    assert "This is not a day. Write it like 23/11/2026." in odd.content.decode()


def test_who_was_slower_is_told_and_keeps_what_was_typed(world, as_client):
    client, before = as_client("AA1"), ids(world)
    late = form(world, **{f"target-{before[0]}": (world.today + dt.timedelta(days=9)).isoformat()})
    client.post(url(world), form(world, move=f"down:{before[0]}"))
    answer = client.post(url(world), late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This changed while you were working." in page
    assert f'value="{late[f"target-{before[0]}"]}"' in page
    assert ids(world)[0] == before[1]


def test_a_form_of_nothing_and_one_of_something_foreign(world, as_client):
    client = as_client("AA1")
    assert client.post(url(world), {}).status_code == 422
    for theirs in ("nothing", world.registrations["LA2"].public_id, world.registrations["LB1"].public_id):
        assert client.post(url(world), form(world, registration=theirs)).status_code == 404


@pytest.mark.parametrize("changed", [{"seen": "x:y z"}, {"unit": []}, {"move": "sideways:1"}, {"move": "up:nothing"}])
def test_nonsense_is_answered(world, as_client, changed):
    before = ids(world)
    assert as_client("AA1").post(url(world), form(world, **changed)).status_code in {303, 409, 422}
    assert ids(world) == before


def test_the_learner_and_the_assessor_see_it(world, as_client):
    before, day = ids(world), world.today + dt.timedelta(days=20)
    learner = as_client("LA1")
    assert "Next unit" not in learner.get("/c/10001/my/").content.decode()
    as_client("AA1").post(url(world), form(world, move=f"up:{before[1]}", **{f"target-{before[1]}": day.isoformat()}))
    units = learner.get("/c/10001/my/units/").content.decode()
    first = units.split("at-unitrow", 2)[1]
    assert f"/units/{before[1]}/" in first
    assert "Next unit" in first
    assert f"By {day.day} {day:%B}" in first
    assert "Next unit" in learner.get("/c/10001/my/").content.decode()
    page = as_client("AA1").get(f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/").content.decode()
    assert f"By {day.day} {day:%B}" in page
    assert url(world) in page


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False), (1, False)])
def test_a_target_that_is_over_looks_late(world, as_client, days, late):
    day = world.today + dt.timedelta(days=days)
    rows = LearnerUnit.objects.for_centre(world.learners["LA1"].centre_id)
    mine = rows.filter(registration=world.registrations["LA1"])
    mine.filter(pk=mine.first().pk).update(target_on=day)
    assessor, learner = as_client("AA1"), as_client("LA1")
    pages = [
        assessor.get(f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/"),
        learner.get("/c/10001/my/units/"),
        learner.get("/c/10001/my/"),
    ]
    said = [f"Late: planned for {day.day} {day:%B}" in page.content.decode() for page in pages]
    assert said == [late] * 3
    assert ("Late: planned for" in assessor.get(url(world)).content.decode()) is late
    words = f"By {day.day} {day:%B}"
    assert [words in page.content.decode() for page in pages] == [not late] * 3


def test_few_queries(world, as_client):
    client = as_client("AA1")
    client.get(url(world))
    assert len(statements(client, url(world))) <= 9
