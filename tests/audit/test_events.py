"""What is written down: who did or was denied what."""

import pytest
from django.db import transaction

from audit.models import Event
from audit.services import record, record_denied, record_person
from tests.factories.world import A


def test_an_act_is_written_with_who_where_as_what_and_on_what(world):
    actor, learner = world.actor("CA"), world.learners["LA1"]
    record("learner.tested", actor=actor, obj=learner, at=world.at, facts={"units": 3})
    row = Event.objects.get()
    assert (row.action, row.outcome, row.at) == ("learner.tested", "done", world.at)
    assert (row.person_id, row.centre_id, row.roles) == (world.people["CA"].pk, world.centres[A].pk, "admin")
    assert (row.object_type, row.object_id) == ("centres.Learner", learner.public_id)
    assert (row.request_id, row.facts) == ("test-CA", {"units": 3})


def test_an_act_goes_with_its_transaction(world):
    def break_off():
        with transaction.atomic():
            record("learner.tested", actor=world.actor("CA"), at=world.at)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert not Event.objects.exists()


def test_an_act_outside_any_centre_has_none(world):
    record_person("account.tested", person_id=None, at=world.at, obj=world.people["AA1"])
    row = Event.objects.get()
    assert (row.person_id, row.centre_id, row.object_id) == (None, None, world.people["AA1"].public_id)


@pytest.mark.parametrize("text", ["\ud800", "\x00", "x" * 5000, "💥", "'; DROP TABLE audit_event; --", ""])
def test_a_denial_is_written_whatever_was_asked_for(world, text):
    record_denied(action=text, at=world.at, person_id=1, centre_id=None, object_id=text)
    row = Event.objects.get()
    assert row.outcome == "denied"
    assert 0 < len(row.action) <= 60
    assert len(row.object_id) <= 80
    assert "\x00" not in row.object_id


def test_denials_of_the_walls_are_written(world, as_client):
    client = as_client("AA1")
    assert client.get(f"/c/{A}/centre/").status_code == 403
    assert client.get("/c/10002/centre/").status_code == 404
    assert client.get(f"/c/{A}/assess/learners/{world.learners['LA2'].public_id}/").status_code == 404
    rows = list(
        Event.objects.filter(outcome="denied").order_by("pk").values_list("person_id", "centre_id", "object_id")
    )
    me, here = world.people["AA1"].pk, world.centres[A].pk
    assert rows == [(me, here, ""), (me, None, "10002"), (me, here, world.learners["LA2"].public_id)]


def test_events_hold_no_names_nor_addresses(world, as_client, run_jobs):
    from centres import services
    from centres.enums import Role

    services.invite_person(
        actor=world.actor("CA"),
        email="secretly@people.example",
        given_name="Givenname",
        family_name="Familyname",
        roles=[Role.ASSESSOR],
        starts_on=world.today,
        ends_on=None,
        at=world.at,
    )
    run_jobs()
    everything = str(list(Event.objects.values()))
    for word in ("secretly", "Givenname", "Familyname"):
        assert word not in everything
    assert Event.objects.filter(action="account.invited").exists()
