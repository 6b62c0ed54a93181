"""Published rows give back the files they came from, to the letter (B16)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualifications.models import Qualification, Unit
from qualifications.queries.files import qualification_file, qualification_files, unit_file, unit_files
from qualifications.services import publish_catalogue, read_catalogue
from tests.qualifications.conftest import AT

pytestmark = pytest.mark.django_db


def test_every_row_we_ship_gives_back_its_file(published, shipped):
    units = {row.key: found for row in Unit.objects.all() for found in [unit_files([row])[row.pk]]}
    assert units == shipped.units
    assert all(units[row.key].digest() == row.content_digest for row in Unit.objects.all())
    digests = {row.key: row.content_digest for row in Unit.objects.all()}
    for row in Qualification.objects.all():
        file = qualification_file(row)
        assert file in shipped.qualifications
        assert file.digest(digests) == row.content_digest


def test_what_was_given_back_publishes_nothing_new(folder):
    first = folder.unit["outcomes"][0]["criteria"][0]
    first |= {"requirements": {"pieces": 2, "methods": ["media"]}, "range": ["face to face", "by telephone"]}
    folder.unit["outcomes"].reverse()
    folder.qualification["barred"] = [["Y-100-0001", "ocr-other"]]
    folder.unit["sufficiency"] = {"competence": {"pieces": 2, "observed": True}}
    folder.qualification["sufficiency"] = {"knowledge": {"occasions": 2}}
    catalogue = read_catalogue(folder.write())
    publish_catalogue(catalogue, at=AT)
    row = Unit.objects.get(key="Y-100-0001")
    assert unit_file(row) == catalogue.units["Y-100-0001"]
    assert qualification_file(Qualification.objects.get()) == catalogue.qualifications[0]
    assert row.sufficiency == {"competence": {"pieces": 2, "observed": True}}
    assert unit_file(row).digest() == row.content_digest


def test_many_cost_as_much_as_one(published):
    units, qualifications = list(Unit.objects.all()), list(Qualification.objects.all())
    with CaptureQueriesContext(connection) as made:
        assert len(unit_files(units)) == 139
        assert len(qualification_files(qualifications)) == 7
    assert len(made) == 4
