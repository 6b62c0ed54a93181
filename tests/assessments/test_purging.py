"""Personal data of others: sent back at once, removed for good once a second person agrees (R60)."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import services
from assessments.models import Review
from assessments.services.judging import ReviewAnswers
from audit.models import Event
from centres.enums import Role, UnitState
from centres.models import LearnerUnit, Membership
from common import clock
from common.refusals import Forbidden, NotFound, Refused, Stale
from portfolio.access import file_for, preview_for
from portfolio.enums import EvidenceState, FileState
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion, Preview, PurgeDecision, PurgeRequest, Tombstone
from portfolio.queries.purges import is_repeated, is_withheld, purge_for, purge_mark
from portfolio.queries.seen import piece_mark
from portfolio.services import recall_evidence, receive_file, remove_file, revise_evidence, save_draft, set_mappings
from portfolio.services.files import stored_bytes
from tests.assessments.test_sign_off import complete, sign
from tests.factories import files
from tests.factories import portfolio as made
from tests.factories import rules as rulers

WHY = "A customer's card number can be read in the photo."
STAYS = "The number belongs to the learner's own card."
LOOK = "a test looks"


def codes(refusals):
    return [r.code for r in refusals]


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return codes(caught.value.refusals)


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown(world):
    """A piece of LA1's with a photo that was looked into, sent and opened by its assessor."""
    piece = made.draft(world, kind="media")
    made.with_file(world, piece)
    made.choose(world, piece)
    version = made.open_it(world, made.send(world, piece))
    version.evidence = made.again(piece)
    return version


def ask(world, version, by="AA1", *, words=False, seen=None, reason=WHY):
    return services.ask_purge(
        actor=world.actor(by),
        evidence=made.again(version.evidence),
        version_number=version.number,
        reason=reason,
        words=words,
        seen=seen,
        at=clock.now(),
    )


def decide(world, purge, by="CA", *, agrees=True, note="", seen=None):
    return services.decide_purge(
        actor=world.actor(by), purge=purge, agrees=agrees, note=note, seen=seen, at=clock.now()
    )


def file_of(version):
    return EvidenceFile.objects.for_centre(version.centre_id).get(in_versions__version=version)


def test_asking_sends_the_piece_back_and_removes_nothing_yet(world, shown):
    mark = piece_mark(made.again(shown.evidence))
    row = ask(world, shown, seen=mark)
    assert made.again(shown.evidence).state == EvidenceState.RETURNED
    review = Review.objects.for_centre(shown.centre_id).get(evidence=shown.evidence)
    assert (review.kind, WHY in review.feedback, review.version_id) == ("returned", True, shown.pk)
    assert default_storage.exists(file_of(shown).storage_key)
    assert (row.asked_by_id, row.words) == (world.people["AA1"].pk, False)
    assert refused(lambda: ask(world, shown)) == ["purge-waiting"]
    with pytest.raises(Stale):
        ask(world, shown, seen=mark)


def test_a_quality_assurer_asks_too_and_nobody_who_does_not_see_it(world, shown):
    for by in ("AA2", "EA", "CA", "LA2"):
        with pytest.raises(Forbidden):
            ask(world, shown, by=by)
    assert refused(lambda: ask(world, shown, by="LA1")) == ["purge-own-piece"]
    assert ask(world, shown, by="QA").asked_by_id == world.people["QA"].pk


def test_a_piece_that_its_learner_has_in_hand_stays_there(world, shown):
    ask(world, shown, by="QA")
    revise_evidence(actor=world.actor("LA1"), evidence=made.again(shown.evidence), at=clock.now())
    decide(world, PurgeRequest.objects.across_centres(reason=LOOK).get(), agrees=False, note=STAYS)
    ask(world, shown)
    assert made.again(shown.evidence).state == EvidenceState.DRAFT
    assert Review.objects.for_centre(shown.centre_id).filter(evidence=shown.evidence).count() == 1


def cleaned(world, shown, *, same_photo=False):
    """The next version, sent without what the first one shows."""
    learner = world.actor("LA1")
    services.send_back(
        actor=world.actor("AA1"),
        evidence=shown.evidence,
        version_number=shown.number,
        verdicts=[],
        answers=ReviewAnswers(feedback="Say more about what the customer wanted from you."),
        at=clock.now(),
    )
    piece = revise_evidence(actor=learner, evidence=made.again(shown.evidence), at=clock.now())
    if not same_photo:
        remove_file(actor=learner, evidence=piece, file=file_of(shown), at=clock.now())
        made.with_file(world, made.again(piece), name="covered.jpg", content=files.jpeg(seed=77))
    return made.send(world, made.again(piece))


def test_a_newer_version_that_shows_none_of_it_stays_where_it_is(world, shown):
    """What is found in an older version is no fault of the newer one: nobody has to send that again."""
    cleaned(world, shown)
    ask(world, shown)
    assert made.again(shown.evidence).state == EvidenceState.SUBMITTED


def test_a_newer_version_with_the_same_photo_goes_back_as_well(world, shown):
    cleaned(world, shown, same_photo=True)
    ask(world, shown)
    assert made.again(shown.evidence).state == EvidenceState.RETURNED


def test_a_newer_version_goes_back_where_what_counts_was_decided_on_the_older_one(world):
    """It has to be judged again, and what waits for nobody would never be."""
    piece = complete(world)
    version = EvidenceVersion.objects.for_centre(piece.centre_id).get(evidence=piece)
    Evidence.objects.for_centre(piece.centre_id).filter(pk=piece.pk).update(version_number=2)
    newer = EvidenceVersion.objects.create(
        **{
            one.attname: getattr(version, one.attname)
            for one in EvidenceVersion._meta.concrete_fields
            if one.attname not in {"id", "public_id", "number", "fields"}
        },
        number=2,
        fields=version.fields | {"body": "Nobody is named here."},
    )
    assert not is_repeated(version, words=True)
    ask(world, version, words=True)
    assert (newer.number, made.again(piece).state) == (2, EvidenceState.RETURNED)


def test_a_version_that_a_signed_unit_rests_on_stays_until_the_unit_is_open(world):
    piece = complete(world)
    version = EvidenceVersion.objects.for_centre(piece.centre_id).get(evidence=piece)
    sign(world)
    assert refused(lambda: ask(world, version, words=True)) == ["purge-signed"]
    assert made.again(piece).state == EvidenceState.ACCEPTED


def test_nothing_is_signed_in_the_meantime(world):
    """Of asking and signing whoever comes second is refused; asked for first, the piece is back and blocks."""
    piece = complete(world)
    version = EvidenceVersion.objects.for_centre(piece.centre_id).get(evidence=piece)
    row = ask(world, version, words=True)
    assert "sent-back" in refused(lambda: sign(world))
    LearnerUnit.objects.for_centre(piece.centre_id).filter(pk=world.unit("LA1", made.UNIT).pk).update(
        state=UnitState.ACHIEVED
    )
    assert refused(lambda: decide(world, row)) == ["purge-signed"]
    assert not Tombstone.objects.for_centre(piece.centre_id).exists()


def test_what_was_accepted_on_a_removed_version_is_judged_again(world):
    piece = complete(world)
    version = EvidenceVersion.objects.for_centre(piece.centre_id).get(evidence=piece)
    decide(world, ask(world, version, words=True))
    assert "rests-on-removed" in refused(lambda: sign(world))


# --- agreeing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def purge(world, shown):
    return ask(world, shown, words=True)


def test_a_second_person_has_it_removed_for_good(world, shown, purge, run_jobs):
    run_jobs()
    before, previews = file_of(shown), list(Preview.objects.for_centre(shown.centre_id).exclude(storage_key=""))
    assert previews
    stored = stored_bytes(shown.centre_id, world.learners["LA1"].pk)
    decide(world, purge)
    run_jobs()
    assert not any(default_storage.exists(key) for key in (before.storage_key, *(p.storage_key for p in previews)))
    assert not Preview.objects.for_centre(shown.centre_id).filter(file=before).exists()
    stone = Tombstone.objects.for_centre(shown.centre_id).get(file=before)
    kept = (stone.sha256, stone.size, stone.content_type, stone.decision.request.reason)
    assert kept == (before.sha256, before.size, before.content_type, WHY)
    assert (stone.decision.asked_by_id, stone.decision.decided_by_id) == (purge.asked_by_id, world.people["CA"].pk)
    assert stored_bytes(shown.centre_id, world.learners["LA1"].pk) == stored - before.size
    assert Event.objects.filter(action="evidence.purged").count() == 1


def test_nobody_opens_what_was_removed_by_any_address(world, shown, purge, run_jobs):
    run_jobs()
    file = file_of(shown).public_id
    previews = list(Preview.objects.for_centre(shown.centre_id).values_list("public_id", flat=True))
    for who in ("LA1", "AA1", "QA"):
        assert file_for(world.actor(who), file, "open")
    decide(world, purge)
    for who in ("LA1", "AA1", "QA", "EA", "CA"):
        with pytest.raises(NotFound):
            file_for(world.actor(who), file, "open")
        for preview in previews:
            with pytest.raises(NotFound):
                preview_for(world.actor(who), preview)


def test_what_was_written_is_withheld_and_its_live_copy_is_gone(world, shown, purge):
    decide(world, purge)
    assert is_withheld(shown)
    now = made.again(shown.evidence)
    assert (now.title, now.sent_title, now.description, now.body, now.place) == (
        "Words removed",
        "Words removed",
        "",
        "",
        "",
    )
    again = EvidenceVersion.objects.for_centre(shown.centre_id).get(pk=shown.pk)
    assert again.digest == again.computed_digest


def test_a_next_version_begun_meanwhile_keeps_no_copy_of_the_words(world, shown, purge):
    """Staff see the title that was sent; a draft that is a mere copy of what was removed would bring it back."""
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(shown.evidence), at=clock.now())
    decide(world, purge)
    now = made.again(piece)
    assert (now.sent_title, now.title, now.description, now.place) == ("Words removed", "Words removed", "", "")


def test_what_the_learner_wrote_anew_stays_theirs(world, shown, purge):
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(shown.evidence), at=clock.now())
    again = made.facts(world, kind="media", title="A refund, without the card")
    save_draft(actor=world.actor("LA1"), evidence=piece, revision=piece.revision, fields=again, at=clock.now())
    decide(world, purge)
    now = made.again(piece)
    assert (now.sent_title, now.title, now.place) == ("Words removed", again["title"], again["place"])


def test_a_note_beside_a_criterion_goes_with_the_words(world):
    piece = made.draft(world)
    chosen = [made.ticked(world, made.COMPETENCE, note="Card 4111, the customer in row 2")]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=chosen, unsure=False, at=clock.now())
    version = made.open_it(world, made.send(world, piece))
    decide(world, ask(world, version, words=True))
    assert list(piece.mappings.values_list("note", flat=True)) == [""]


def test_a_worker_that_makes_pictures_meanwhile_leaves_none(world, shown):
    """The file's row is taken first: whoever has made pictures by then is seen, whoever comes later writes none."""
    row = ask(world, shown)
    with CaptureQueriesContext(connection) as caught:
        decide(world, row)
    said = [one["sql"] for one in caught]
    first = lambda verb, table: next(n for n, sql in enumerate(said) if sql.startswith(verb) and table in sql)  # noqa: E731 - one look
    assert first("UPDATE", "portfolio_evidencefile") < first("SELECT", 'FROM "portfolio_preview"')


def test_without_the_words_only_the_files_go(world, shown):
    decide(world, ask(world, shown))
    assert not is_withheld(shown)
    assert made.again(shown.evidence).title == shown.fields["title"]


def test_the_same_bytes_do_not_come_back(world, shown, purge):
    decide(world, purge)
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(shown.evidence), at=clock.now())
    assert not piece.files.filter(removed_at=None).exists()
    add = lambda content: receive_file(  # noqa: E731 - one act, asked about
        actor=world.actor("LA1"),
        evidence=made.again(piece),
        name="again.jpg",
        content=files.upload("again.jpg", content),
        at=clock.now(),
    )
    assert refused(lambda: add(files.jpeg())) == ["removed-before"]
    assert add(files.jpeg(seed=77)).state == FileState.RECEIVED


def test_the_same_bytes_are_not_sent_from_a_draft_that_had_them_before(world, shown, purge):
    """They were added before anybody agreed, so adding them was not refused."""
    other = made.draft(world, kind="media")
    made.with_file(world, other)
    made.choose(world, other, numbers=(made.COMPETENCE,))
    decide(world, purge)
    assert refused(lambda: made.send(world, other)) == ["removed-before"]


def test_the_same_bytes_that_were_sent_again_meanwhile_go_as_well(world, shown, purge, run_jobs):
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(shown.evidence), at=clock.now())
    remove_file(actor=world.actor("LA1"), evidence=piece, file=file_of(shown), at=clock.now())
    again = made.with_file(world, made.again(piece))
    version = made.send(world, made.again(piece))
    assert [entry["id"] for entry in version.files] == [again.public_id]
    decide(world, purge)
    run_jobs()
    for by in ("LA1", "AA1", "QA"):
        with pytest.raises(NotFound):
            file_for(world.actor(by), again.public_id, "open")
    assert not default_storage.exists(again.storage_key)
    call_command("verify_ledger", stdout=io.StringIO())


def test_it_stays_when_the_second_person_says_so(world, shown, purge):
    row = decide(world, purge, agrees=False, note=STAYS)
    assert (row.agrees, row.note) == (False, STAYS)
    assert file_of(shown).state in {FileState.READY, FileState.NOT_SCANNED}
    assert refused(lambda: decide(world, purge)) == ["purge-decided"]
    assert ask(world, shown)


def test_who_asked_does_not_agree_and_neither_does_its_learner(world, shown, purge):
    rows = Membership.objects.for_centre(shown.centre_id)
    for code in ("AA1", "LA1"):
        rows.create(
            centre_id=shown.centre_id,
            person=world.people[code],
            role=Role.ADMIN,
            starts_on=world.today,
            created_at=clock.now(),
        )
    assert refused(lambda: decide(world, purge, by="AA1")) == ["purge-asked-by-self"]
    assert refused(lambda: decide(world, purge, by="LA1")) == ["purge-own-piece"]
    for by in ("AA2", "QA", "EA", "LA2"):
        with pytest.raises(Forbidden):
            decide(world, purge, by=by)
    rulers.lead(world, "QA")
    assert decide(world, purge, by="QA").decided_by_id == world.people["QA"].pk


def test_a_tab_left_open_answers_nothing(world, shown, purge):
    mark = purge_mark(purge_for(world.actor("CA"), purge.public_id))
    decide(world, purge, agrees=False, note=STAYS, seen=mark)
    with pytest.raises(Stale):
        decide(world, purge, seen=mark)


def test_the_database_holds_two_people(world, purge):
    with pytest.raises(DatabaseError, match="purge_decided_by_another"), transaction.atomic():
        PurgeDecision.objects.create(
            centre_id=purge.centre_id,
            request=purge,
            agrees=True,
            asked_by_id=purge.asked_by_id,
            decided_by_id=purge.asked_by_id,
            decided_by_name="One",
            at=clock.now(),
        )


def test_what_is_on_record_stays(world, purge):
    decide(world, purge)
    for model in (PurgeRequest, PurgeDecision, Tombstone):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.for_centre(purge.centre_id).update(at=clock.now())


def test_what_was_taken_back_meanwhile_is_not_there(world):
    piece = made.draft(world)
    made.choose(world, piece)
    version = made.send(world, piece)
    recall_evidence(actor=world.actor("LA1"), evidence=made.again(piece), at=clock.now())
    with pytest.raises(NotFound):
        ask(world, version, words=True)
