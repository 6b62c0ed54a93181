"""Two acts that met in the database: the one that was broken off is done again, once, and never ends as a 500."""

import json
import threading
from importlib import import_module
from pathlib import Path

import pytest
from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Reply
from audit.models import IdempotencyKey
from centres.models import Centre
from common import contention
from portfolio.models import Evidence, EvidenceFile
from tests.assessments.conftest import sender
from tests.factories import files
from tests.factories import portfolio as made
from tests.factories.world import A, two_centres
from tests.fixtures import BACKEND
from web.shared import retrying

draft, feedback, item = (import_module(f"web.learner.views.{name}") for name in ("draft", "feedback", "item"))
LOOK = "a test looks"
MET = ["deadlock detected", "could not serialize access due to concurrent update", "database is locked"]


def failing(monkeypatch, module, name, times, *, words=MET[0], after=False):
    """Let a service be broken off so many times, before or after it did its work; return the list of its calls."""
    real, calls = getattr(module, name), []

    def service(**given):
        calls.append(given)
        if len(calls) > times:
            return real(**given)
        if after:
            with transaction.atomic():
                real(**given)
                raise OperationalError(words)
        raise OperationalError(words)

    monkeypatch.setattr(module, name, service)
    return calls


def reply(client, piece, text="A line.", **more):
    url = reverse("learner:reply", kwargs={"centre": A, "evidence": piece.public_id})
    return client.post(url, {"text": text, "idempotency_key": "k", **more})


@pytest.mark.parametrize("words", MET)
@pytest.mark.parametrize("after", [False, True])
def test_once_broken_off_it_is_done_again_and_said_once(world, as_client, monkeypatch, words, after):
    piece, client = sender(world)("LA1"), as_client("LA1")
    calls = failing(monkeypatch, feedback, "answer", 1, words=words, after=after)
    answer = reply(client, piece)
    assert (answer.status_code, len(calls)) == (303, 2)
    assert piece.replies.count() == 1
    page = client.get(answer["Location"])
    assert [str(m) for m in page.context["messages"]] == ["Your answer is sent."]


def test_broken_off_twice_it_is_said_in_plain_words_and_nothing_is_lost(world, as_client, monkeypatch):
    piece, client = sender(world)("LA1"), as_client("LA1")
    calls = failing(monkeypatch, feedback, "answer", 2)
    answer = reply(client, piece, "A long <line>\nof mine.")
    page = answer.content.decode()
    assert (answer.status_code, len(calls)) == (503, 2)
    assert int(answer["Retry-After"]) > 0
    assert "Nothing is lost and nothing was changed." in page
    assert "A long &lt;line&gt;\nof mine.</textarea>" in page
    assert not IdempotencyKey.objects.exists()
    assert 'name="idempotency_key" value="k"' in page  # the button sends the same form under the same key
    assert reply(client, piece, "A long <line>\nof mine.").status_code == 303


def test_a_fault_is_no_meeting(world, as_client, monkeypatch):
    piece, client = sender(world)("LA1"), as_client("LA1", raise_request_exception=False)
    calls = failing(monkeypatch, feedback, "answer", 1, words="no such column: x")
    assert reply(client, piece).status_code == 500
    assert len(calls) == 1


def test_a_form_without_a_key_is_done_again_as_well(world, as_client, monkeypatch):
    piece, client = sender(world)("LA1"), as_client("LA1")
    failing(monkeypatch, feedback, "answer", 1)
    assert reply(client, piece, idempotency_key="").status_code == 303
    assert piece.replies.count() == 1


def autosave(client, piece):
    url = reverse("learner:autosave", kwargs={"centre": A, "evidence": piece.public_id})
    body = json.dumps({"revision": piece.revision, "fields": {"title": "Kept"}})
    return client.post(url, body, content_type="application/json")


def test_a_view_outside_of_once_is_done_again(world, as_client, monkeypatch):
    piece, client = made.draft(world), as_client("LA1")
    calls = failing(monkeypatch, draft, "save_draft", 1)
    assert autosave(client, piece).status_code == 200
    assert len(calls) == 2
    assert made.again(piece).title == "Kept"


def test_a_script_is_told_in_its_own_form(world, as_client, monkeypatch):
    piece, client = made.draft(world), as_client("LA1")
    calls = failing(monkeypatch, draft, "save_draft", 2)
    answer = autosave(client, piece)
    assert (answer.status_code, len(calls)) == (503, 2)
    assert answer["Retry-After"]
    assert answer.json()["sentence"] == "Many people are saving just now. It is tried again soon."


def test_what_the_second_try_finds_is_what_the_first_would_have(world, as_client, monkeypatch):
    """The second run of a view is answered like any run: not found is 404, a refusal its page."""
    piece, client = made.draft(world), as_client("LA1")
    calls = failing(monkeypatch, draft, "save_draft", 1)
    real = draft.own_evidence
    monkeypatch.setattr(draft, "own_evidence", lambda *a: real(*a) if not calls else real(a[0], "gone"))
    assert autosave(client, piece).status_code == 404


def add(client, **given):
    url = reverse("learner:add", kwargs={"centre": A})
    photo = SimpleUploadedFile("photo.jpg", files.jpeg())
    return client.post(url, {"kind": "media", "title": "New", "idempotency_key": "k", "files": photo, **given})


def test_files_come_along_the_second_time(world, as_client, monkeypatch):
    client = as_client("LA1")
    failing(monkeypatch, draft, "begin_item", 1)
    assert add(client).status_code == 303
    row = EvidenceFile.objects.across_centres(reason=LOOK).get()
    assert (row.name, row.size) == ("photo.jpg", len(files.jpeg()))


@pytest.mark.parametrize("after", [False, True])
def test_a_file_that_met_something_is_taken_again(world, as_client, monkeypatch, after):
    """Its words are kept already: only the file is done again, also one whose first try has moved it away."""
    failing(monkeypatch, draft, "receive_file", 1, after=after)
    assert add(as_client("LA1")).status_code == 303
    assert EvidenceFile.objects.across_centres(reason=LOOK).get().size == len(files.jpeg())
    assert Evidence.objects.across_centres(reason=LOOK).filter(title="New").count() == 1


def test_a_file_that_met_something_twice_is_named_and_the_words_stay(world, as_client, monkeypatch):
    failing(monkeypatch, draft, "receive_file", 2)
    answer = add(as_client("LA1"))
    assert answer.status_code == 303
    assert Evidence.objects.across_centres(reason=LOOK).filter(title="New").count() == 1
    page = answer.client.get(answer["Location"])
    assert [str(m) for m in page.context["messages"]] == ["photo.jpg could not be kept just now. Add it again."]


def test_a_file_that_was_moved_away_can_be_read_from_its_start(tmp_path):
    given = TemporaryUploadedFile("film.mp4", "video/mp4", 4, None)
    given.write(b"film")
    given.read()
    Path(given.temporary_file_path()).replace(tmp_path / "kept")
    again = retrying.readable(given)
    assert (again.read(), again.name, again.size) == (b"film", "film.mp4", 4)
    assert not hasattr(again, "temporary_file_path")
    again.close()


def test_session_and_messages_begin_where_the_first_try_began(rf, as_client, world, monkeypatch):
    """A first try that took something out of the session or said something has not happened."""
    client, piece = as_client("LA1"), sender(world)("LA1")
    real, seen = item.recall_evidence, []

    def recall(**given):
        request = asked[-1]
        seen.append(dict(request.session.items()).get("note"))
        request.session["note"] = "taken"
        if len(seen) == 1:
            messages.warning(request, "from the first try")
            raise OperationalError(MET[2])
        return real(**given)

    asked, acted = [], item._acted
    monkeypatch.setattr(item, "recall_evidence", recall)
    monkeypatch.setattr(item, "_acted", lambda request, *rest: asked.append(request) or acted(request, *rest))
    url = reverse("learner:recall", kwargs={"centre": A, "evidence": piece.public_id})
    page = client.post(url, {"idempotency_key": "k"}, follow=True)
    assert seen == [None, None]
    assert [str(m) for m in page.context["messages"]] == ["You have it back. Nothing is lost."]


class DriverError(Exception):
    def __init__(self, **codes):
        super().__init__("driver")
        vars(self).update(codes)


@pytest.mark.parametrize(
    ("codes", "met"),
    [
        ({"pgcode": "40P01"}, True),
        ({"pgcode": "40001"}, True),
        ({"pgcode": "55P03"}, True),
        ({"pgcode": "23505"}, False),
        ({"pgcode": "57P01"}, False),
        ({"sqlite_errorcode": 5}, True),
        ({"sqlite_errorcode": 517}, True),  # busy, the snapshot is old
        ({"sqlite_errorcode": 6}, True),
        ({"sqlite_errorcode": 1}, False),
        ({}, False),
    ],
)
def test_what_counts_as_a_meeting(codes, met):
    error = OperationalError("something")
    error.__cause__ = DriverError(**codes)
    assert contention.met(error) is met


def test_only_errors_of_the_database_are_meetings():
    assert not contention.met(RuntimeError("deadlock detected"))
    assert not contention.met(None)
    assert not contention.met(IntegrityError("deadlock?"))
    assert contention.met(DatabaseError("database is locked"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one writer in at a time: nobody waits crosswise"
)
def test_a_real_deadlock_ends_well_for_both(monkeypatch):
    """Two learners of two pieces, each act holding what the other wants next: PostgreSQL breaks one of them off."""
    world = two_centres()
    pieces = {who: sender(world)(who) for who in ("LA1", "LA2")}
    barrier, tries, real = threading.Barrier(2, timeout=20), [], feedback.answer
    numbers = list(Centre.objects.order_by("number").values_list("number", flat=True))
    order = {"LA1": numbers, "LA2": numbers[::-1]}

    def crosswise(**given):
        who = next(w for w, p in pieces.items() if p.pk == given["evidence"].pk)
        tries.append(who)
        first, second = order[who]
        Centre.objects.select_for_update().get(number=first)
        if tries.count(who) == 1:
            barrier.wait()
        Centre.objects.select_for_update().get(number=second)
        return real(**given)

    monkeypatch.setattr(feedback, "answer", crosswise)
    answers = {}

    def act(who):
        client = Client()
        client.force_login(world.people[who], backend=BACKEND)
        try:
            answers[who] = reply(client, pieces[who]).status_code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(who,)) for who in pieces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {"LA1": 303, "LA2": 303}
    assert len(tries) == 3, "one of the two was done again"
    assert Reply.objects.across_centres(reason=LOOK).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a writer of PostgreSQL waits for the row, not for the file")
def test_a_locked_file_is_waited_for_and_then_told(monkeypatch):
    """Somebody holds the database for longer than a writer waits: done again, then 503, and stored once it is free."""
    world = two_centres()
    piece = sender(world)("LA1")
    client = Client()
    client.force_login(world.people["LA1"], backend=BACKEND)
    held, free = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            held.set()
            free.wait(30)
        connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 200")
    keeper = threading.Thread(target=hold)
    keeper.start()
    held.wait(10)
    try:
        answer = reply(client, piece)
    finally:
        free.set()
        keeper.join()
    assert answer.status_code == 503
    assert reply(client, piece).status_code == 303
    assert Reply.objects.across_centres(reason=LOOK).count() == 1
