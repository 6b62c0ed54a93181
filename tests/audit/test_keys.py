"""Answers given to forms: whose, where, what, and for how long."""

import datetime as dt
import threading

import pytest
from django.db import connections, transaction

from accounts.models import User
from audit import idempotency
from audit.idempotency import Answer, Form, Other
from audit.models import IdempotencyKey
from common import clock

HOUR = dt.timedelta(hours=1)
DONE = Answer("/there/", [(25, "Done.")])


def form(world, code="CA", key="k", path="/x/" * 200, digest="a" * 64):
    return Form(world.people[code].pk, key, path, digest)


def begin(one):
    return idempotency.begin(one, at=clock.now())


def test_a_key_is_taken_once_by_each_person(world):
    assert begin(form(world)) is None
    assert begin(form(world)) == Answer("", [])
    assert begin(form(world, "AA1")) is None
    assert begin(form(world, key="other")) is None


def test_the_kept_answer_is_given_again_with_its_level(world):
    begin(form(world))
    idempotency.keep(form(world), DONE)
    assert begin(form(world)) == DONE


def test_other_content_or_another_address_is_told_apart(world):
    begin(form(world))
    idempotency.keep(form(world), DONE)
    assert begin(form(world, digest="b" * 64)) == Other("/there/", same_address=True)
    assert begin(form(world, path="/y/")) == Other("/there/", same_address=False)
    assert begin(form(world, path="/x/" * 199 + "/y/")) == Other("/there/", same_address=False)
    assert begin(form(world)) == DONE


def test_a_key_given_back_can_be_taken_again_by_another_form(world):
    begin(form(world))
    idempotency.forget(form(world))
    assert begin(form(world, digest="b" * 64)) is None


def test_keys_go_by_age_and_younger_ones_stay(world, monkeypatch):
    monkeypatch.setattr(idempotency, "BATCH", 2)
    for n in range(5):
        idempotency.begin(form(world, key=f"old{n}"), at=world.at)
    idempotency.begin(form(world, key="edge"), at=world.at + HOUR)
    assert idempotency.purge(before=world.at + HOUR) == 5
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["edge"]
    assert idempotency.purge(before=world.at + HOUR) == 0


def test_an_answer_outlives_two_days():
    assert idempotency.KEEP >= 48 * HOUR


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_takes_the_key_and_the_others_get_its_answer():
    person = User.objects.create_user("one@people.example", given_name="One", family_name="Person")
    start, answers = threading.Barrier(8), []
    one = Form(person.pk, "k", "/", "a" * 64)

    def post():
        start.wait()
        with transaction.atomic():
            answer = begin(one)
            if answer is None:
                idempotency.keep(one, DONE)
            answers.append(answer)
        connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=bool) == [None, *[DONE] * 7]
    assert IdempotencyKey.objects.count() == 1
