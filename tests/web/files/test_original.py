"""Originals: whole, in parts, without the place for others, and never altered ones."""

import datetime as dt
import tracemalloc

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile

from audit.models import Event
from centres.models import Allocation, Membership
from common import clock
from common.storing import local_path
from portfolio.models import EvidenceFile
from portfolio.services import receive_file
from tests.factories import files
from tests.factories import portfolio as make
from tests.factories.world import CAST
from tests.web.files.conftest import body_of

JPEG = files.jpeg()
OTHERS = ("LA2", "LA3", "AA2", "AT1", "CA", "DUO", "LB1", "AB1", "QB", "CB")


def centre_of(who):
    """The number of somebody's first centre."""
    return CAST[who][0][0]


def harmless(response, cache="private, no-store"):
    """Every answer that carries, or could carry, somebody's bytes (E01)."""
    return {
        "nosniff": response["X-Content-Type-Options"] == "nosniff",
        "policy": response["Content-Security-Policy"] == "sandbox; default-src 'none'",
        "place": response["Cross-Origin-Resource-Policy"] == "same-origin",
        "cache": response["Cache-Control"] == cache,
        "named": "filename*=UTF-8''" in response["Content-Disposition"],
        "frames": response["X-Frame-Options"] == "DENY",
    } == dict.fromkeys(("nosniff", "policy", "place", "cache", "named", "frames"), True)


@pytest.mark.parametrize("who", ["LA1", "AA1", "QA", "EA"])
def test_those_who_may_get_it_whole_as_an_attachment(as_client, photo, original, who):
    response = as_client(who).get(original(photo))
    assert response.status_code == 200
    assert body_of(response) == JPEG
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(len(JPEG))
    assert response["Content-Disposition"].startswith('attachment; filename="photo.jpg"')
    assert response["Accept-Ranges"] == "bytes"
    assert harmless(response)


@pytest.mark.parametrize("who", OTHERS)
def test_for_everybody_else_it_is_not_there(as_client, photo, original, preview, who):
    centre = centre_of(who)
    client = as_client(who)
    unknown = original(photo, centre).replace(photo.public_id, "0" * 26)
    expected = client.get(unknown)
    for address in (original(photo), original(photo, centre), preview(photo), preview(photo, "image", centre)):
        for ask in (client.get, client.head):
            assert ask(address).status_code == 404
    foreign = client.get(original(photo, centre))
    assert (foreign.status_code, foreign.content) == (expected.status_code, expected.content)
    assert set(foreign.headers) == set(expected.headers)
    ranged = client.get(original(photo), headers={"Range": "bytes=0-9"})
    assert ranged.status_code == 404
    assert Event.objects.filter(outcome="denied", object_id=photo.public_id).exists()
    assert not Event.objects.filter(action="file.opened").exists()


def test_signed_out_there_is_only_the_way_to_sign_in(client, photo, original):
    response = client.get(original(photo))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/")
    assert client.get(original(photo), headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_files_are_only_read(as_client, photo, original, preview, method):
    client = as_client("LA1")
    for address in (original(photo), preview(photo)):
        assert getattr(client, method)(address).status_code == 405


def test_the_head_is_the_head_of_the_whole(as_client, photo, original):
    response = as_client("AA1").head(original(photo))
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(JPEG))
    assert harmless(response)
    assert not Event.objects.filter(action="file.opened").exists()


# --- parts


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=100-", (100, len(JPEG))),
        ("bytes=-7", (len(JPEG) - 7, len(JPEG))),
    ],
)
def test_a_part_is_handed_out_alone(as_client, photo, original, asked, part):
    start, end = part
    response = as_client("LA1").get(original(photo), headers={"Range": asked})
    assert response.status_code == 206
    assert body_of(response) == JPEG[start:end]
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(JPEG)}"
    assert response["Content-Length"] == str(end - start)
    assert harmless(response)


def test_a_head_of_a_part_has_its_length(as_client, photo, original):
    response = as_client("LA1").head(original(photo), headers={"Range": "bytes=0-9"})
    assert (response.status_code, response.content, response["Content-Length"]) == (206, b"", "10")


def test_a_part_behind_the_end_is_416(as_client, photo, original):
    response = as_client("LA1").get(original(photo), headers={"Range": f"bytes={len(JPEG)}-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(JPEG)}"
    assert harmless(response)


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "bytes=x", "lines=1-2"])
def test_what_is_no_single_range_gets_the_whole(as_client, photo, original, asked):
    response = as_client("LA1").get(original(photo), headers={"Range": asked})
    assert (response.status_code, len(body_of(response))) == (200, len(JPEG))


def test_a_part_of_another_state_is_not_mixed_in(as_client, photo, original):
    client = as_client("LA1")
    same = client.get(original(photo))["ETag"]
    assert same == f'"{photo.sha256}"'
    held = {"Range": "bytes=0-9", "If-Range": same}
    assert client.get(original(photo), headers=held).status_code == 206
    for other in ('"something else"', "Wed, 21 Oct 2015 07:28:00 GMT", f"W/{same}"):
        response = client.get(original(photo), headers={"Range": "bytes=0-9", "If-Range": other})
        assert (response.status_code, len(body_of(response))) == (200, len(JPEG))


# --- names


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ('a"; x="b.jpg', "filename*=UTF-8''a%22%3B%20x%3D%22b.jpg"),
        ("Quittung für Jo.jpg", "filename*=UTF-8''Quittung%20f%C3%BCr%20Jo.jpg"),
        ("cv\u202egpj.jpg", "filename*=UTF-8''cvgpj.jpg"),
        ("a\r\nX-Evil: 1.jpg", "filename*=UTF-8''a%20X-Evil%3A%201.jpg"),
        ("🧾.jpg", "filename*=UTF-8''%F0%9F%A7%BE.jpg"),
    ],
)
def test_any_name_is_one_safe_header(world, as_client, original, name, said):
    file = make.with_file(world, make.draft(world, kind="media"), name=name)
    header = as_client("LA1").get(original(file))["Content-Disposition"]
    assert said in header
    assert "\n" not in header
    assert header.isascii()


# --- rights end at once


def test_the_next_request_after_the_caseload_ended_finds_nothing(world, as_client, photo, original):
    client = as_client("AA1")
    assert client.get(original(photo)).status_code == 200
    Allocation.objects.for_centre(photo.centre_id).update(ends_on=world.today - dt.timedelta(days=1))
    assert client.get(original(photo)).status_code == 404


def test_nor_after_the_role_or_the_account_ended(world, as_client, photo, original):
    client = as_client("LA1")
    Membership.objects.for_centre(photo.centre_id).filter(person=world.people["LA1"]).update(
        ends_on=world.today - dt.timedelta(days=1)
    )
    assert client.get(original(photo)).status_code == 404
    other = as_client("AA1")
    world.people["AA1"].is_active = False
    world.people["AA1"].save(update_fields=["is_active"])
    assert other.get(original(photo)).status_code == 302


# --- the place


def test_its_learner_gets_the_photo_as_it_came(as_client, beach, original):
    assert body_of(as_client("LA1").get(original(beach))) == files.jpeg(gps=True)


@pytest.mark.parametrize("who", ["AA1", "QA", "EA"])
def test_others_get_a_copy_without_the_place_and_its_name_says_so(as_client, beach, original, who):
    response = as_client(who).get(original(beach))
    content = body_of(response)
    assert response.status_code == 200
    assert content[:3] == b"\xff\xd8\xff"
    assert b"Exif" not in content
    assert content != files.jpeg(gps=True)
    assert "beach%20%28copy%20without%20the%20place%29.jpg" in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment")
    assert harmless(response)
    part = as_client(who).get(original(beach), headers={"Range": "bytes=0-99"})
    assert body_of(part) == content[:100]


def test_a_film_is_handed_to_others_without_the_place(world, as_client, original):
    piece = make.draft(world, kind="media")
    film = make.with_file(world, piece, name="till.mp4", content=files.mp4(gps=True))
    make.choose(world, piece)
    make.send(world, piece)
    content = body_of(as_client("AA1").get(original(film)))
    assert content[4:8] == b"ftyp"
    assert b"loci" not in content
    assert b"50.0425" not in content


def test_while_there_is_no_copy_others_wait(world, as_client, beach, original):
    beach.previews.all().delete()
    response = as_client("AA1").get(original(beach))
    assert response.status_code == 409
    assert "copy without the place is not ready" in response.content.decode()


# --- altered bytes


@pytest.fixture
def alter(photo):
    path = local_path(default_storage, photo.storage_key)
    if path is None:
        pytest.skip("the objects of an S3 store are not files here")

    def change():
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    return change


def test_altered_bytes_are_not_handed_out_and_it_is_noted(as_client, photo, original, alter):
    alter()
    response = as_client("AA1").get(original(photo))
    assert response.status_code == 409
    assert "not as it was when it came in" in response.content.decode()
    event = Event.objects.get(action="file.altered")
    assert (event.object_id, event.facts) == (photo.public_id, {"sha256": photo.sha256})
    assert not Event.objects.filter(action="file.opened").exists()


def test_a_missing_object_is_noted_too(as_client, photo, original):
    default_storage.delete(photo.storage_key)
    assert as_client("LA1").get(original(photo)).status_code == 409
    assert Event.objects.filter(action="file.altered").count() == 1


# --- who took it


def test_staff_who_take_it_are_noted_and_its_learner_is_not(world, as_client, photo, original):
    body_of(as_client("LA1").get(original(photo)))
    assert not Event.objects.filter(action="file.opened").exists()
    client = as_client("AA1")
    client.get(original(photo))
    event = Event.objects.get(action="file.opened")
    assert (event.person_id, event.object_id) == (world.people["AA1"].pk, photo.public_id)
    client.get(original(photo), headers={"Range": "bytes=0-"})
    assert Event.objects.filter(action="file.opened").count() == 2
    client.get(original(photo), headers={"Range": "bytes=500-"})
    assert Event.objects.filter(action="file.opened").count() == 2


# --- other sites, odd addresses, cost


def test_it_is_no_picture_on_another_site(as_client, photo, original, preview):
    client = as_client("LA1")
    for address in (original(photo), preview(photo)):
        other = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
        assert client.get(address, headers=other).status_code == 403
        link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert client.get(address, headers=link).status_code == 200
        assert client.get(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("name", ["0" * 26, "..%2f..%2fetc%2fpasswd", "%00", "1", "'", "a" * 3000])
def test_odd_ids_are_not_found(as_client, photo, name):
    client = as_client("LA1")
    for address in (f"/c/10001/files/{name}/", f"/c/10001/files/preview/{name}/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("header", ["X-Accel-Redirect", "X-Sendfile", "X-Centre", "X-Forwarded-User"])
def test_headers_of_the_client_open_nothing(as_client, photo, original, header):
    response = as_client("LA2").get(original(photo), headers={header: photo.storage_key})
    assert response.status_code == 404
    assert header not in response


def test_what_a_download_costs(as_client, photo, original, preview, django_assert_max_num_queries):
    client = as_client("AA1")
    client.get(preview(photo))
    with django_assert_max_num_queries(8):
        assert client.get(preview(photo)).status_code == 200
    with django_assert_max_num_queries(10):
        assert client.get(original(photo)).status_code == 200


def test_a_long_file_goes_out_in_small_pieces(world, as_client, original, room):
    """48 MiB in at most 3 MiB of memory, checked against its hash first."""
    size = 48 * 1024 * 1024
    piece = make.draft(world, kind="media")
    with TemporaryUploadedFile("long.wav", "", size, None) as given:
        for _n in range(48):
            given.write(b"\x5a" * 1024 * 1024)
        given.seek(0)
        row = receive_file(actor=world.actor("LA1"), evidence=piece, name="long.wav", content=given, at=clock.now())
    client = as_client("LA1")
    client.get(original(row), headers={"Range": "bytes=0-1"})
    tracemalloc.start()
    response = client.get(original(row))
    total, largest = 0, 0
    for part in response.streaming_content:
        total, largest = total + len(part), max(largest, len(part))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk).delete()
    default_storage.delete(row.storage_key)
    assert (total, largest) == (size, 64 * 1024)
    assert peak < 3 * 1024 * 1024
