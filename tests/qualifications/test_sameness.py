"""The same unit in another qualification: by key, by reference, by an equivalence that is written down (R18, R19)."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualifications.models import Qualification, Unit
from qualifications.queries.sameness import acceptable_references, identical_by_version, identical_units, identity_of
from qualifications.rules.sameness import Equivalent, Sameness, UnitIdentity, sameness, twins, why_not_equivalent
from qualifications.services import BrokenCatalogue, publish_catalogue, read_catalogue
from tests.qualifications.conftest import AT

ONE = UnitIdentity("T-506-2126", "T/506/2126", wording="w")


def but(**parts):
    return dataclasses.replace(ONE, **parts)


@pytest.mark.parametrize(
    ("other", "how"),
    [
        (ONE, Sameness.TEXT),
        (but(key="own-telephone"), Sameness.TEXT),  # another entry, same reference, same words
        (but(wording="v"), Sameness.KEY),
        (but(wording=""), Sameness.KEY),
        (but(key="own-telephone", wording="v"), Sameness.REFERENCE),
        (but(key="x", reference="D/506/2119", equivalents=frozenset({"T/506/2126"})), Sameness.EQUIVALENT),
        (but(key="x", reference="D/506/2119"), None),  # the same words alone are no proof
        (but(key="x", reference=""), None),
        (but(key="x", reference="", equivalents=frozenset({"T/506/2126"})), None),
        (but(key="x", reference="", wording=""), None),
    ],
)
def test_how_two_units_are_the_same(other, how):
    assert sameness(ONE, other) == how
    assert sameness(other, ONE) == how


def test_two_units_without_a_reference_are_not_the_same_for_that():
    assert sameness(UnitIdentity("a"), UnitIdentity("b")) is None


def test_a_unit_stands_for_one_only_and_the_surest_pair_comes_first():
    like = but(key="own", wording="v")
    assert twins({1: ONE}, [(8, like), (9, ONE)]) == {9: (1, Sameness.TEXT)}
    assert twins({1: like, 2: ONE}, [(9, ONE)]) == {9: (2, Sameness.TEXT)}
    assert twins({1: like, 2: ONE}, [(8, but(key="third", wording="u")), (9, ONE)]) == {
        9: (2, Sameness.TEXT), 8: (1, Sameness.REFERENCE)
    }  # fmt: skip
    assert twins({}, [(9, ONE)]) == {}


# --- stored -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_t506_2126_of_10378_is_unit_7_of_10379(published):
    unit = Unit.objects.get(key="T-506-2126")
    diploma = Qualification.objects.get(entry_code="10379")
    with CaptureQueriesContext(connection) as made:
        found = identical_units(diploma.pk, [unit])
    assert len(made) == 1
    assert found == {unit.pk: (unit.pk, Sameness.TEXT)}


@pytest.mark.django_db
def test_a_version_that_only_says_where_a_fact_comes_from_reads_the_same(folder):
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    before = Unit.objects.get(key="Y-100-0001")
    folder.unit["provenance"]["notes"] = "Read again."
    folder.unit["credit"] = folder.qualification["groups"][0]["exact_credit"] = 4
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    after = Unit.objects.get(key="Y-100-0001", version=2)
    newest = Qualification.objects.get(version=2)
    assert before.content_digest != after.content_digest
    assert identical_units(newest.pk, [before]) == {after.pk: (before.pk, Sameness.TEXT)}
    folder.unit["outcomes"][0]["criteria"][0]["kind"] = "competence"
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    third = Unit.objects.get(key="Y-100-0001", version=3)
    assert sameness(identity_of(before), identity_of(third)) == Sameness.KEY
    found = identical_by_version([newest.pk, Qualification.objects.get(version=3).pk], [third])
    assert {pk: how for found_in in found.values() for pk, (_mine, how) in found_in.items()} == {
        after.pk: Sameness.KEY, third.pk: Sameness.TEXT
    }  # fmt: skip


@pytest.mark.django_db
def test_an_equivalence_is_read_from_either_side_with_its_source(folder):
    folder.unit["equivalents"] = [{"reference": "d5062119", "source": "OCR notice of October 2015"}]
    folder.other |= {"reference": "A/506/2130"}
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    unit, other = Unit.objects.get(key="Y-100-0001"), Unit.objects.get(key="ocr-other")
    documented = Equivalent("D/506/2119", "OCR notice of October 2015")
    assert acceptable_references(unit, None) == (Equivalent("Y/100/0001", ""), documented)
    assert acceptable_references(other, None) == (Equivalent("A/506/2130", ""),)
    twin = Unit(key="elsewhere", reference="D/506/2119", equivalents=[])
    assert acceptable_references(twin, None) == (
        Equivalent("D/506/2119", ""), Equivalent("Y/100/0001", "OCR notice of October 2015"),
    )  # fmt: skip
    assert acceptable_references(Unit(key="bare", reference=None, equivalents=[]), None) == ()


@pytest.mark.django_db
def test_an_equivalence_counts_as_the_newest_version_has_it(folder):
    """R19: what was documented by mistake and taken out stands for nobody, and what is found later for everybody."""
    twin = Unit(key="elsewhere", reference="D/506/2119", equivalents=[])
    mine, theirs = Equivalent("Y/100/0001", ""), Equivalent("D/506/2119", "")
    folder.unit["equivalents"] = [{"reference": "D/506/2119", "source": "A rumour"}]
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    first = Unit.objects.get(key="Y-100-0001")
    assert len(acceptable_references(first, None)) == len(acceptable_references(twin, None)) == 2
    folder.unit["equivalents"] = []
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    assert acceptable_references(first, None) == (mine,)
    assert acceptable_references(twin, None) == (theirs,)
    folder.unit["equivalents"] = [{"reference": "D/506/2119", "source": "OCR notice of October 2015"}]
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    for version in Unit.objects.filter(key="Y-100-0001"):
        with CaptureQueriesContext(connection) as made:
            assert acceptable_references(version, None)[1].source == "OCR notice of October 2015"
        assert len(made) == 1
    assert acceptable_references(twin, None)[1] == Equivalent("Y/100/0001", "OCR notice of October 2015")


@pytest.mark.parametrize(
    ("reference", "source", "words"),
    [
        ("D/506/2118", "A notice", "“reference” must be an Ofqual reference whose letter fits its digits"),
        ("somewhere", "A notice", "“reference” must be an Ofqual reference whose letter fits its digits"),
        ("Y/100/0001", "A notice", "a unit is not its own equivalent"),
        ("D/506/2119", " ", "“source” must say where the equivalence is written"),
    ],
)
def test_an_equivalence_without_proof_is_refused(folder, reference, source, words):
    assert words in why_not_equivalent("Y/100/0001", reference, source)
    folder.unit["equivalents"] = [{"reference": reference, "source": source if source.strip() else None}]
    with pytest.raises(BrokenCatalogue, match="equivalents 1: "):
        read_catalogue(folder.write())
