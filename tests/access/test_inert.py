"""E04: names, titles and feedback made of script, on every page of everybody: shown as text."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from assessments.services import reply
from centres.models import Centre, Learner
from common import clock
from common.append_only import suspended
from tests.access.table import OF_A, ROUTES
from tests.access.test_matrix import address, expected
from tests.access.things import things_of
from tests.factories.world import A

MARK = "<img src=x onerror=alert(1)>\"'{{7*7}}<script>x</script>"
TELL = ("<img src=x", "<script>x", 'onerror=alert(1)>"', "{{49}}", ">49<")


@pytest.fixture
def poisoned(world):
    """The world with script in every text that people write."""
    things = things_of(world, "LA1", "AA1")
    everybody = "a test writes script"
    User.objects.update(given_name=MARK[:70], family_name=MARK[:70])
    Centre.objects.update(name=MARK)
    Learner.objects.across_centres(reason=everybody).update(
        given_names=MARK[:70], family_name=MARK[:70], workplace=MARK
    )
    piece = world.learners["LA1"].evidence.get(public_id=things["evidence"])
    reply(actor=world.actor("LA1"), evidence=piece, text=MARK, at=clock.now())
    texts = {"title": MARK, "description": MARK, "place": MARK, "people": MARK, "organisation": MARK, "body": MARK}
    world.learners["LA1"].evidence.update(**texts)
    version = piece.versions.get()
    with suspended(connection):
        rows = type(version).objects.for_centre(piece.centre_id).filter(evidence__learner=piece.learner)
        for row in rows:
            rows.filter(pk=row.pk).update(fields={**row.fields, **texts})
        reviews = piece.learner.evidence.model.objects.for_centre(piece.centre_id)
        for other in reviews:
            other.reviews.update(feedback=MARK, next_action=MARK, vacsr_note=MARK)
    world.learners["LA1"].evidence.first().files.update(name=MARK)
    return things


@pytest.mark.parametrize("who", OF_A)
def test_every_page_shows_it_as_text(world, poisoned, as_client, who):
    client, seen = as_client(who), 0
    for name in ROUTES:
        if expected(name, who, "get") != "ok":
            continue
        answer = client.get(address(name, A, poisoned))
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        page = answer.content.decode()
        seen += MARK[:4].replace("<", "&lt;") in page
        for tell in TELL:
            assert tell not in page, f"{name} for {who}"
    assert seen, "no page showed the mark at all"


def test_search_boxes_echo_it_as_text(world, as_client):
    for who, name in (("CA", "centre:learners"), ("AA1", "assessor:learners"), ("LA1", "learner:portfolio")):
        page = as_client(who).get(reverse(name, kwargs={"centre": A}), {"q": MARK, "search": MARK}).content.decode()
        assert "<img src=x" not in page, name
