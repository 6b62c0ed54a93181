"""Whoever is kept from a piece, a version or a file is denied by the name of what they tried, and on what."""

import pytest

from centres.models import Allocation
from common.refusals import Forbidden, NotFound
from portfolio import access, services
from portfolio.services import Chosen, recall_evidence
from tests.factories import moving as made
from tests.factories import portfolio as make
from tests.portfolio.steps import AT


def denied(act, *args, **given):
    """Return how somebody is denied: (kind, what they tried, on what)."""
    with pytest.raises(NotFound) as caught:
        act(*args, **given)
    return type(caught.value), caught.value.action, caught.value.object_id


def test_loading(world):
    version, draft = make.sent(world, kind="media"), make.draft(world, kind="media")
    piece, file = version.evidence.public_id, make.with_file(world, draft)
    preview = file.previews.exclude(storage_key="").first().public_id
    expected = [
        ("AA1", access.evidence_for, (piece, "edit"), Forbidden, "evidence.edit"),
        ("QA", access.evidence_for, (piece, "assess"), Forbidden, "evidence.assess"),
        ("LA1", access.evidence_for, (piece, "assess"), Forbidden, "evidence.assess"),
        ("LA2", access.evidence_for, (piece, "edit"), NotFound, "evidence.edit"),
        ("AA1", access.sent_version_for, (piece, 2), NotFound, "evidence.view"),
        ("AA1", access.file_for, (file.public_id,), NotFound, "file.view"),
        ("AA1", access.file_for, (file.public_id, "open"), NotFound, "file.open"),
        ("AA1", access.preview_for, (preview,), NotFound, "preview.open"),
    ]
    for who, load, asked, kind, action in expected:
        assert denied(load, world.actor(who), *asked) == (kind, action, asked[0]), (who, action)
    assert denied(access.version_for, world.actor("AA1"), version.evidence, 2) == (NotFound, "evidence.view", piece)


def test_acts_on_a_piece(world):
    version, draft = make.opened(world), make.draft(world)
    piece = make.again(version.evidence)
    other = make.with_file(world, make.draft(world, kind="media"), checked=False)
    unit, criterion = world.unit("LA1", make.UNIT), world.criterion(make.UNIT, "4.1").public_id
    offer = {"evidence": piece, "learner_unit": unit, "criterion_id": criterion}
    again = {"evidence": piece, "chosen": [Chosen(unit.public_id, criterion)]}
    foreign = {"version": version, "file_id": other.public_id}
    expected = [
        ("AA1", services.start_evidence, {}, Forbidden, "evidence.start", ""),
        ("LA1", services.remove_file, {"evidence": draft, "file": other}, NotFound, "file.remove", other.public_id),
        ("AB1", services.add_mapping, offer, NotFound, "mapping.add", piece.public_id),
        ("AA2", services.add_mapping, offer, Forbidden, "mapping.add", piece.public_id),
        ("AB1", services.offer_again, again, NotFound, "mapping.offer", piece.public_id),
        ("AA2", services.offer_again, again, Forbidden, "mapping.offer", piece.public_id),
        ("AB1", services.open_version, {"version": version}, NotFound, "evidence.open", version.public_id),
        ("AB1", services.show, {"version": version}, NotFound, "evidence.open", version.public_id),
        ("AA1", services.show, foreign, NotFound, "file.show", other.public_id),
    ]
    for who, act, given, kind, action, on in expected:
        assert denied(act, actor=world.actor(who), at=AT, **given) == (kind, action, on), (who, action)
    assert piece.mappings.count() == 1
    assert other.removed_at is None


def test_what_was_taken_back_does_not_open(world):
    version = make.sent(world)
    recall_evidence(actor=world.actor("LA1"), evidence=make.again(version.evidence), at=AT)
    told = denied(services.open_version, actor=world.actor("AA1"), version=version, at=AT)
    assert told == (NotFound, "evidence.open", version.public_id)


@pytest.fixture
def second(world):
    """LA1 does the legacy certificate too, which AA2 judges; AA1 judges the diploma."""
    made.publish_more(world.at)
    registration = made.register(world, made.LEGACY, "LA1")
    rows = Allocation.objects.for_centre(registration.centre_id)
    rows.filter(assessor=world.people["AA1"]).update(registration=world.registrations["LA1"])
    Allocation.objects.create(
        centre_id=registration.centre_id,
        learner=world.learners["LA1"],
        registration=registration,
        assessor=world.people["AA2"],
        starts_on=world.today,
        created_at=world.at,
    )
    return registration


def test_an_assessor_offers_a_piece_for_their_own_part_alone(world, second):
    piece = make.opened(world).evidence
    unit = made.unit_of(second, made.PHONE)
    criterion = unit.unit.criteria.get(number="1.2").public_id
    foreign, mine = [Chosen(unit.public_id, criterion)], [make.ticked(world, "4.1")]
    here = {"evidence": piece, "at": AT}
    one = {"learner_unit": unit, "criterion_id": criterion}
    for who in ("AA1", "AA2"):
        told = denied(services.add_mapping, actor=world.actor(who), **one, **here)
        assert told == (Forbidden, "mapping.add", piece.public_id), who
    for who, chosen in (("AA1", foreign), ("AA1", mine + foreign), ("AA2", mine)):
        told = denied(services.offer_again, actor=world.actor(who), chosen=chosen, **here)
        assert told == (Forbidden, "mapping.offer", piece.public_id), who
    assert services.offer_again(actor=world.actor("AA1"), chosen=mine, **here) == 1
    assert services.offer_again(actor=world.actor("AA2"), chosen=foreign, **here) == 1
