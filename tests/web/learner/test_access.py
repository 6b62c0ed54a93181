"""Every page of a learner is theirs alone: other roles are told so, everybody else finds nothing, nothing changes."""

import pytest

from assessments.models import Reply
from portfolio.models import EvidenceFile, EvidenceMapping
from tests.factories import portfolio as made
from tests.web.learner.conftest import MY

GETS = ("", "units/", "evidence/", "evidence/add/", "feedback/")
PIECE = ("evidence/{}/", "evidence/{}/shows/", "evidence/{}/send/", "feedback/{}/")
ACTS = (
    "evidence/{}/",
    "evidence/{}/autosave/",
    "evidence/{}/shows/",
    "evidence/{}/send/",
    "evidence/{}/recall/",
    "evidence/{}/revise/",
    "evidence/{}/withdraw/",
    "feedback/{}/reply/",
)


@pytest.fixture
def piece(world):
    draft = made.draft(world, title="Mine alone")
    made.choose(world, draft)
    return made.again(draft)


@pytest.mark.parametrize(
    ("who", "status"), [("AA1", 403), ("CA", 403), ("QA", 403), ("EA", 403), ("LB1", 404), ("DUO", 403)]
)
def test_pages_are_for_learners_of_this_centre(world, as_client, who, status):
    browser = as_client(who)
    for path in GETS:
        assert browser.get(MY + path).status_code == status, path


@pytest.mark.parametrize("path", [*GETS, *PIECE])
def test_signing_in_comes_first(world, client, piece, path):
    answer = client.get(MY + path.format(piece.public_id))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("who", "status"), [("LA2", 404), ("AA1", 403), ("AA2", 403), ("CA", 403), ("LB1", 404)])
def test_nobody_else_reads_or_changes_a_piece(world, as_client, piece, who, status):
    browser = as_client(who)
    for path in PIECE:
        answer = browser.get(MY + path.format(piece.public_id))
        assert answer.status_code == status, path
        assert "Mine alone" not in answer.content.decode()
    for path in ACTS:
        given = {"revision": piece.revision, "title": "Theirs", "text": "Hi", "action": "save", "declared": "on"}
        assert browser.post(MY + path.format(piece.public_id), given).status_code == status, path
    fresh = made.again(piece)
    assert (fresh.title, fresh.state, fresh.revision) == ("Mine alone", "draft", piece.revision)
    assert EvidenceMapping.objects.for_centre(piece.centre_id).count() == 1
    assert Reply.objects.for_centre(piece.centre_id).count() == 0


def test_a_learner_who_assesses_elsewhere_sees_only_their_own(world, as_client):
    theirs = made.draft(world, "LB1", title="Of LB1")
    browser = as_client("DUO")
    assert browser.get(f"/c/10002/my/evidence/{theirs.public_id}/").status_code == 404
    assert browser.get("/c/10002/my/").status_code == 200


@pytest.mark.parametrize("odd", ["x", "0" * 26, "%00", "..%2f..", "é" * 26])
def test_odd_addresses_are_not_found(world, learner, odd):
    for path in PIECE:
        assert learner.get(MY + path.format(odd)).status_code == 404, path
    assert learner.get(f"{MY}units/{odd}/").status_code == 404
    assert learner.get(f"{MY}units/{odd}/confirm/").status_code == 404


def test_a_file_of_somebody_else_cannot_be_taken_out(world, as_client):
    draft = made.draft(world, kind="media")
    file = made.with_file(world, draft, checked=False)
    address = f"{MY}evidence/{draft.public_id}/files/{file.public_id}/remove/"
    for who, status in {"LA2": 404, "AA1": 403}.items():
        assert as_client(who).post(address).status_code == status
    assert EvidenceFile.objects.for_centre(draft.centre_id).filter(removed_at=None).count() == 1
