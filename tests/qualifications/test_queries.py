"""Reads: what they return, and that more rows never mean more queries."""

from importlib import import_module

import pytest
from django.apps import apps

from common.refusals import NotFound
from qualifications import queries
from qualifications.models import Qualification, Unit, UnitWords
from qualifications.queries import search
from qualifications.rules.words import looked_for
from qualifications.services import publish_catalogue, read_catalogue
from tests.qualifications.conftest import AT

pytestmark = pytest.mark.django_db


def publish(folder):
    publish_catalogue(read_catalogue(folder.write()), at=AT)


@pytest.fixture
def small(folder):
    publish(folder)
    return folder


def code(entry_code):
    return Qualification.objects.get(entry_code=entry_code)


# --- budgets ----------------------------------------------------------------------------------------------------------


def walk_everything(asserting, codes, unit_key, word):
    with asserting(1):
        rows = queries.current_qualifications(None)
    for row in (r for r in rows if r.entry_code in codes):
        with asserting(5):
            queries.qualification_structure(row.public_id, None)
        with asserting(1):
            queries.mandatory_unit_ids(row.id)
    unit = Unit.objects.get(key=unit_key)
    with asserting(4):
        queries.unit_detail(unit.public_id, None)
    with asserting(5):
        queries.search_units(word, None)
    with asserting(3):
        queries.search_units("", None)


def test_budgets_with_two_units(small, django_assert_num_queries):
    walk_everything(django_assert_num_queries, {"00001"}, "Y-100-0001", "refund")


def test_budgets_with_139_units(published, django_assert_num_queries):
    walk_everything(django_assert_num_queries, {"03455", "10379"}, "D-506-2119", "customer")


# --- qualifications ---------------------------------------------------------------------------------------------------


def test_current_qualifications_put_the_newer_generation_first(published):
    rows = queries.current_qualifications(None)

    assert [r.entry_code for r in rows] == ["10378", "10379", "10380", "10381", "03454", "03455", "03456"]
    assert [r.units for r in rows] == [16, 38, 40, 21, 8, 49, 51]
    assert rows[1].total == "45 credits, all at level 2 or above"
    assert rows[4].last_certification_on.isoformat() == "2018-08-31"


def test_structure_of_a_whole_qualification(published):
    found = queries.qualification_structure(code("10379").public_id, None)

    assert [(g.code, g.sentences, g.rule.complete) for g in found.groups] == [
        ("A", ("All 5 units, 19 credits.",), True),
        ("B", ("At least 3 credits.",), True),
        ("C", ("At least 16 credits.",), False),
        ("D", ("At most 7 credits.",), False),
    ]
    six = found.groups[1].places[0]
    assert (six.number, six.unit.title) == ("6", "Communicate verbally with customers")
    assert (six.unit.outcomes, six.unit.criteria, six.unit.knowledge, six.unit.competence) == (2, 16, 6, 10)
    assert [p.number for p in found.groups[0].places] == ["1", "2", "3", "4", "5"]
    assert not found.superseded


def test_an_old_version_points_at_the_newest(small):
    small.other["title"] = "Welcome visitors"
    publish(small)
    old, new = Qualification.objects.order_by("version")

    found = queries.qualification_structure(old.public_id, None)

    assert found.superseded
    assert found.newest_public_id == new.public_id
    assert found.groups[1].places[0].unit.title == "Greet visitors"
    assert [r.public_id for r in queries.current_qualifications(None)] == [new.public_id]


def test_barred_units_come_by_their_titles(folder):
    folder.qualification["barred"] = [["Y-100-0001", "ocr-other"]]
    publish(folder)

    found = queries.qualification_structure(code("00001").public_id, None)

    assert found.barred == (("Deal with refunds", "Greet visitors"),)


def test_what_the_qualification_asks_of_evidence_is_said_in_words_by_kind(folder):
    folder.qualification["sufficiency"] = {"competence": {"pieces": 2, "observed": True}}
    folder.unit["sufficiency"] = {"knowledge": {"pieces": 3}}  # the unit's own page says that
    publish(folder)

    found = queries.qualification_structure(code("00001").public_id, None)

    assert found.asked == (("competence", ("Needs two pieces.", "The assessor has to see it at work.")),)


def test_mandatory_units_in_the_order_of_the_structure(published):
    ids = queries.mandatory_unit_ids(code("10380").pk)

    keys = {u.pk: u.key for u in Unit.objects.filter(pk__in=ids)}
    assert [keys[i] for i in ids] == [
        "L-506-2150", "Y-506-2152", "J-506-2910", "K-506-2169", "D-506-1942", "T-506-2952",
    ]  # fmt: skip


@pytest.mark.parametrize("public_id", ["", "0" * 26, "no such thing"])
def test_unknown_ids_are_not_found(small, public_id):
    for read in (queries.qualification_structure, queries.unit_detail):
        with pytest.raises(NotFound):
            read(public_id, None)


def test_a_unit_id_is_no_qualification_id(small):
    with pytest.raises(NotFound):
        queries.qualification_structure(Unit.objects.first().public_id, None)


# --- units ------------------------------------------------------------------------------------------------------------


def test_unit_detail(small):
    found = queries.unit_detail(Unit.objects.get(key="Y-100-0001").public_id, None)

    assert [(o.number, o.title, [c.number for c in o.criteria]) for o in found.outcomes] == [
        (1, "Understand refunds", ["1.1", "1.2"]),
        (2, "Be able to refund", ["2.1"]),
    ]
    assert found.outcomes[0].criteria[0].themes == ("Law and rules",)
    assert found.criteria == 3
    assert [(u.entry_code, u.group, u.number, u.mandatory) for u in found.used_in] == [("00001", "A", "1", True)]
    assert found.provenance.sources[0].url == "https://example.org/b"


def test_criteria_keep_their_order_past_nine(published):
    found = queries.unit_detail(Unit.objects.get(key="D-506-2119").public_id, None)

    assert [c.number for c in found.outcomes[1].criteria][-3:] == ["2.8", "2.9", "2.10"]


def test_a_unit_shared_by_qualifications_has_its_number_in_each(published):
    found = queries.unit_detail(Unit.objects.get(key="T-506-2126").public_id, None)

    assert [(u.entry_code, u.number) for u in found.used_in] == [("10378", "8"), ("10379", "7"), ("10380", "13")]


def test_a_superseded_unit_is_used_by_no_current_qualification(small):
    small.unit["title"] = "Deal well with refunds"
    publish(small)
    old, new = Unit.objects.filter(key="Y-100-0001").order_by("version")

    found = queries.unit_detail(old.public_id, None)

    assert found.used_in == ()
    assert found.superseded
    assert found.newest_public_id == new.public_id
    assert len(queries.unit_detail(new.public_id, None).used_in) == 1


# --- search -----------------------------------------------------------------------------------------------------------


def titles(text, page=1):
    return [u.title for u in queries.search_units(text, None, page).units]


def test_search_wants_every_word_and_puts_titles_first(published):
    found = titles("telephone calls")

    assert found[:4] == [
        "Deal with incoming telephone calls from customers",
        "Deal with incoming telephone calls from customers",
        "Make telephone calls to customers",
        "Make telephone calls to customers",
    ]
    assert all("telephone" not in t.lower() or "calls" not in t.lower() for t in found[4:])


def test_search_reads_references_and_criteria(small):
    assert titles("Y/100/0001") == ["Deal with refunds"]
    assert titles("PROCEDURE refund") == ["Deal with refunds"]
    assert titles("rule") == ["Greet visitors"]
    assert titles("rule refund") == []


def test_search_finds_only_the_newest_version(small):
    small.other["title"] = "Welcome visitors"
    publish(small)

    assert titles("visitors") == ["Welcome visitors"]


def test_search_knows_beginnings_endings_and_words_that_mean_the_same(small):
    assert titles("refu") == titles("refunding") == titles("Réfunds") == ["Deal with refunds"]
    assert titles("shopper") == ["Deal with refunds"], "a shopper is a customer"
    assert titles("funds") == [], "the middle of a word is not its beginning"
    assert titles("the refund of a customer") == ["Deal with refunds"], "small words are left out"
    assert titles("the of") == []
    assert titles("1") == [], "one letter is no beginning"


def test_a_unit_found_by_what_it_asks_shows_where(small):
    [row] = queries.search_units("refund customer", None).rows
    assert [(hit.number, hit.parts) for hit in row.hits] == [
        ("1.1", (("Explain when a ", False), ("refund", True), (" is due", False))),
        ("1.2", (("Describe the ", False), ("refund", True), (" procedure", False))),
        ("2.1", (("Refund", True), (" a ", False), ("customer", True))),
    ]
    assert all(row.hits == () for row in queries.search_units("", None).rows)


def test_no_more_are_counted_than_anybody_turns_pages_for(published, monkeypatch):
    monkeypatch.setattr(search, "MOST_FOUND", 30)
    for text in ("customer", ""):
        found = queries.search_units(text, None, 2)
        assert (found.total, found.more, len(found.units), found.page.paginator.num_pages) == (30, True, 5, 2)
    assert not queries.search_units("telephone calls", None).more


def test_every_page_of_a_search_follows_the_one_before(published):
    """Also the page on which titles end and criteria begin."""
    total = queries.search_units("customer", None).total
    keys = [u.key for n in range(1, total // 25 + 2) for u in queries.search_units("customer", None, n).units]
    assert len(keys) == len(set(keys)) == total > 50
    in_title = [
        "customer" in u.title.lower() for n in (1, 2, 3, 4) for u in queries.search_units("customer", None, n).units
    ]
    assert in_title == sorted(in_title, reverse=True)


def test_words_filled_from_rows_are_those_of_publishing(published):
    """What migration 0008 writes for a catalogue that was there before."""
    written = list(UnitWords.objects.order_by("key").values("unit", "key", "level", "title", "title_words", "words"))
    UnitWords.objects.all().delete()
    assert titles("telephone") == []
    import_module("qualifications.migrations.0008_fill_words_of_units").fill(apps, None)
    again = list(UnitWords.objects.order_by("key").values("unit", "key", "level", "title", "title_words", "words"))
    assert written == again
    assert len(titles("telephone")) > 3


def test_search_takes_percent_signs_and_endless_text_as_text(small):
    assert titles("%") == []
    assert titles("_") == []
    assert titles("refund " * 500) == ["Deal with refunds"]


def test_pages_of_units(published):
    first, last = queries.search_units("", None, 1), queries.search_units("", None, 6)

    assert (first.total, first.page.paginator.num_pages, len(first.units), len(last.units)) == (139, 6, 25, 14)
    assert queries.search_units("", None, 99).page.number == 6
    everything = [u.key for n in range(1, 7) for u in queries.search_units("", None, n).units]
    assert len(set(everything)) == 139


@pytest.mark.parametrize(
    "word", ["½", "ß", "日本", "Ⅷ", "x²", "naïve", "don’t", "O'Neill", "🙂", "café\u0301", "'", "\\", "'':*", "a:b"]
)
def test_odd_letters_are_found_the_same_on_both_databases(small, word):
    small.unit["outcomes"][0]["criteria"][0]["text"] = f"Explain {word} with care"
    publish(small)
    assert titles(word) == (["Deal with refunds"] if looked_for(word) else [])
