"""The database away or cut off: 503 in words with a time to come back, never 500; a read is done once more (F10, T22, T23)."""

import json

import pytest
from django.db import connection
from django.urls import reverse

from portfolio.models import Evidence
from tests.assessments.conftest import sender
from tests.factories import portfolio as made
from tests.factories.world import A, two_centres
from tests.faults.conftest import database_away, hangs_up_before, nothing_can_be_written

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
TITLE = "Attest cannot reach its records right now"


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def learner(as_client):
    return as_client("LA1", raise_request_exception=False)


def test_a_page_says_what_happened_what_is_safe_and_what_to_do(learner):
    with database_away():
        answer = learner.get(f"/c/{A}/my/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert TITLE in page
    assert "What was saved before is safe." in page
    assert "Wait half a minute, then try again." in page
    assert answer["X-Request-ID"] in page
    assert f'href="/c/{A}/my/"' in page
    assert learner.get(f"/c/{A}/my/").status_code == 200, "it comes back by itself"


@pytest.mark.parametrize("method", ["get", "head", "post"])
@pytest.mark.parametrize(
    "path", ["/", f"/c/{A}/", f"/c/{A}/my/units/", "/accounts/login/", "/account/", f"/c/{A}/files/x/"]
)
def test_never_500(learner, path, method):
    sent = {"login": "maya@example.org", "password": "x"}
    with database_away():
        assert getattr(learner, method)(path, sent).status_code in {200, 404, 405, 503}


def test_what_was_typed_is_still_there_to_send_again(world, learner):
    piece = sender(world)("LA1")
    url = reverse("learner:reply", kwargs={"centre": A, "evidence": piece.public_id})
    sent = {"text": "A long <line>\nof mine.", "idempotency_key": "k"}
    with database_away():
        answer = learner.post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "What you typed is still in this window." in page
    assert "A long &lt;line&gt;\nof mine.</textarea>" in page
    assert 'name="idempotency_key" value="k"' in page
    assert learner.post(url, sent).status_code == 303
    assert piece.replies.count() == 1


def test_no_password_is_shown_again(client):
    client.raise_request_exception = False
    with database_away():
        answer = client.post("/accounts/login/", {"login": "maya@example.org", "password": "kettle lantern"})
    assert answer.status_code == 503
    assert "kettle" not in answer.content.decode()


def autosave(client, piece):
    url = reverse("learner:autosave", kwargs={"centre": A, "evidence": piece.public_id})
    body = json.dumps({"revision": piece.revision, "fields": {"title": "Kept"}})
    return client.post(url, body, content_type="application/json", headers=SCRIPT)


def test_a_script_is_told_in_its_own_form_and_tries_again(world, learner):
    piece = made.draft(world)
    with database_away():
        answer = autosave(learner, piece)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer.json()["sentence"].startswith(TITLE)
    assert autosave(learner, piece).status_code == 200
    assert made.again(piece).title == "Kept"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Accept": "application/json"}, "application/json"),
        (SCRIPT, "application/json"),
        ({"Accept": "text/html,application/json"}, "text/html"),
        ({**SCRIPT, "HX-Request": "true"}, "text/html"),
        ({}, "text/html"),
    ],
)
def test_who_gets_a_page_and_who_gets_json(learner, headers, kind):
    with database_away():
        answer = learner.get(f"/c/{A}/my/", headers=headers)
    assert answer["Content-Type"].partition(";")[0] == kind
    if kind == "application/json":
        assert answer.json()["sentence"].startswith(TITLE)


def test_the_health_check_says_so_too(client):
    assert client.get("/healthz").status_code == 200
    with database_away():
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["away"]) == (503, "database")
    assert answer["Retry-After"]


# --- cut off in the middle


def test_a_read_is_done_again_on_a_new_connection(world, learner):
    piece = made.draft(world)
    url = reverse("learner:evidence", kwargs={"centre": A, "evidence": piece.public_id})
    with hangs_up_before('FROM "portfolio_evidence"') as happened:
        answer = learner.get(url)
    assert (answer.status_code, len(happened)) == (200, 1)


def test_so_is_finding_out_who_asks(learner):
    with hangs_up_before('FROM "centres_membership"') as happened:
        assert learner.get(f"/c/{A}/my/").status_code == 200
    assert len(happened) == 1


def test_cut_off_twice_before_anybody_is_in_it_is_said(learner):
    with hangs_up_before('FROM "centres_membership"', times=2) as happened:
        assert learner.get(f"/c/{A}/my/").status_code == 503
    assert len(happened) == 2


def test_cut_off_twice_it_is_said(world, learner):
    piece = made.draft(world)
    url = reverse("learner:evidence", kwargs={"centre": A, "evidence": piece.public_id})
    with hangs_up_before('FROM "portfolio_evidence"', times=2) as happened:
        answer = learner.get(url)
    assert (answer.status_code, len(happened)) == (503, 2)


def test_a_form_is_not_done_again_and_nothing_of_it_is_kept(world, learner):
    piece = sender(world)("LA1")
    url = reverse("learner:reply", kwargs={"centre": A, "evidence": piece.public_id})
    sent = {"text": "A line.", "idempotency_key": "k"}
    with hangs_up_before('INSERT INTO "assessments_reply"') as happened:
        answer = learner.post(url, sent)
    assert (answer.status_code, len(happened)) == (503, 1)
    assert piece.replies.count() == 0
    assert learner.post(url, sent).status_code == 303
    assert piece.replies.count() == 1


def test_a_read_that_had_written_is_not_done_again(world, as_client):
    piece = sender(world)("LA1")
    client = as_client("AA1", raise_request_exception=False)
    url = f"/c/{A}/assess/evidence/{piece.public_id}/"
    with hangs_up_before('FROM "assessments_feedbackdraft"') as happened:
        assert client.get(url).status_code == 503  # that somebody is here was written before
    assert len(happened) == 1
    assert client.get(url).status_code == 200


def test_too_many_connections_are_no_fault_of_a_page(learner):
    """What the server says then comes while connecting, as when it starts or stops."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections to run out of")
    own, kept = connection.settings_dict, connection.settings_dict["NAME"]
    connection.close()
    own["NAME"] = "no_such_database_here"
    try:
        assert learner.get(f"/c/{A}/my/").status_code == 503
    finally:
        own["NAME"] = kept
        connection.close()


# --- nothing can be written


def test_typed_text_is_kept_where_nothing_can_be_written(world, learner):
    piece = sender(world)("LA1")
    url = reverse("learner:reply", kwargs={"centre": A, "evidence": piece.public_id})
    with nothing_can_be_written():
        answer = learner.post(url, {"text": "A long line of mine.", "idempotency_key": "k"})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (507, "60")
    assert "Attest cannot save anything right now" in page
    assert "You can go on reading." in page
    assert "A long line of mine." in page
    assert piece.replies.count() == 0


def test_a_script_hears_507(world, learner):
    piece = made.draft(world)
    with nothing_can_be_written():
        answer = autosave(learner, piece)
    assert (answer.status_code, answer["Retry-After"]) == (507, "60")
    assert "no room" in answer.json()["sentence"]
    assert made.again(piece).title != "Kept"


def test_reading_goes_on_and_the_assess_page_says_that_judging_waits(world, as_client):
    piece = sender(world)("LA1")
    client = as_client("AA1")
    url = f"/c/{A}/assess/evidence/{piece.public_id}/"
    words = "You can read this, but not decide it now"
    with nothing_can_be_written():
        answer = client.get(url)
        assert answer.status_code == 200
        assert words in answer.content.decode()
        shown = client.post(f"{url}shown/", {"version": 1, "file": ""}, headers={"X-Requested-With": "fetch"})
        assert shown.status_code == 507
        assert client.get(f"/c/{A}/assess/").status_code == 200
    assert words not in client.get(url).content.decode()


def test_a_denial_is_a_denial_where_it_cannot_be_written(world, learner, caplog):
    with nothing_can_be_written():
        assert learner.get(f"/c/{A}/assess/").status_code == 403
        assert learner.get(f"/c/{A}/my/evidence/{'0' * 26}/").status_code == 404
    assert sum("denied, not recorded" in line for line in caplog.messages) == 2


def test_a_database_that_is_full(world, learner):
    """SQLite's own limit of its file: "database or disk is full"."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL says it with a code: tests/common/test_outages.py")
    piece, before = made.draft(world), Evidence.objects.across_centres(reason="a test counts").count()
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            url = reverse("learner:autosave", kwargs={"centre": A, "evidence": piece.public_id})
            body = json.dumps({"revision": piece.revision, "fields": {"body": "word " * 10_000}})
            answer = learner.post(url, body, content_type="application/json", headers=SCRIPT)
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    assert answer.status_code == 507
    assert made.again(piece).body != "word " * 10_000
    assert Evidence.objects.across_centres(reason="a test counts").count() == before
