"""One form, one change: double click, retry, another form's key, a refused form."""

import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from audit.models import IdempotencyKey
from portfolio.models import Evidence
from tests.assessments.conftest import sender
from tests.factories.world import A, two_centres
from tests.fixtures import BACKEND

REASON = "a test looks"


def recall(client, piece, key="k1"):
    url = reverse("learner:recall", kwargs={"centre": A, "evidence": piece.public_id})
    return client.post(url, {"idempotency_key": key})


def state(piece):
    piece.refresh_from_db()
    return piece.state


def test_a_form_sent_twice_gets_the_first_answer_twice(world, as_client):
    piece, client = sender(world)("LA1"), as_client("LA1")
    first, second = recall(client, piece), recall(client, piece)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert state(piece) == "draft"
    assert IdempotencyKey.objects.count() == 1


def test_the_same_key_of_another_person_is_another_key(world, as_client):
    mine, theirs = sender(world)("LA1"), sender(world)("LA2")
    recall(as_client("LA1"), mine)
    recall(as_client("LA2"), theirs)
    assert state(mine) == state(theirs) == "draft"
    assert IdempotencyKey.objects.count() == 2


def test_a_refused_form_gives_its_key_back(world, as_client):
    piece, client = sender(world)("LA1"), as_client("LA1")
    url = reverse("learner:reply", kwargs={"centre": A, "evidence": piece.public_id})
    refused = client.post(url, {"idempotency_key": "k2", "text": " "})
    assert refused.status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert client.post(url, {"idempotency_key": "k2", "text": "Here it is."}).status_code == 303
    assert client.post(url, {"idempotency_key": "k2", "text": "Here it is."}).status_code == 303
    assert piece.replies.count() == 1


def test_a_form_without_a_key_still_works(world, as_client):
    piece = sender(world)("LA1")
    assert recall(as_client("LA1"), piece, key="").status_code == 303
    assert state(piece) == "draft"
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_t01_two_clicks_at_once_change_once_and_get_the_same_answer():
    world = two_centres()
    piece = sender(world)("LA1")
    barrier, answers = threading.Barrier(2), []

    def click():
        client = Client()
        client.force_login(world.people["LA1"], backend=BACKEND)
        barrier.wait()
        try:
            answers.append(recall(client, piece))
        finally:
            connections[connection.alias].close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    rows = Evidence.objects.across_centres(reason=REASON).filter(pk=piece.pk)
    assert rows.get().state == "draft"
    assert IdempotencyKey.objects.count() == 1
