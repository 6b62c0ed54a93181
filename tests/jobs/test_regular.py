"""Work that comes round by itself."""

import datetime as dt

from audit import idempotency
from audit.idempotency import Form
from audit.models import IdempotencyKey
from common import clock
from jobs import registry, runner, services
from jobs.models import Job

NAME = "web.forget_answers"


def test_the_sweep_keeps_one_round_waiting(db):
    services.sweep()
    services.sweep()
    row = Job.objects.get(name=NAME)
    assert row.available_at - row.created_at == registry.find(NAME).every
    assert row.key == NAME


def test_the_next_round_begins_when_this_one_has_ended(db):
    services.sweep()
    Job.objects.filter(name=NAME).update(available_at=clock.now())
    assert runner.run_next("test")
    services.sweep()
    first, second = Job.objects.filter(name=NAME).order_by("id")
    assert (first.state, second.state) == ("done", "waiting")


def test_a_round_costs_the_sweep_one_query(db, django_assert_num_queries):
    services.keep_round()
    with django_assert_num_queries(1):
        assert services.keep_round() == 0


def test_answers_to_forms_are_forgotten_after_their_time_and_not_before(world):
    person = world.people["CA"].pk
    for key, age in (("gone", dt.timedelta(minutes=1)), ("kept", dt.timedelta(minutes=-1))):
        form = Form(person, key, "/", "a" * 64)
        idempotency.begin(form, at=clock.now() - idempotency.KEEP - age)
    registry.find(NAME).function()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["kept"]
