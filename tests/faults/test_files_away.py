"""Files that cannot be kept, and files that are gone or altered: said on every way to them (F10, F11, T26 to T28)."""

import errno
import io
import os

import pytest
from django.core import mail
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Event
from common.storing import local_path
from jobs.models import Job
from portfolio.models import Evidence, EvidenceFile
from tests.factories import files
from tests.factories import portfolio as made
from tests.web.files.conftest import body_of, original, photo, preview
from tests.web.learner.conftest import MY

__all__ = ["original", "photo", "preview"]  # fixtures
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
JPEG = files.jpeg()


class Full(FileSystemStorage):
    """A folder of files on a disk that takes no more."""

    def _save(self, *_given):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class ReadOnly(FileSystemStorage):
    """A folder of files on a disk that may only be read."""

    def _save(self, *_given):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))


@pytest.fixture
def stored_in(settings):
    def put(kind, **options):
        storage = {"BACKEND": f"{__name__}.{kind}", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": storage}

    return put


def away(port):
    return {
        "bucket_name": "b",
        "endpoint_url": f"http://127.0.0.1:{port}",
        "access_key": "a",
        "secret_key": "b",
        "region_name": "eu",
    }


def send(client, piece, name="photo.jpg", headers=SCRIPT):
    url = reverse("files:upload", args=["10001", piece.public_id])
    return client.post(url, {"file": SimpleUploadedFile(name, JPEG, "image/jpeg")}, headers=headers)


@pytest.mark.parametrize("kind", ["Full", "ReadOnly"])
def test_a_file_that_cannot_be_kept_is_still_on_the_device(world, as_client, stored_in, kind, tmp_path):
    piece, client = made.draft(world, kind="media"), as_client("LA1", raise_request_exception=False)
    stored_in(kind, location=str(tmp_path))
    answer = send(client, piece)
    assert (answer.status_code, answer["Retry-After"]) == (507, "60")
    assert "your files are still here" in answer.json()["sentence"]
    assert not EvidenceFile.objects.across_centres(reason="a test counts").filter(evidence=piece).exists()
    assert list(tmp_path.rglob("*.*")) == []


def test_a_store_that_is_away_says_so(world, as_client, settings, free):
    piece, client = made.draft(world, kind="media"), as_client("LA1", raise_request_exception=False)
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": away(free)}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    answer = send(client, piece)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Yours is still on your device." in answer.json()["sentence"]


def test_words_are_kept_where_their_files_cannot_be(world, as_client, stored_in, tmp_path):
    client = as_client("LA1", raise_request_exception=False)
    stored_in("Full", location=str(tmp_path))
    several = [SimpleUploadedFile(name, JPEG, "image/jpeg") for name in ("a.jpg", "b.jpg")]
    answer = client.post(f"{MY}evidence/add/", {"title": "Till count", "action": "save", "files": several}, follow=True)
    assert answer.status_code == 200
    said = [str(one) for one in answer.context["messages"]]
    for name in ("a.jpg", "b.jpg"):
        assert any(one.startswith(f"{name} could not be kept") and "still on your device" in one for one in said)
    assert Evidence.objects.across_centres(reason="a test looks").filter(title="Till count").count() == 1


@pytest.fixture
def no_incoming(settings):
    """The folder for what comes in is a device that is always full."""
    settings.FILE_UPLOAD_TEMP_DIR = "/proc/nowhere"


def test_a_form_whose_file_finds_no_room_is_read_to_its_end_and_answered(world, as_client, no_incoming):
    piece, client = made.draft(world, kind="media"), as_client("LA1", raise_request_exception=False)
    url = reverse("files:upload", args=["10001", piece.public_id])
    stream = io.BytesIO(b"x" * 6_000_000)
    stream.name = "film.mp4"
    answer = client.post(url, {"file": stream}, headers=SCRIPT)
    assert answer.status_code in {507, 503}
    assert "still here" in answer.json()["sentence"] or "still on your device" in answer.json()["sentence"]


# --- gone or altered


@pytest.fixture
def alter(photo):
    """Change a byte of the original, wherever it is stored."""

    def change():
        with default_storage.open(photo.storage_key) as stored:
            content = stored.read()
        path = local_path(default_storage, photo.storage_key)
        other = content[:-1] + bytes([content[-1] ^ 1])
        if path:
            path.write_bytes(other)
        else:
            default_storage.bucket.Object(photo.storage_key).put(Body=other)

    return change


WAYS = {
    "whole": ("get", {}),
    "from the first byte": ("get", {"Range": "bytes=0-"}),
    "a part": ("get", {"Range": "bytes=10-20"}),
    "the end": ("get", {"Range": "bytes=-5"}),
    "headers": ("head", {}),
    "headers of a part": ("head", {"Range": "bytes=0-"}),
}


@pytest.fixture
def address(photo, original):
    return original(photo)


def refused(client, address, way):
    """Ask for bytes that are not what they were: they are refused and that is written down."""
    method, headers = WAYS[way]
    answer = getattr(client, method)(address, headers=headers)
    assert answer.status_code == 409
    assert Event.objects.filter(action="file.altered").count() == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", ["LA1", "AA1"])
def test_altered_bytes_go_out_on_no_way(as_client, address, alter, way, who):
    alter()
    refused(as_client(who), address, way)


@pytest.mark.parametrize("way", WAYS)
def test_that_they_were_good_a_moment_ago_is_not_believed(as_client, address, alter, way):
    client = as_client("AA1")
    body_of(client.get(address, headers={"Range": "bytes=0-"}))
    alter()
    refused(client, address, way)


@pytest.mark.parametrize("way", WAYS)
def test_a_missing_file_is_said_on_every_way(as_client, photo, address, way):
    default_storage.delete(photo.storage_key)
    refused(as_client("AA1"), address, way)


def test_a_file_found_good_is_not_read_again_for_each_part(as_client, photo, original):
    client = as_client("LA1")
    body_of(client.get(original(photo), headers={"Range": "bytes=0-9"}))
    path = local_path(default_storage, photo.storage_key)
    if path is None:
        pytest.skip("whether an object of S3 was read cannot be seen here")
    content, times = path.read_bytes(), path.stat()
    path.write_bytes(content[:-1] + b"?")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # nobody could know, without reading it all
    answer = client.get(original(photo), headers={"Range": "bytes=0-9"})
    assert (answer.status_code, body_of(answer)) == (206, content[:10])


@pytest.fixture
def picture(photo, preview):
    """A picture whose bytes are gone → its address."""
    address = preview(photo, "image")
    default_storage.delete(photo.previews.get(kind="image").storage_key)
    return address


@pytest.mark.parametrize(("method", "headers"), [("get", {}), ("get", {"Range": "bytes=0-"}), ("head", {})])
def test_a_missing_picture_is_promised(as_client, photo, picture, method, headers):
    answer = getattr(as_client("AA1"), method)(picture, headers=headers)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    if method == "get":
        assert "The pictures of this file are being made again." in answer.content.decode()
    photo.refresh_from_db(from_queryset=EvidenceFile.objects.for_centre(photo.centre_id))
    assert photo.preview_note.startswith("The pictures of this file are being made again.")


def test_and_made_again(as_client, photo, picture, preview, run_jobs):
    kinds, client = set(photo.previews.values_list("kind", flat=True)), as_client("AA1")
    run_jobs()
    for _ in range(3):
        client.get(picture)
    assert Job.objects.filter(name="portfolio.prepare_file", state="waiting").count() == 1
    run_jobs()
    assert set(photo.previews.values_list("kind", flat=True)) == kinds
    assert client.get(preview(photo, "image")).status_code == 200


def test_a_cut_picture_is_made_again_as_well(as_client, photo, preview):
    made_one = photo.previews.get(kind="image")
    default_storage.delete(made_one.storage_key)
    default_storage.save(made_one.storage_key, SimpleUploadedFile("x", b"half"))
    assert as_client("AA1").get(preview(photo, "image")).status_code == 503


def test_a_picture_whose_file_is_gone_too_is_not_promised(as_client, photo, preview):
    address = preview(photo, "image")
    default_storage.delete(photo.previews.get(kind="image").storage_key)
    default_storage.delete(photo.storage_key)
    assert as_client("AA1").get(address).status_code == 409
    assert photo.previews.filter(kind="image").exists()
    assert Event.objects.filter(action="file.altered").count() == 1


@pytest.fixture
def store_away(settings, photo, free):
    """From now on nobody answers where the files lie."""
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": away(free)}
    return lambda: setattr(settings, "STORAGES", {**settings.STORAGES, "default": storage})


def test_of_a_store_that_is_away_nothing_is_said_about_its_files(as_client, photo, preview, address, store_away):
    client = as_client("AA1", raise_request_exception=False)
    addresses = [address, preview(photo, "image")]
    store_away()
    for one in addresses:
        for headers in ({}, {"Range": "bytes=0-"}):
            answer = client.get(one, headers=headers)
            assert answer.status_code == 503
            assert "Files cannot be reached right now" in answer.content.decode()
    assert not Event.objects.filter(action="file.altered").exists()
    assert photo.previews.filter(kind="image").exists()


def test_a_folder_that_is_not_mounted_is_a_store_that_is_away(as_client, photo, original, settings, tmp_path):
    empty = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": empty}
    answer = as_client("AA1", raise_request_exception=False).get(original(photo))
    assert answer.status_code == 503
    assert not Event.objects.filter(action="file.altered").exists()


def test_the_centres_admins_are_told_once_the_next_morning(world, as_client, photo, address, run_jobs):
    default_storage.delete(photo.storage_key)
    for _ in range(3):
        as_client("AA1").get(address)
    waiting = Job.objects.get(name="portfolio.send_altered")
    assert waiting.available_at > world.at
    Job.objects.filter(pk=waiting.pk).update(available_at=world.at)
    run_jobs()
    letter = mail.outbox[-1]
    assert letter.to == [world.people["CA"].email]
    assert photo.public_id in letter.body
    assert photo.evidence.learner.public_id in letter.body
    assert photo.evidence.title not in letter.body
    assert [one.to for one in mail.outbox].count([world.people["CA"].email]) == 1
