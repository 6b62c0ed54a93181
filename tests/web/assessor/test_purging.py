"""The screens of removing personal data: asking, a second person's answer, what stands there afterwards (R60)."""

import pytest

from portfolio.enums import EvidenceState
from portfolio.models import EvidenceFile, PurgeRequest, Tombstone
from tests.factories import portfolio as made
from tests.web.assessor.conftest import text_of

LIST = "/c/10001/centre/personal-data/"
WHY = "The card number of a customer can be read in the photo."


@pytest.fixture
def piece(world):
    row = made.draft(world, kind="media")
    made.with_file(world, row)
    made.choose(world, row)
    made.open_it(world, made.send(world, row))
    return made.again(row)


def ask_url(piece):
    return f"/c/10001/assess/evidence/{piece.public_id}/personal-data/"


def typed(**changed):
    return {"reason": WHY, "version": "1", "idempotency_key": "one", **changed}


def requests():
    return PurgeRequest.objects.across_centres(reason="a test looks")


def test_from_finding_it_to_what_stands_there(world, piece, as_client):
    assessor, admin = as_client("AA1"), as_client("CA")
    bench = f"/c/10001/assess/evidence/{piece.public_id}/"
    assert ask_url(piece) in assessor.get(bench).content.decode()
    assert "photo.jpg" in text_of(assessor.get(ask_url(piece)))
    for _ in range(2):
        assert assessor.post(ask_url(piece), typed(words="on")).status_code == 303
    assert made.again(piece).state == EvidenceState.RETURNED
    row = requests().get()
    assert row.words is True
    assert "Somebody has asked for this already." in text_of(assessor.get(ask_url(piece)))
    page = text_of(admin.get(LIST))
    assert WHY in page
    assert "photo.jpg" not in text_of(admin.get(f"{LIST}{row.public_id}/"))
    assert admin.post(f"{LIST}{row.public_id}/", {"agrees": "yes", "idempotency_key": "two"}).status_code == 303
    assert Tombstone.objects.for_centre(piece.centre_id).count() == 2
    shown = text_of(assessor.get(f"{bench}?tab=files"))
    assert "Removed on" in shown
    assert "photo.jpg" not in shown
    assert "Refund for a broken kettle" not in shown
    own = text_of(as_client("LA1").get(f"/c/10001/my/evidence/{piece.public_id}/"))
    assert "Removed on" in own
    assert "I listened, said sorry" not in own
    assert "Nothing waits" in text_of(admin.get(LIST))
    assert "Removed" in text_of(admin.get(LIST, {"show": "all", "page": "99"}))


def test_no_address_gives_it_back(world, piece, as_client, run_jobs):
    run_jobs()
    clients = {who: as_client(who) for who in ("LA1", "AA1", "QA")}
    file = EvidenceFile.objects.for_centre(piece.centre_id).get(evidence=piece)
    addresses = [f"/c/10001/files/{file.public_id}/"]
    addresses += [f"/c/10001/files/preview/{one}/" for one in file.previews.values_list("public_id", flat=True)]
    assert len(addresses) > 1
    assert {clients["AA1"].get(one).status_code for one in addresses} == {200}
    clients["AA1"].post(ask_url(piece), typed())
    as_client("CA").post(f"{LIST}{requests().get().public_id}/", {"agrees": "yes", "idempotency_key": "two"})
    for client in clients.values():
        assert {client.get(one).status_code for one in addresses} == {404}


@pytest.mark.parametrize(("changed", "words"), [({"reason": ""}, "Say what kind of data"), ({"reason": "card"}, "Say")])
def test_asking_without_a_reason_is_shown_again(world, piece, as_client, changed, words):
    answer = as_client("AA1").post(ask_url(piece), typed(**changed))
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert not requests().exists()


def test_an_answer_needs_a_choice_and_a_note_where_it_stays(world, piece, as_client):
    as_client("QA").post(ask_url(piece), typed())
    admin, url = as_client("CA"), f"{LIST}{requests().get().public_id}/"
    assert "Choose whether it is removed." in text_of(admin.post(url, {"idempotency_key": "a"}))
    refused = admin.post(url, {"agrees": "no", "idempotency_key": "b"})
    assert (refused.status_code, "why it stays" in text_of(refused)) == (422, True)
    said = {"agrees": "no", "note": "It is the card of the learner.", "idempotency_key": "c"}
    assert admin.post(url, said).status_code == 303
    assert "It is the card of the learner." in text_of(admin.get(url))
    late = admin.post(url, {"agrees": "yes", "seen": "other", "idempotency_key": "d"})
    assert late.status_code == 409


def test_the_rules_page_says_that_something_waits(world, piece, as_client):
    as_client("AA1").post(ask_url(piece), typed())
    assert LIST in as_client("CA").get("/c/10001/centre/rules/").content.decode()
    assert LIST not in as_client("QA").get("/c/10001/centre/rules/").content.decode()
