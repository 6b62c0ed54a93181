"""What a centre publishes counts in that centre alone, before the installation's (R23, R126)."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from centres.enums import Role
from centres.models import Centre
from common.refusals import NotFound
from qualifications import queries
from qualifications.enums import DRAFT_TRANSITIONS, EDITORS, DraftState, Source
from qualifications.models import Criterion, Draft, Qualification, Unit
from qualifications.rules.file_parts import METHODS
from qualifications.services import publish_catalogue, read_catalogue
from tests.qualifications.conftest import AT

KEY = "Y-100-0001"


@pytest.fixture
def centres(db):
    return [Centre.objects.create(number=n, name=n) for n in ("10001", "10002")]


@pytest.fixture
def owned(folder, centres):
    """The installation's catalogue, and centre 10001's own wording over one unit of it."""
    publish_catalogue(read_catalogue(folder.path), at=AT)
    folder.unit["outcomes"][1]["criteria"][0]["text"] = "Give a customer their money back"
    folder.unit["provenance"]["criteria"] = "official"
    publish_catalogue(read_catalogue(folder.write()), at=AT, centre_id=centres[0].pk)
    return centres


def text(centre_id):
    return Criterion.objects.get(unit=queries.current_units(centre_id).get(key=KEY), number="2.1").text


def test_each_centre_reads_its_own_words_first(owned):
    one, other = (c.pk for c in owned)
    assert [text(one), text(other), text(None)] == ["Give a customer their money back", *["Refund a customer"] * 2]
    for centre_id in (one, other, None):
        assert [q.entry_code for q in queries.current_versions(centre_id)] == ["00001"]
        assert [u.key for u in queries.current_units(centre_id)] == [KEY, "ocr-other"]


def test_only_what_changed_becomes_the_centres_own(owned):
    own = Unit.objects.filter(centre=owned[0])
    assert list(own.values_list("key", "version")) == [(KEY, 2)]
    assert Qualification.objects.get(centre=owned[0]).version == 2


def test_what_another_centre_published_is_not_found(owned):
    structure = Qualification.objects.get(centre=owned[0]).public_id
    unit = Unit.objects.get(centre=owned[0]).public_id
    assert queries.qualification_structure(structure, owned[0].pk).qualification.centre_id == owned[0].pk
    assert not queries.unit_detail(unit, owned[0].pk).superseded
    for centre_id in (owned[1].pk, None):
        with pytest.raises(NotFound):
            queries.qualification_structure(structure, centre_id)
        with pytest.raises(NotFound):
            queries.unit_detail(unit, centre_id)
        assert "money back" not in str(queries.search_units("money back", centre_id).units)


def test_the_installations_next_version_does_not_push_the_centres_away(owned, folder):
    folder.unit["outcomes"][1]["criteria"][0]["text"] = "Refund a customer in full"
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    assert [text(owned[0].pk), text(owned[1].pk)] == ["Give a customer their money back", "Refund a customer in full"]


def test_files_without_the_new_keys_keep_their_digest(folder):
    plain = read_catalogue(folder.path).units[KEY]
    folder.unit["outcomes"][0]["criteria"][0] |= {"requirements": None, "range": []}
    assert read_catalogue(folder.write()).units[KEY].digest() == plain.digest()
    folder.unit["outcomes"][0]["criteria"][0]["requirements"] = {"observed": True, "pieces": 1}
    asked = read_catalogue(folder.write()).units[KEY]
    assert asked.digest() != plain.digest()
    assert asked.outcomes[0].criteria[0].requirements == {"observed": True}


def test_a_range_and_what_is_asked_reach_the_database(folder, db):
    first = folder.unit["outcomes"][0]["criteria"][0]
    first |= {"requirements": {"pieces": 2, "methods": [METHODS[0]]}, "range": ["face to face", "by telephone"]}
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    row = Criterion.objects.get(unit__key=KEY, number="1.1")
    assert (row.requirements, row.range) == (
        {"pieces": 2, "methods": [METHODS[0]]},
        ["face to face", "by telephone"],
    )


def draft(centre, author, **changed):
    facts = {"source": Source.YAML, "state": DraftState.SUBMITTED, "created_at": AT, "changed_at": AT, **changed}
    return Draft.objects.create(centre=centre, author=author, title="Refunds", **facts)


def test_nobody_decides_their_own_draft_whoever_asks(centres):
    one, two = (User.objects.create(email=f"{n}@people.example") for n in "ab")
    draft(centres[0], one, decided_by=two, state=DraftState.PUBLISHED)
    for changed in ({"decided_by": one}, {"state": DraftState.PUBLISHED}):
        with pytest.raises(IntegrityError), transaction.atomic():
            draft(centres[0], one, **changed)


def test_the_words_of_the_tables_are_the_centres():
    assert set(Role.values) >= EDITORS
    assert set(DRAFT_TRANSITIONS) == set(DraftState)
