"""A host of their own for files: handed over for sixty seconds, and decided again when used (A07, E02)."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings as product
from django.test import Client, override_settings

from audit.models import Event
from centres.models import Allocation
from common import clock
from tests.factories import files
from tests.web.files.conftest import body_of

HOST = "files.example"
ORIGIN = f"http://{HOST}"
ONLY_FILES = "web.files.middleware.only_files"


@pytest.fixture(autouse=True)
def own_host():
    middleware = [ONLY_FILES, *(m for m in product.MIDDLEWARE if m != ONLY_FILES)]
    with override_settings(
        FILES_ORIGIN=ORIGIN,
        ALLOWED_HOSTS=["testserver", HOST],
        ROOT_URLCONF="tests.web.files.urls_with_host",
        MIDDLEWARE=middleware,
    ):
        yield


@pytest.fixture
def hand_over(as_client):
    """`hand_over("AA1", address)` → the path of the ticket on the files' host."""

    def ask(who, address):
        response = as_client(who).get(address)
        assert response.status_code == 302, response.content
        assert response["Location"].startswith(f"{ORIGIN}/handed/")
        assert response["Cache-Control"] == "private, no-store"
        return response["Location"].removeprefix(ORIGIN)

    return ask


def there(path, host=HOST, **options):
    return Client(headers={"host": host}).get(path, **options)


def test_a_file_is_handed_over_and_arrives(hand_over, photo, original, preview):
    response = there(hand_over("AA1", original(photo)))
    assert (response.status_code, body_of(response)) == (200, files.jpeg())
    assert response["Cross-Origin-Resource-Policy"] == "same-site"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Disposition"].startswith("attachment")
    assert not response.cookies
    assert Event.objects.filter(action="file.opened").count() == 1
    shown = there(hand_over("AA1", preview(photo)))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    part = there(hand_over("AA1", preview(photo)), headers={"Range": "bytes=0-2"})
    assert (part.status_code, body_of(part)) == (206, b"\xff\xd8\xff")


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (59, 200), (61, 404), (3600, 404)])
def test_a_ticket_lives_for_sixty_seconds(hand_over, photo, original, seconds, status):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        path = hand_over("AA1", original(photo))
        traveller.shift(dt.timedelta(seconds=seconds))
        assert there(path).status_code == status


def test_a_ticket_that_was_changed_is_none(hand_over, photo, original):
    path = hand_over("AA1", original(photo))
    assert there(path[:-3] + "xy/").status_code == 404
    assert there("/handed/x/").status_code == 404
    assert there("/handed/a:b:c/").status_code == 404


def test_what_ended_meanwhile_has_ended(world, hand_over, photo, original):
    path = hand_over("AA1", original(photo))
    Allocation.objects.for_centre(photo.centre_id).update(ends_on=world.today - dt.timedelta(days=1))
    assert there(path).status_code == 404


def test_the_place_is_kept_back_there_too(hand_over, beach, original):
    assert b"Exif" not in body_of(there(hand_over("AA1", original(beach))))
    assert body_of(there(hand_over("LA1", original(beach)))) == files.jpeg(gps=True)


def test_nobody_is_handed_what_is_not_theirs(as_client, photo, original, preview):
    for who in ("LA2", "AA2", "CA", "LB1"):
        for address in (original(photo), preview(photo)):
            assert as_client(who).get(address).status_code == 404


#: The same host as browsers and proxies write it; on which port it listens says nothing about which host it is.
SAME_HOST = (HOST, f"{HOST}:8443", "FILES.example", "files.example.", "files.example.:80")


@pytest.mark.parametrize("host", SAME_HOST)
def test_on_that_host_there_is_nothing_else(photo, original, host):
    for path in ("/", "/accounts/login/", "/healthz", original(photo), "/static/x.js", "/handed/", "/handed/a/b/"):
        response = there(path, host)
        assert (response.status_code, response.cookies) == (404, {}), path
        assert b"<" not in response.content  # no page of ours, not even one that says no


@pytest.mark.parametrize("origin", [f"https://{HOST}:8443", f"https://{HOST}", "https://FILES.example:8443"])
@pytest.mark.parametrize("host", SAME_HOST)
def test_a_ticket_is_good_whatever_the_port(as_client, photo, preview, origin, host):
    with override_settings(FILES_ORIGIN=origin):
        given = as_client("AA1").get(preview(photo))["Location"]
        assert given.startswith(f"{origin}/handed/")
        assert there(given.removeprefix(origin), host).status_code == 200
        assert there(preview(photo), host).status_code == 404


@pytest.mark.parametrize("host", ["testserver", "testserver:8443", "xfiles.example", "files.example.org"])
def test_another_host_is_not_the_files_host(hand_over, photo, original, host):
    with override_settings(ALLOWED_HOSTS=["testserver", HOST, "xfiles.example", "files.example.org"]):
        assert there(hand_over("AA1", original(photo)), host).status_code == 404
        assert there("/accounts/login/", host).status_code == 200


def test_a_ticket_is_no_use_on_the_first_host(hand_over, photo, original):
    assert Client().get(hand_over("AA1", original(photo))).status_code == 404


def test_without_such_a_host_files_come_straight_and_tickets_are_nothing(as_client, hand_over, photo, original):
    path = hand_over("AA1", original(photo))
    with override_settings(FILES_ORIGIN=""):
        assert as_client("AA1").get(original(photo)).status_code == 200
        assert Client().get(path).status_code == 404
