"""Bytes coming in: one by script, many by a plain form, and what is refused."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from audit.models import Event
from portfolio.enums import FileState
from portfolio.models import EvidenceFile
from tests.factories import files
from tests.factories import portfolio as make

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def draft(world):
    return make.draft(world, kind="media")


def address(evidence, name="upload", centre="10001"):
    return reverse(f"files:{name}", args=[centre, evidence.public_id])


def send(client, evidence, name="photo.jpg", content=None, centre="10001"):
    file = SimpleUploadedFile(name, files.jpeg() if content is None else content, content_type="text/html")
    return client.post(address(evidence, centre=centre), {"file": file}, headers=SCRIPT)


def count():
    return EvidenceFile.objects.across_centres(reason="a test counts").count()


def test_one_file_by_script_is_answered_with_what_it_is_now(as_client, draft):
    response = send(as_client("LA1"), draft)
    row = draft.files.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": row.public_id,
        "name": "photo.jpg",
        "size": len(files.jpeg()),
        "state": "received",
        "words": "Added",
        "refusal": "",
        "notice": "",
    }


def test_what_the_browser_calls_it_does_not_count(as_client, draft, run_jobs):
    send(as_client("LA1"), draft)
    run_jobs()
    assert draft.files.get().content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<script>", "web pages"),
        ("photos.zip", b"PK", "Open the folder and choose the files inside"),
        ("empty.jpg", b"", "0 bytes"),
    ],
)
def test_a_refusal_is_a_sentence(as_client, draft, name, content, words):
    response = send(as_client("LA1"), draft, name, content)
    assert response.status_code == 422
    assert words in response.json()["sentences"][0]
    assert count() == 0


def test_the_same_file_twice(as_client, world, draft):
    client = as_client("LA1")
    send(client, draft)
    again = send(client, draft, "again.jpg")
    assert again.status_code == 422
    assert "already added" in again.json()["sentences"][0]
    elsewhere = send(client, make.draft(world, kind="media", title="Other"))
    assert elsewhere.status_code == 201
    assert elsewhere.json()["notice"] == f"You have the same file in “{draft.title}” too."


def test_too_large_is_413(as_client, draft, monkeypatch):
    from portfolio import rules
    from portfolio.rules import receiving

    monkeypatch.setattr(receiving, "LEARNER_QUOTA", 100)
    response = send(as_client("LA1"), draft)
    assert response.status_code == 413
    assert rules.LEARNER_QUOTA == 5 * 1024**3


def test_a_plain_form_takes_many_and_names_what_it_could_not_take(as_client, draft):
    client = as_client("LA1")
    given = [
        SimpleUploadedFile("1.jpg", files.jpeg(seed=1)),
        SimpleUploadedFile("bad.exe", b"MZ"),
        SimpleUploadedFile("2.jpg", files.jpeg(seed=2)),
    ]
    response = client.post(address(draft), {"files": given})
    assert response.status_code == 303
    assert response["Location"] == reverse("learner:evidence", args=["10001", draft.public_id])
    assert sorted(draft.files.values_list("name", flat=True)) == ["1.jpg", "2.jpg"]
    said = [str(m) for m in response.wsgi_request._messages]
    assert len(said) == 1
    assert said[0].startswith("bad.exe: ")


def test_an_empty_form_goes_back_and_changes_nothing(as_client, draft):
    response = as_client("LA1").post(address(draft), {})
    assert response.status_code == 303
    assert count() == 0


# --- who may


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("LA2", 404),
        ("LA3", 404),
        ("AA1", 403),
        ("AA2", 403),
        ("AT1", 403),
        ("QA", 403),
        ("EA", 403),
        ("CA", 403),
        ("DUO", 403),
        ("LB1", 404),
        ("AB1", 404),
        ("CB", 404),
    ],
)
def test_nobody_else_adds_to_it(world, as_client, draft, who, status):
    client = as_client(who)
    assert send(client, draft).status_code == status
    assert client.get(address(draft, "status")).status_code == status
    assert count() == 0
    assert Event.objects.filter(outcome="denied", person_id=world.people[who].pk).exists()


def test_the_way_through_another_centre_is_closed(as_client, draft):
    assert send(as_client("LB1"), draft, centre="10002").status_code == 404
    assert send(as_client("DUO"), draft, centre="10002").status_code == 404
    assert count() == 0


def test_an_assessor_who_sees_the_sent_piece_still_adds_nothing(as_client, world):
    evidence = make.sent(world).evidence
    assert send(as_client("AA1"), evidence).status_code == 403
    assert send(as_client("LA1"), evidence).status_code == 422
    assert count() == 0


def test_a_foreign_id_looks_like_an_unknown_one(as_client, world):
    client = as_client("LA1")
    foreign, unknown = make.draft(world, "LB1"), make.draft(world, "LB1")
    unknown.public_id = "0" * 26
    one, other = send(client, foreign), send(client, unknown)
    assert (one.status_code, one.content) == (other.status_code, other.content)


def test_without_a_token_nothing_comes_in(as_client, draft):
    client = as_client("LA1", enforce_csrf_checks=True)
    assert send(client, draft).status_code == 403
    assert count() == 0


def test_signed_out_a_script_hears_401(client, draft):
    assert send(client, draft).status_code == 401
    assert count() == 0


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_posts_bring_files(as_client, draft, method):
    assert getattr(as_client("LA1"), method)(address(draft)).status_code == 405


# --- how far


def test_the_page_can_ask_how_far_the_checks_are(as_client, draft, run_jobs):
    client = as_client("LA1")
    send(client, draft)
    before = client.get(address(draft, "status")).json()
    assert (before["checking"], before["files"][0]["state"], before["files"][0]["thumb"]) == (True, "received", "")
    run_jobs()
    after = client.get(address(draft, "status")).json()
    assert after["checking"] is False
    assert after["files"][0]["words"] == "Added, not checked for viruses"
    assert client.get(after["files"][0]["thumb"]).status_code == 200


def test_why_a_file_cannot_be_used_is_said(as_client, draft, run_jobs):
    client = as_client("LA1")
    send(client, draft, "rota.pdf", b"%PDF-1.7 nothing")
    run_jobs()
    found = client.get(address(draft, "status")).json()["files"][0]
    assert (found["state"], "almost nothing in it" in found["refusal"]) == ("refused", True)


@pytest.mark.parametrize("number", [1, 5])
def test_asking_costs_the_same_for_one_file_and_for_five(
    world, as_client, draft, number, django_assert_max_num_queries
):
    for seed in range(number):
        make.with_file(world, draft, name=f"{seed}.jpg", content=files.jpeg(seed=seed), checked=False)
    client = as_client("LA1")
    client.get(address(draft, "status"))
    with django_assert_max_num_queries(8):
        assert len(client.get(address(draft, "status")).json()["files"]) == number


# --- a line that breaks


def broken_off(client, evidence, share):
    """What a server hands on when the line breaks: a length announced, and fewer bytes than that."""
    edge = "----edge"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n'.encode()
    whole = head + files.jpeg() + f"\r\n--{edge}--\r\n".encode()
    return client.request(
        **{
            "PATH_INFO": address(evidence),
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": f"multipart/form-data; boundary={edge}",
            "CONTENT_LENGTH": str(len(whole)),
            "wsgi.input": io.BytesIO(whole[: int(len(whole) * share)]),
        }
    )


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
@override_settings(FILE_UPLOAD_HANDLERS=["web.files.uploads.WholeUploads"])
def test_a_broken_line_never_leaves_a_received_file(as_client, draft, share):
    assert broken_off(as_client("LA1"), draft, share).status_code == 400
    assert count() == 0


@override_settings(FILE_UPLOAD_HANDLERS=["web.files.uploads.WholeUploads"])
def test_a_whole_line_does(as_client, draft):
    assert broken_off(as_client("LA1"), draft, 1).status_code == 201
    assert draft.files.get().state == FileState.RECEIVED
