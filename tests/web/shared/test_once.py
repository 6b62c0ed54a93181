"""One form, one change: double click, retry, another form's key, a refused form."""

import re
import threading
from html import unescape

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from audit.models import IdempotencyKey
from portfolio.models import Evidence
from tests.assessments.conftest import KEY, sender
from tests.factories.world import A, two_centres
from tests.fixtures import BACKEND
from tests.web.assessor.test_sign_off import complete, prove
from web.shared.idempotency import WHOLE, content_digest, done, once

REASON = "a test looks"
WARNED, GOOD = 30, 25  # levels of messages


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


def reply(client, piece, text, key="k3", **more):
    url = reverse("learner:reply", kwargs={"centre": A, "evidence": piece.public_id})
    return client.post(url, {"idempotency_key": key, "text": text, **more})


def texts(piece):
    return list(piece.replies.order_by("id").values_list("text", flat=True))


def test_another_text_under_the_same_key_is_not_thrown_away(world, as_client):
    """B9, F7: the answer was lost on a bad line, the person edits and presses again."""
    piece, client = sender(world)("LA1"), as_client("LA1")
    assert reply(client, piece, "The first line.").status_code == 303
    second = reply(client, piece, "Another line, typed\nafter Back. <b>")
    page = second.content.decode()
    assert second.status_code == 409
    assert texts(piece) == ["The first line."]
    assert "Another line, typed\nafter Back. &lt;b&gt;</textarea>" in page  # to copy
    there = reverse("learner:feedback_item", kwargs={"centre": A, "evidence": piece.public_id})
    assert f'href="{there}#talk"' in page  # what is saved


def test_what_was_typed_since_can_be_sent_as_well(world, as_client):
    piece, client = sender(world)("LA1"), as_client("LA1")
    reply(client, piece, "The first line.")
    page = reply(client, piece, "The second line.")
    assert client.post(**form_on(page)).status_code == 303
    assert client.post(**form_on(page)).status_code == 303
    assert texts(piece) == ["The first line.", "The second line."]


def form_on(answer):
    """The form that a page of ours offers, as a browser sends it."""
    part = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', answer.content.decode(), re.DOTALL)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', part.group(2))
    return {"path": part.group(1), "data": {name: unescape(text) for name, text in fields}}


def test_the_key_of_another_page_is_not_answered_for_this_one(world, as_client):
    first, second, client = sender(world)("LA1"), sender(world)("LA1"), as_client("LA1")
    assert recall(client, first, key="k").status_code == 303
    answer = recall(client, second, key="k")
    assert answer.status_code == 409
    assert "sent to another page" in answer.content.decode()
    assert (state(first), state(second)) == ("draft", "submitted")


def test_a_turning_token_is_no_other_content(world, as_client):
    piece, client = sender(world)("LA1"), as_client("LA1")
    for token in ("one", "two"):
        assert reply(client, piece, "A line.", csrfmiddlewaretoken=token).status_code == 303
    assert texts(piece) == ["A line."]


def test_a_refusal_that_leads_elsewhere_is_no_success(world, as_client):
    """B9: `_no` answers with a redirect; played again it would read as a green message."""
    piece, client = sender(world)("LA1"), as_client("LA1")
    url = reverse("learner:revise", kwargs={"centre": A, "evidence": piece.public_id})
    for _try in range(2):
        answer = client.post(url, {"idempotency_key": "k"}, follow=True)
        assert [m.level_tag for m in answer.context["messages"]] == ["error"]
    assert not IdempotencyKey.objects.exists()


def test_words_said_again_keep_their_level(world, as_client, rf):
    request = rf.post("/c/1/", {"idempotency_key": "k"})
    request.user, request.session = world.people["LA1"], as_client("LA1").session

    @once
    def view(request):
        messages.warning(request, "Look at this.")
        return done(request, "/there/", "It is done.")

    said = []
    for _try in range(2):
        request._messages = FallbackStorage(request)
        assert view(request)["Location"] == "/there/"
        said.append([(m.level, m.message) for m in request._messages._queued_messages])
    assert said == [[(WARNED, "Look at this."), (GOOD, "It is done.")]] * 2


def test_other_files_are_other_content(rf):
    def digest(name, content):
        request = rf.post("/", {"files": SimpleUploadedFile(name, content), "title": "x"})
        found = content_digest(request)
        assert request.FILES["files"].read() == content, "it is there to be read from the start"
        request.close()
        return found

    large = bytes(3 * WHOLE)
    assert digest("a.txt", b"one") == digest("a.txt", b"one")
    assert (
        len({digest("a.txt", b"one"), digest("a.txt", b"two"), digest("b.txt", b"one"), digest("a.txt", b"ones")}) == 4
    )
    assert len({digest("a.txt", large), digest("a.txt", large[:-1] + b"x"), digest("a.txt", b"x" + large[1:])}) == 3


def test_fields_of_one_name_keep_their_order(rf):
    one, other = (content_digest(rf.post("/", {"unit": units})) for units in (["a", "b"], ["b", "a"]))
    assert one != other


def test_after_proving_who_one_is_the_same_form_goes_through(world, as_client):
    """Abuse 5: a post that only led to the question who it is used the key up, and the same form looped."""
    complete(world)
    client, unit = as_client("AA1"), world.unit("LA1", KEY)
    url = reverse("assessor:sign_off", kwargs={"centre": A, "unit": unit.public_id})
    form = {"declared": "yes", "idempotency_key": "k4"}
    asked = client.post(url, form)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not IdempotencyKey.objects.exists()
    prove(client)
    assert client.post(url, form)["Location"] == url
    unit.refresh_from_db()
    assert unit.state == "assessor_signed"
    assert IdempotencyKey.objects.get().location == url


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
