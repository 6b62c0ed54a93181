"""The open CASE addresses: what everybody may read, in the words of 1EdTech, and nothing of a centre."""

import dataclasses
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centres.models import Centre
from common import clock
from qualifications.models import Qualification
from qualifications.rules.exports import Identifiers
from qualifications.services import publish_catalogue
from tests.factories.catalogue import publish_small, small_catalogue

BASE = "/ims/case/v1p0"
ITEM = ("identifier", "uri", "fullStatement", "lastChangeDateTime", "CFDocumentURI")
ASSOCIATION = ("identifier", "uri", "associationType", "originNodeURI", "destinationNodeURI", "lastChangeDateTime")


@pytest.fixture
def published(db):
    publish_small(clock.now())
    return Qualification.objects.get(entry_code="10379")


def id_of(row):
    return str(Identifiers.of(row.awarding_body, row.entry_code, row.version).document)


def get(client, path, **query):
    return client.get(f"{BASE}/{path}", query)


def ask(client, path, queries):
    with CaptureQueriesContext(connection) as seen:
        answer = get(client, path)
    assert len(seen) == queries, [q["sql"][:80] for q in seen]
    return answer


def test_documents_are_listed_for_everybody(client, published):
    answer = ask(client, "CFDocuments", 2)
    assert answer.status_code == 200
    assert answer["X-Total-Count"] == "2"
    assert [d["title"] for d in answer.json()["CFDocuments"]] == [
        q.title for q in Qualification.objects.order_by("entry_code")
    ]
    assert "attest" not in answer.cookies
    assert answer["Cache-Control"] == "public, max-age=300"


def test_limit_offset_sort_and_fields(client, published):
    answer = get(client, "CFDocuments", limit=1, offset=1, sort="title", orderBy="desc", fields="identifier,title")
    rows = answer.json()["CFDocuments"]
    titles = sorted(Qualification.objects.values_list("title", flat=True), reverse=True)
    assert [row["title"] for row in rows] == titles[1:2]
    assert set(rows[0]) == {"identifier", "title"}
    assert 'rel="prev"' in answer["Link"]
    assert 'rel="next"' not in answer["Link"]
    assert get(client, "CFDocuments", offset=500).json() == {"CFDocuments": []}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "invalid_selection_field"),
        ({"limit": "many"}, "invalid_selection_field"),
        ({"offset": "-1"}, "invalid_selection_field"),
        ({"sort": "colour"}, "invalid_sort_field"),
        ({"sort": "title", "orderBy": "up"}, "invalid_sort_field"),
        ({"fields": "colour"}, "invalid_selection_field"),
        ({"filter": "title='x'"}, "invalid_selection_field"),
    ],
)
def test_what_cannot_be_answered_says_which_parameter(client, published, query, code):
    answer = get(client, "CFDocuments", **query)
    assert answer.status_code == 400
    minor = answer.json()["imsx_codeMinor"]["imsx_codeMinorField"][0]
    assert minor["imsx_codeMinorFieldValue"] == code
    assert minor["imsx_codeMinorFieldName"] in query


def test_a_package_has_everything_required_and_its_parts_are_found_one_by_one(client, published):
    package = ask(client, f"CFPackages/{id_of(published)}", 7).json()
    assert package["CFDocument"]["creator"] == "OCR"
    assert all(item[key] for item in package["CFItems"] for key in ITEM)
    assert all(one[key] for one in package["CFAssociations"] for key in ASSOCIATION)
    assert len({i["identifier"] for i in package["CFItems"]}) == len(package["CFItems"]) > 100
    criterion = package["CFItems"][-1]
    own = package["CFAssociations"][-1]
    assert ask(client, f"CFItems/{criterion['identifier']}", 7).json() == criterion
    assert ask(client, f"CFAssociations/{own['identifier']}", 7).json() == own
    around = ask(client, f"CFItemAssociations/{criterion['identifier']}", 7).json()
    assert around == {"CFItem": criterion, "CFAssociations": [own]}
    assert own["uri"].endswith(f"{BASE}/CFAssociations/{own['identifier']}")
    assert ask(client, f"CFDocuments/{id_of(published)}", 2).json() == package["CFDocument"]


def test_identifiers_stay_when_a_new_version_comes_and_the_old_one_is_deprecated(client, published):
    before = get(client, f"CFPackages/{id_of(published)}").json()
    catalogue = small_catalogue()
    changed = [dataclasses.replace(q, title=f"{q.title} again") for q in catalogue.qualifications]
    publish_catalogue(dataclasses.replace(catalogue, qualifications=tuple(changed)), at=clock.now())
    after = get(client, f"CFPackages/{id_of(published)}").json()
    assert after["CFDocument"]["adoptionStatus"] == "Deprecated"
    assert after["CFItems"] == before["CFItems"]
    newer = Qualification.objects.get(entry_code="10379", version=2)
    assert get(client, f"CFDocuments/{id_of(newer)}").json()["adoptionStatus"] == "Adopted"


def test_a_centres_own_versions_are_not_there(client, published):
    centre = Centre.objects.create(number="10009", name="Elder College")
    catalogue = small_catalogue()
    own = [dataclasses.replace(q, title="Ours alone") for q in catalogue.qualifications]
    publish_catalogue(dataclasses.replace(catalogue, qualifications=tuple(own)), at=clock.now(), centre_id=centre.pk)
    mine = Qualification.objects.get(entry_code="10379", centre=centre)
    assert mine.title == "Ours alone"
    assert get(client, "CFDocuments")["X-Total-Count"] == "2"
    assert "Ours alone" not in get(client, "CFDocuments").content.decode()
    # its version number is taken by nobody else, so its identifier names nothing
    assert get(client, f"CFDocuments/{id_of(mine)}").status_code in {200, 404}
    answer = get(client, f"CFPackages/{id_of(mine)}")
    assert "Ours alone" not in answer.content.decode()


@pytest.mark.parametrize("part", ["CFDocuments", "CFPackages", "CFItems", "CFAssociations", "CFItemAssociations"])
def test_unknown_and_crooked_identifiers(client, published, part):
    unknown = get(client, f"{part}/{uuid.uuid4()}")
    assert unknown.status_code == 404
    assert unknown.json()["imsx_codeMajor"] == "failure"
    near = str(uuid.UUID(int=uuid.UUID(id_of(published)).int ^ 1))  # the document's own beginning, another end
    assert get(client, f"{part}/{near}").status_code == 404
    crooked = get(client, f"{part}/{{not-a-uuid}}")
    assert crooked.status_code == 400
    assert "invaliduuid" in crooked.content.decode()
    assert client.post(f"{BASE}/{part}/{uuid.uuid4()}").status_code == 405
    assert client.head(f"{BASE}/{part}/{uuid.uuid4()}").status_code == 404
