"""What is left of a version that was removed for good, to the last column, and what beside it stays (R60)."""

import datetime as dt

import pytest

from assessments.models import Review
from centres.models import LearnerUnit
from common import clock
from common.refusals import Stale
from common.storing import DROP
from jobs.models import Job
from portfolio.enums import EvidenceState, FileState
from portfolio.models import EvidenceFile, PurgeDecision, Tombstone
from portfolio.services import recall_evidence, remove_file, revise_evidence, save_draft, set_mappings
from portfolio.services.purging import bury
from tests.assessments.test_purging import ask, cleaned, decide, file_of, purge, refused, shown
from tests.factories import files
from tests.factories import portfolio as made

__all__ = ["purge", "shown"]
TAKEN = dt.datetime(2026, 3, 2, 14, 5, tzinfo=dt.UTC)


def put(file, **changed):
    EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk).update(**changed)


def test_of_a_file_its_hash_and_length_are_left_and_who_let_it_go(world, shown, purge):
    before = file_of(shown)
    put(before, device="A phone", has_location=True, captured_at=TAKEN)
    keys = {before.storage_key, *before.previews.exclude(storage_key="").values_list("storage_key", flat=True)}
    assert len(keys) > 1
    made_at, when = before.previews_made_at, clock.now()
    decide(world, purge)
    file = EvidenceFile.objects.for_centre(shown.centre_id).get(pk=before.pk)
    stone = Tombstone.objects.for_centre(shown.centre_id).get(file=file)
    assert (file.state, file.name, file.storage_key) == ("purged", "Removed file", f"purged/{stone.public_id}")
    assert (file.device, file.has_location, file.captured_at, file.sha256) == ("", False, None, before.sha256)
    assert (file.previews_made_at, file.removed_at) == (made_at, stone.at)
    assert stone.at >= when
    day = f"{clock.london_date(stone.at):%-d %B %Y}"
    assert file.preview_note == (
        f"Removed on {day}, because it shows personal data of somebody else. "
        f"Asked for by {world.people['AA1'].full_name}, confirmed by {world.people['CA'].full_name}."
    )
    jobs = Job.objects.filter(name=DROP)
    assert sorted(job.args["storage_key"] for job in jobs) == sorted(keys)


def test_one_that_had_left_the_draft_or_had_no_pictures_is_told_apart(world, shown, purge):
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(shown.evidence), at=clock.now())
    left = clock.now() - dt.timedelta(hours=3)
    remove_file(actor=world.actor("LA1"), evidence=piece, file=file_of(shown), at=left)
    put(file_of(shown), previews_made_at=None)
    decide(world, purge)
    file = file_of(shown)
    stone = Tombstone.objects.for_centre(shown.centre_id).get(file=file)
    assert (file.removed_at, file.previews_made_at) == (left, stone.at)


def test_the_same_bytes_that_are_in_the_draft_again_go_without_a_tombstone(world, shown, purge):
    """Nobody was sent them again, so nobody relies on them; but they show the same card."""
    learner, before = world.actor("LA1"), file_of(shown)
    piece = revise_evidence(actor=learner, evidence=made.again(shown.evidence), at=clock.now())
    remove_file(actor=learner, evidence=piece, file=before, at=clock.now())
    again = made.with_file(world, made.again(piece), checked=False)
    other = made.with_file(world, made.again(piece), name="b.jpg", content=files.jpeg(seed=2), checked=False)
    assert again.sha256 == before.sha256
    decide(world, purge)
    rows = EvidenceFile.objects.for_centre(shown.centre_id).filter(evidence=piece)
    assert {(row.pk, row.state) for row in rows} == {(before.pk, "purged"), (other.pk, "received")}
    dropped = {job.args["storage_key"] for job in Job.objects.filter(name=DROP)}
    assert {again.storage_key, before.storage_key} <= dropped
    assert other.storage_key not in dropped


def test_only_a_file_that_was_let_through_is_buried(world, shown, purge, monkeypatch):
    """The list is of such files alone; should it ever hold another, nothing is removed."""
    answer = PurgeDecision(centre_id=shown.centre_id, request=purge, at=clock.now())
    file = file_of(shown)
    file.state = FileState.CHECKING
    monkeypatch.setattr("portfolio.services.purging.copies_left", lambda _version: ([file], []))
    with pytest.raises(ValueError, match="file: checking is not followed by purged"):
        bury(shown, answer, words=False, at=clock.now())


def test_words_are_withheld_once(world, shown, purge):
    row = decide(world, purge)
    said = {"words": True, "at": clock.now()}
    assert bury(shown, row, **said) == []
    assert Tombstone.objects.for_centre(shown.centre_id).filter(version=shown, file=None).count() == 1


def test_a_form_that_is_open_on_the_words_does_not_write_them_back(world, shown, purge):
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(shown.evidence), at=clock.now())
    before = made.again(piece)
    row = decide(world, purge)
    now = made.again(piece)
    assert (now.revision, now.saved_at) == (before.revision + 1, row.at)
    words = {"evidence": piece, "revision": before.revision, "fields": {"body": before.body or "Again."}}
    with pytest.raises(Stale):
        save_draft(actor=world.actor("LA1"), at=clock.now(), **words)


def test_words_that_were_sent_again_are_another_version(world, shown):
    """They are asked about by themselves: what is removed is what two people looked at."""
    later = cleaned(world, shown)
    row = ask(world, shown, words=True)
    assert made.again(shown.evidence).state == EvidenceState.RETURNED, "it repeats every word"
    decide(world, row)
    now = made.again(shown.evidence)
    assert (now.title, now.sent_title) == (later.fields["title"], later.fields["title"])


def test_a_newer_version_that_was_taken_back_keeps_no_title(world, shown):
    """Nobody else reads it, so what staff see is still the title of this one."""
    later = cleaned(world, shown)
    recall_evidence(actor=world.actor("LA1"), evidence=made.again(later.evidence), at=clock.now())
    draft = made.again(shown.evidence)
    anew = {"title": "A refund, without the card"}
    save_draft(actor=world.actor("LA1"), evidence=draft, revision=draft.revision, fields=anew, at=clock.now())
    decide(world, ask(world, shown, words=True))
    now = made.again(shown.evidence)
    assert (now.sent_title, now.title) == ("Words removed", anew["title"])


def test_only_the_notes_that_were_sent_go(world):
    piece, learner = made.draft(world), world.actor("LA1")
    ticks = [made.ticked(world, "4.1", note="Card 4111"), made.ticked(world, "4.2"), made.ticked(world, "4.3")]
    set_mappings(actor=learner, evidence=piece, chosen=ticks, unsure=False, at=clock.now())
    version = made.open_it(world, made.send(world, piece))
    purge = ask(world, version, words=True)
    draft = revise_evidence(actor=learner, evidence=made.again(piece), at=clock.now())
    ticks[1] = made.ticked(world, "4.2", note="The second page")
    set_mappings(actor=learner, evidence=draft, chosen=ticks, unsure=False, at=clock.now())
    decide(world, purge)
    notes = dict(piece.mappings.values_list("criterion__number", "note"))
    assert notes == {"4.1": "", "4.2": "The second page", "4.3": ""}


@pytest.mark.parametrize("state", EvidenceState)
def test_it_goes_back_from_where_somebody_has_it_and_no_further(world, shown, state):
    """What its learner has in hand, and what is withdrawn, stays where it is; nobody is told twice."""
    type(shown.evidence).objects.for_centre(shown.centre_id).filter(pk=shown.evidence_id).update(state=state)
    stays = state in {"draft", "returned", "withdrawn"}
    ask(world, shown, by="QA")
    assert made.again(shown.evidence).state == (state if stays else "returned")
    said = list(Review.objects.for_centre(shown.centre_id).values_list("kind", "version_id", "assessor__email"))
    assert said == ([] if stays else [("returned", shown.pk, "qa@people.example")])


def test_a_signed_unit_that_rests_on_other_evidence_keeps_nothing(world, shown):
    """What this piece was not accepted for is no reason to leave somebody's card where it is."""
    unit = world.unit("LA1", made.UNIT)
    rows = LearnerUnit.objects.for_centre(shown.centre_id).filter(pk=unit.pk)
    for mapping, signed, told in (("not_yet", True, []), ("met", False, []), ("met", True, ["purge-signed"])):
        rows.update(state="in_progress")
        shown.evidence.mappings.update(state=mapping)
        rows.update(state="assessor_signed" if signed else "in_progress")
        if told:
            assert refused(lambda: ask(world, shown)) == told
        else:
            decide(world, ask(world, shown), agrees=False, note="It is the learner's own card.")
