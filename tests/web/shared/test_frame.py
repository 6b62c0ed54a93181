"""What stands around every page: headers, where people land, what the walls tell a script."""

import re

import pytest
from django.urls import reverse

from centres.models import Membership
from tests.factories import portfolio as made
from tests.factories.world import A, B

PAGES = ["/accounts/login/", f"/c/{A}/my/", f"/c/{A}/catalogue/", "/account/", "/nothing-here/"]


@pytest.mark.parametrize("url", PAGES)
def test_every_answer_carries_the_headers(world, as_client, url):
    answer = as_client("LA1").get(url)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in (
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert part in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert len(answer["X-Request-ID"]) == 26


@pytest.mark.parametrize(
    ("who", "lands"),
    [
        ("LA1", f"/c/{A}/my/"),
        ("AA1", f"/c/{A}/assess/"),
        ("AT1", f"/c/{A}/assess/"),
        ("QA", f"/c/{A}/assess/learners/"),
        ("CA", f"/c/{A}/centre/"),
        ("LB1", f"/c/{B}/my/"),
        ("DUO", f"/c/{A}/assess/"),
    ],
)
def test_everybody_lands_where_their_work_is(world, as_client, who, lands):
    client = as_client(who)
    assert client.get("/")["Location"] == lands
    assert client.get(lands).status_code == 200
    centre = lands.split("/")[2]
    assert client.get(f"/c/{centre}/")["Location"] == lands


def lit(client, url):
    """The words of the rail's or the bar's item that is marked, and how often something is."""
    text = client.get(url).content.decode()
    frame = re.search(r'<nav class="at-(?:rail|top__nav)".*?(?:</nav>|<details)', text, re.DOTALL)[0]
    marked = re.findall(r'aria-current="page"[^>]*>(.*?)</a>', frame, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", words).strip() for words in marked]


@pytest.mark.parametrize(
    ("who", "path", "item"),
    [
        ("LA1", "my/", "Today"),
        ("LA1", "my/evidence/add/", "Evidence"),
        ("LA1", "my/units/{unit}/", "Units"),
        ("CA", "centre/", "People"),
        ("CA", "centre/people/invite/", "People"),
        ("CA", "centre/learners/register/", "Learners"),
        ("CA", "centre/learners/{learner}/", "Learners"),
        ("CA", "centre/rules/", "Rules"),
        ("AA1", "assess/", "Work"),
        ("AA1", "assess/learners/{learner}/", "Learners"),
        ("AA1", "assess/units/{unit}/", "Learners"),
        ("AA1", "assess/units/{unit}/list/", "Learners"),
        ("AA1", "assess/units/{unit}/sign-off/", "Sign-off"),
        ("AA1", "assess/countersign/", "Countersign"),
        ("AA1", "catalogue/", "Units"),
    ],
)
def test_a_page_lights_the_item_it_is_under(world, as_client, who, path, item):
    unit = world.unit("LA1", made.UNIT)
    url = f"/c/{A}/" + path.format(unit=unit.public_id, learner=unit.learner.public_id)
    assert [words.split("\n")[0].strip() for words in lit(as_client(who), url)] == [item]


def test_somebody_without_a_place_is_told_so(world, as_client):
    Membership.objects.across_centres(reason="a test").filter(person=world.people["QA"]).update(
        starts_on=world.today.replace(year=2020), ends_on=world.today.replace(year=2021)
    )
    answer = as_client("QA").get("/")
    assert answer.status_code == 200


def test_a_person_in_two_centres_finds_both_in_the_switcher(world, as_client):
    page = as_client("DUO").get(f"/c/{A}/assess/").content.decode()
    assert f"/c/{B}/my/" in page
    assert "Hillside Training" in page


def test_signed_out_scripts_get_401_and_pages_the_sign_in(world, client):
    url = reverse("assessor:work", kwargs={"centre": A})
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 401
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"
    posted = client.post(url)
    assert posted["Location"] == "/accounts/login/?next=/"


def test_health_needs_nobody(client, db):
    assert client.get("/healthz").content == b"ok"


def test_methods_that_change_nothing_but_were_not_meant(world, as_client):
    assert as_client("LA1").post("/").status_code == 405


@pytest.mark.parametrize("path", ["assess/evidence/%00/", "assess/learners/?q=%00", "catalogue/?q=%00&page=%00"])
def test_a_nul_in_an_address_is_no_fault_of_ours(world, as_client, path):
    assert as_client("AA1").get(f"/c/{A}/{path}").status_code in {400, 404}
