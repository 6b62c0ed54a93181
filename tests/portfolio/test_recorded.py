"""What each act on a piece leaves in the record: its name, who did it, on what, and the facts beside it."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from portfolio import services
from portfolio.enums import EvidenceState, MappingOrigin
from portfolio.models import EvidenceFile
from portfolio.services import Chosen
from tests.factories import files
from tests.factories import portfolio as make
from tests.portfolio.steps import AT, NOT_YET, judge, recorded


def add(world, piece, name):
    content = files.upload(name, files.jpeg())
    return services.receive_file(actor=world.actor("LA1"), evidence=piece, name=name, content=content, at=AT)


def test_a_draft_from_its_first_word_to_its_end(world):
    piece = make.draft(world, kind="media")
    (started,) = recorded(world, "LA1", services.start_evidence, kind="statement")
    assert (started[0], started[1], started[3]) == ("evidence.started", "LA1", {"kind": "statement"})
    words = {"evidence": piece, "revision": piece.revision, "fields": {"title": "Another", "place": piece.place}}
    saved = recorded(world, "LA1", services.save_draft, **words)
    assert saved == [("evidence.saved", "LA1", piece.public_id, {"fields": ["title"]})]
    photo = add(world, piece, "a.jpg")
    removed = recorded(world, "LA1", services.remove_file, evidence=piece, file=photo)
    assert removed == [("file.removed", "LA1", photo.public_id, {"sha256": photo.sha256})]
    add(world, piece, "b.jpg")
    gone = recorded(world, "LA1", services.withdraw_evidence, evidence=make.again(piece))
    assert gone == [("evidence.withdrawn", "LA1", piece.public_id, {"from": "draft", "mappings": 0, "files": 1})]
    assert not EvidenceFile.objects.for_centre(piece.centre_id).filter(evidence=piece).exists()


def test_a_sent_piece_there_and_back(world):
    piece = make.sent(world, numbers=("1.1", "4.1")).evidence
    back = recorded(world, "LA1", services.recall_evidence, evidence=make.again(piece))
    assert back == [("evidence.recalled", "LA1", piece.public_id, {"version": 1})]
    draft = make.again(piece)
    sent = recorded(world, "LA1", services.submit_evidence, evidence=draft, revision=draft.revision, answers=make.YES)
    version = piece.versions.get(number=2)
    said = {"version": 2, "digest": version.digest, "declaration": version.declaration}
    assert sent == [("evidence.submitted", "LA1", piece.public_id, said)]
    version.evidence = make.again(piece)
    opened = recorded(world, "AA1", services.open_version, version=version)
    assert opened == [("evidence.opened", "AA1", piece.public_id, {"version": 2})]
    judge(make.again(piece), {"1.1": NOT_YET})
    revised = recorded(world, "LA1", services.revise_evidence, evidence=make.again(piece))
    assert revised == [("evidence.revised", "LA1", piece.public_id, {"version": 3})]
    gone = recorded(world, "LA1", services.withdraw_evidence, evidence=make.again(piece))
    assert gone == [("evidence.withdrawn", "LA1", piece.public_id, {"from": "draft", "mappings": 2, "files": 0})]


def test_what_is_chosen_and_offered(world):
    piece = make.draft(world)
    for ticks in ((), (make.ticked(world, "1.1"),)):
        said = {"evidence": piece, "chosen": ticks, "unsure": not ticks}
        found = recorded(world, "LA1", services.set_mappings, **said)
        assert found == [("mappings.set", "LA1", piece.public_id, {"criteria": len(ticks), "unsure": not ticks})]
    make.open_it(world, make.send(world, piece))
    unit, criteria = world.unit("LA1", make.UNIT), [world.criterion(make.UNIT, n).public_id for n in ("4.1", "4.2")]
    one = {"evidence": make.again(piece), "learner_unit": unit, "criterion_id": criteria[0]}
    added = recorded(world, "AA1", services.add_mapping, **one)
    assert added == [("mapping.added", "AA1", piece.public_id, {"criterion": criteria[0]})]
    wanted = [Chosen(unit.public_id, criterion, MappingOrigin.MOVED) for criterion in criteria]
    again = recorded(world, "LA1", services.offer_again, evidence=make.again(piece), chosen=wanted)
    assert again == [("mappings.offered_again", "LA1", piece.public_id, {"criteria": 1})]
    assert recorded(world, "LA1", services.offer_again, evidence=make.again(piece), chosen=wanted) == []


def test_what_is_looked_at_and_taken_away(world):
    version = make.sent(world, kind="media")
    file, piece = version.evidence.files.get(), version.evidence.public_id
    for file_id, more in ((file.public_id, {"file": file.public_id}), ("", {})):
        shown = {"version": version, "file_id": file_id}
        found = recorded(world, "AA1", services.show, **shown)
        assert found == [("evidence.opened", "AA1", piece, {"version": 1} | more)]
        assert recorded(world, "AA1", services.show, **shown) == [], "within the hour it is the same opening"
    assert make.again(version.evidence).state == EvidenceState.IN_REVIEW
    taken = recorded(world, "AA1", services.open_file, file=file)
    assert taken == [("file.opened", "AA1", file.public_id, {"sha256": file.sha256})]
    assert recorded(world, "LA1", services.open_file, file=file) == [], "a learner takes their own"


def test_bytes_that_are_not_what_came_in(world):
    version = make.sent(world, kind="media")
    file, actor = version.evidence.files.get(), world.actor("AA1")
    altered = [("file.altered", "AA1", file.public_id, {"sha256": file.sha256})]
    assert services.check_bytes(actor=actor, file=file, at=AT) is True
    assert recorded(world, "AA1", services.check_bytes, file=file) == []
    default_storage.delete(file.storage_key)
    assert services.check_bytes(actor=actor, file=file, at=AT) is False
    default_storage.save(file.storage_key, ContentFile(b"x" * file.size))
    assert services.check_bytes(actor=actor, file=file, at=AT) is False
    assert recorded(world, "AA1", services.check_bytes, file=file) == altered
