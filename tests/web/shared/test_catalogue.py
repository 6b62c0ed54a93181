"""The catalogue's pages: for every member of a centre, nobody else, reading only."""

import dataclasses
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qualifications.models import Criterion, Qualification, Unit
from qualifications.queries import structure
from qualifications.services import publish_catalogue
from tests.factories.catalogue import small_catalogue
from tests.factories.world import A, B
from tests.qualifications.conftest import AT

EVERYBODY_OF_A = ("LA1", "AA1", "AT1", "QA", "EA", "CA", "DUO")


def address(name, public_id=None, centre=A):
    return reverse(f"catalogue:{name}", args=[centre, public_id] if public_id else [centre])


def unit_of(key="D-506-2119"):
    return Unit.objects.filter(key=key).order_by("-version")[0]


def diploma():
    return Qualification.objects.filter(entry_code="10379").order_by("-version")[0]


def all_addresses(centre=A):
    return [
        address("index", centre=centre),
        address("qualification", diploma().public_id, centre),
        address("unit", unit_of().public_id, centre),
    ]


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


# --- walls ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY_OF_A)
def test_every_member_may_look(world, as_client, who):
    client = as_client(who)

    assert [client.get(url).status_code for url in all_addresses()] == [200, 200, 200]


@pytest.mark.parametrize("who", ["LB1", "AB1", "CB"])
def test_another_centres_people_get_404(world, as_client, who):
    client = as_client(who)

    assert [client.get(url).status_code for url in all_addresses()] == [404, 404, 404]
    assert [client.get(url).status_code for url in all_addresses(B)] == [200, 200, 200]


def test_strangers_are_asked_to_sign_in(world, client):
    for url in all_addresses():
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_unknown_ids_and_ids_of_the_other_kind_are_404(world, as_client):
    client = as_client("AA1")

    for name, public_id in (
        ("qualification", "0" * 26),
        ("unit", "0" * 26),
        ("qualification", unit_of().public_id),
        ("unit", diploma().public_id),
    ):
        assert client.get(address(name, public_id)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_but_reading(world, as_client, method):
    client = as_client("CA")
    before = (Unit.objects.count(), Qualification.objects.count())

    assert {getattr(client, method)(url).status_code for url in all_addresses()} == {405}
    assert (Unit.objects.count(), Qualification.objects.count()) == before


# --- what the pages say -----------------------------------------------------------------------------------------------


def test_index_lists_qualifications_and_units(world, as_client):
    text = page(as_client("AA1"), address("index"))

    assert "OCR Level 2 Diploma in Customer Service" in text
    assert "45 credits, all at level 2 or above" in text
    assert "7 units" in text
    assert address("unit", unit_of().public_id) in text


def test_search_keeps_what_was_typed_and_finds(world, as_client):
    text = page(as_client("AA1"), address("index") + "?q=telephone+calls")

    assert 'value="telephone calls"' in text
    assert "1 unit <" in text
    assert address("unit", unit_of("H-506-2154").public_id) in text
    assert address("unit", unit_of().public_id) not in text


def test_search_marks_where_a_unit_answers(world, as_client):
    text = page(as_client("AA1"), address("index") + "?q=telephone+caller")

    assert "<mark>telephone</mark>" in text
    assert '<span class="at-code">1.1</span> ' in text


def test_a_number_or_a_title_finds_a_qualification(world, as_client):
    assert "1 qualification <" in page(as_client("AA1"), address("index") + "?q=10379")
    text = page(as_client("AA1"), address("index") + "?q=level+2+diploma")
    assert address("qualification", diploma().public_id) in text
    assert "Show all" in text


def test_qualifications_come_in_pages(world, as_client, monkeypatch):
    monkeypatch.setattr(structure, "QUALIFICATIONS_A_PAGE", 1)
    client = as_client("AA1")
    first = page(client, address("index"))
    assert "?qualifications=2" in first
    second = page(client, address("index") + "?qualifications=2")
    assert address("qualification", diploma().public_id) in first + second
    assert (address("qualification", diploma().public_id) in first) != (
        address("qualification", diploma().public_id) in second
    )


def test_search_without_a_hit_says_what_to_do(world, as_client):
    text = page(as_client("AA1"), address("index") + "?q=zebra")

    assert "No unit has all of these words. Try fewer, or another one." in text
    assert "No qualification has all of these words in its title or number." in text


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=%22%3E%3Cscript%3E", "?page=-1", "?page=x", "?page=999999", "?q=" + "a" * 5000]
)
def test_odd_searches_are_answered(world, as_client, query):
    text = as_client("LA1").get(address("index") + query).content.decode()

    assert "<script>" not in text.replace('<script type="module"', "")


def test_pages_keep_the_search(world, as_client, whole_catalogue):
    text = page(as_client("AA1"), address("index") + "?q=customer+service")

    assert "?q=customer+service&page=2" in text


def test_qualification_shows_groups_with_their_rules(world, as_client, whole_catalogue):
    text = page(as_client("AA1"), address("qualification", diploma().public_id))

    for words in (
        "245 to 305 guided hours",
        "A · Mandatory",
        "All 5 units, 19 credits.",
        "C · Optional",
        "At least 16 credits.",
        "At most 7 credits.",
        "More units may belong here.",
        "Some facts were read in a published source, others are recalled.",
    ):
        assert words in text
    assert text.count("More units may belong here.") == 2
    assert text.count("<tbody ") == 4


def test_learners_get_lists_in_place_of_tables(world, as_client):
    text = page(as_client("LA1"), address("qualification", diploma().public_id))

    assert "<table" not in text
    assert "Communicate verbally with customers" in text
    assert "6 to know" in text
    assert "10 to do" in text


def test_closed_versions_say_when(world, as_client, whole_catalogue):
    text = page(as_client("AA1"), address("index"))

    assert "Last entry: 31 August 2018" in text
    assert "Last certificate: 31 August 2019" in text


def test_unit_shows_every_criterion_with_its_kind(world, as_client):
    unit = unit_of()
    text = page(as_client("LA1"), address("unit", unit.public_id))
    criteria = text.split("<aside")[0]

    assert [criteria.count(c.text) for c in Criterion.objects.filter(unit=unit)] == [1] * 16
    know = unit.outcomes.filter(kind="knowledge").count()
    assert criteria.count("Know it") == 6 + know, "the criteria, and the outcomes they stand under"
    assert criteria.count("Do it") == 10 + unit.outcomes.count() - know
    assert criteria.count("Command verb:") == 16
    assert criteria.count("Talking with people") == 16
    assert "10379, group B, to choose" in text
    assert "Unit 6" in text


def test_unit_says_honestly_where_its_words_come_from(world, as_client):
    text = page(as_client("AA1"), address("unit", unit_of().public_id))

    assert "Wording: ours, in other words. Check against the awarding body’s." in text
    assert "Title, level, credits and hours were read in a published source." in text
    assert "Some criteria were read in a published source, others are recalled." in text
    assert re.search(r'<a href="https://studylib.net/[^"]+" rel="external noopener noreferrer">', text)


def test_an_old_version_leads_to_the_newest(world, as_client):
    old = unit_of()
    catalogue = small_catalogue()
    changed = {**catalogue.units, old.key: _renamed(catalogue.units[old.key])}
    publish_catalogue(type(catalogue)(changed, catalogue.qualifications), at=AT)

    text = page(as_client("AA1"), address("unit", old.public_id))

    assert "There is a newer version" in text
    assert address("unit", unit_of().public_id) in text
    assert unit_of().version == 2
    assert "There is a newer version" not in page(as_client("AA1"), address("unit", unit_of().public_id))


def _renamed(unit):
    import dataclasses

    return dataclasses.replace(unit, title="Speak with customers")


# --- budgets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", ["seven units", "139 units"])
def test_budgets_of_the_catalogues_own_queries(world, as_client, request, rows):
    if rows == "139 units":
        request.getfixturevalue("whole_catalogue")
    client = as_client("CA")

    for url, budget in zip(all_addresses(), (6, 6, 6), strict=True):
        with CaptureQueriesContext(connection) as made:
            client.get(url)
        ours = [q["sql"] for q in made if 'FROM "qualifications_' in q["sql"]]
        assert len(ours) == budget, ours
        assert len(made) <= 15


@pytest.mark.parametrize("who", ["LA1", "CA"])
def test_the_facts_say_what_the_awarding_body_asks_of_evidence_and_nothing_where_it_asks_nothing(world, as_client, who):
    client = as_client(who)
    assert "How much evidence each criterion needs" not in page(client, address("qualification", diploma().public_id))
    small = small_catalogue()
    changed = [
        dataclasses.replace(q, sufficiency={"competence": {"occasions": 2}}) if q.entry_code == "10379" else q
        for q in small.qualifications
    ]
    publish_catalogue(dataclasses.replace(small, qualifications=tuple(changed)), at=AT)
    shown = page(client, address("qualification", diploma().public_id))
    assert "How much evidence each criterion needs" in shown
    assert "Needs two pieces from different days." in shown


@pytest.fixture
def whole_catalogue(world):
    from qualifications.services import read_catalogue
    from tests.factories.catalogue import FOLDER

    publish_catalogue(read_catalogue(FOLDER), at=AT)


# --- trying out -------------------------------------------------------------------------------------------------------


def test_units_can_be_tried_out_in_the_address(world, as_client):
    client, url = as_client("AA1"), address("qualification", diploma().public_id)
    first = page(client, url)
    assert "Does it add up?" in first
    ticked = page(client, f"{url}?units={unit_of().public_id}&units=unknown")
    assert f'value="{unit_of().public_id}" aria-label="{unit_of().title}" checked' in ticked
    alone = page(client, f"{url}?units={unit_of().public_id}&action=meter")
    assert "<html" not in alone
    assert "Does it add up?" in alone


def test_a_learner_reads_the_rule_and_ticks_nothing(world, as_client):
    text = page(as_client("LA1"), address("qualification", diploma().public_id))
    assert "At least 16 credits." in text
    assert "Does it add up?" not in text
    assert 'name="units"' not in text


def test_the_shortest_way_makes_the_award(world, as_client, whole_catalogue):
    text = page(as_client("QA"), address("qualification", diploma().public_id) + "?action=suggest")
    assert "It adds up" in text
    assert "These units make the award." in text
