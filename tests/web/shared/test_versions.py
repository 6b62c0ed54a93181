"""The versions of a qualification, who learns on them, and how near their end is said to whom (R16, R23)."""

import dataclasses
import datetime as dt
import html

import pytest
from django.urls import reverse

from centres.models import Registration
from qualifications.models import Qualification
from qualifications.services import publish_catalogue
from qualifications.services.reading import Catalogue
from tests.factories.catalogue import DIPLOMA, small_catalogue
from tests.factories.drafts import KEY
from tests.factories.world import A, B
from tests.web.centre.test_pages import more, queries_of

DAY = dt.timedelta(days=1)


def text(client, name, *args):
    answer = client.get(reverse(name, args=[A, *args]))
    assert answer.status_code == 200
    return " ".join(html.unescape(answer.content.decode()).split())


def publish(world, *, credit=0, ends=None, centre=None):
    """Publish the diploma again with other credits of one unit, or with a last certificate."""
    catalogue = small_catalogue()
    units = dict(catalogue.units)
    units[KEY] = dataclasses.replace(units[KEY], credit=units[KEY].credit + credit)
    files = tuple(
        dataclasses.replace(q, last_certification_on=ends) if q.entry_code == DIPLOMA else q
        for q in catalogue.qualifications
    )
    centre_id = world.centres[centre].pk if centre else None
    publish_catalogue(Catalogue(units, files), at=world.at + DAY, centre_id=centre_id)
    return Qualification.objects.filter(entry_code=DIPLOMA, centre_id=centre_id).latest("version")


@pytest.fixture
def newer(world):
    return publish(world, credit=2)


def ending(world, days):
    """Let LA1 be registered on a version whose last certificate is so many days from today."""
    version = publish(world, ends=world.today + days * DAY)
    Registration.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"]).update(
        qualification=version
    )
    return version


def test_all_versions_are_listed_with_their_differences(world, as_client, newer):
    page = text(as_client("CA"), "catalogue:versions", world.diploma.public_id)
    assert "Counts now" in page
    assert "Superseded" in page
    assert reverse("catalogue:compare", args=[A, newer.public_id, world.diploma.public_id]) in page


def test_staff_see_who_is_on_an_older_text_and_learners_do_not(world, as_client, newer):
    page = text(as_client("CA"), "catalogue:versions", newer.public_id)
    assert "3 on an older text" in page
    assert page.count("Version 1 · 1 of 6 units is different now") == 3
    assert "They may stay and finish on their version" in page
    mine = text(as_client("AA1"), "catalogue:versions", newer.public_id)
    assert "1 on an older text" in mine
    assert "-LA2" not in mine
    learner = text(as_client("LA1"), "catalogue:versions", newer.public_id)
    assert "Who learns on which version" not in learner


def test_a_comparison_says_what_is_different_whichever_is_named_first(world, as_client, newer):
    client = as_client("LA1")
    pages = [
        text(client, "catalogue:compare", *ids)
        for ids in ((newer.public_id, world.diploma.public_id), (world.diploma.public_id, newer.public_id))
    ]
    for page in pages:
        assert "Credits: 5, before 3." in page
        assert "from version 1" in page
    same = text(client, "catalogue:compare", newer.public_id, newer.public_id)
    assert "Nothing is different" in same


def test_versions_of_two_qualifications_or_another_centre_are_not_compared(world, as_client):
    theirs = publish(world, credit=3, centre=B)
    client = as_client("CA")
    for other in (world.certificate.public_id, theirs.public_id, "0" * 26):
        url = reverse("catalogue:compare", args=[A, world.diploma.public_id, other])
        assert client.get(url).status_code == 404
    assert client.get(reverse("catalogue:versions", args=[A, theirs.public_id])).status_code == 404
    assert "Version 2" not in text(client, "catalogue:versions", world.diploma.public_id)


def test_staff_see_the_flag_on_the_learners_pages(world, as_client, newer):
    learner = world.learners["LA1"].public_id
    for who, name in (("CA", "centre:learner"), ("AA1", "assessor:learner")):
        page = text(as_client(who), name, learner)
        assert "on version 1, which is no longer the newest" in page
        assert reverse("catalogue:compare", args=[A, world.diploma.public_id, newer.public_id]) in page
    assert text(as_client("CA"), "centre:learners").count("On an older text") == 3
    assert "no longer the newest" not in text(as_client("LA1"), "learner:units")


@pytest.mark.parametrize(
    ("days", "words"), [(80, "No more than 3 months are left"), (-1, "Work can still be recorded")]
)
def test_an_end_is_said_where_staff_look_and_kindly_to_the_learner(world, as_client, days, words):
    ending(world, days)
    learner, unit = world.learners["LA1"].public_id, world.unit("LA1", KEY).public_id
    assert words in text(as_client("CA"), "centre:learner", learner)
    for name, public_id in (("assessor:learner", learner), ("assessor:sign_off", unit)):
        assert words in text(as_client("AA1"), name, public_id)
    assert ("Ends " if days > 0 else "Ended ") in text(as_client("CA"), "centre:learners")
    own = text(as_client("LA1"), "learner:units")
    assert words not in own
    assert ("Ask your assessor for a plan" if days > 0 else "Everything you did stays here to read.") in own


def test_a_closed_version_stays_readable_and_says_so(world, as_client):
    version = ending(world, -1)
    for who in ("CA", "AA1", "LA1"):
        page = text(as_client(who), "catalogue:qualification", version.public_id)
        assert "This version is closed" in page
        assert "Communicate verbally with customers" in page
    assert "Closed" in text(as_client("AA1"), "catalogue:index")
    assert "Closed" in text(as_client("CA"), "centre:learner", world.learners["LA1"].public_id)


def test_pages_cost_the_same_for_few_and_many(world, as_client, newer):
    client = as_client("CA")
    urls = [
        reverse("catalogue:versions", args=[A, newer.public_id]),
        reverse("catalogue:compare", args=[A, newer.public_id, world.diploma.public_id]),
    ]
    few = [queries_of(client, url) for url in urls]
    more(dataclasses.replace(world, diploma=newer), 31)
    for n in range(25):
        publish(world, credit=3 + n)
    assert [queries_of(client, url) for url in urls] == few
    assert few == [11, 11]
