"""Saving "met" through the service: what is asked, what is stored, and what the database holds (T3, T9, T13, T14)."""

import dataclasses
import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Judgement, Review
from assessments.services import decide, send_back
from centres.models import Registration
from common import clock
from common.ids import new_public_id
from common.refusals import NotFound, Refused
from portfolio.enums import EvidenceState
from portfolio.models import Evidence, EvidenceVersion, Opening
from portfolio.services import open_version, recall_evidence, revise_evidence, save_draft, show, submit_evidence
from qualifications.models import Qualification
from tests.assessments.conftest import ALL_FIVE, GOOD, judge, open_it, verdicts
from tests.factories import files
from tests.factories import portfolio as made

HOW = "I rang her supervisor Sam, who was at the till."


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return [refusal.code for refusal in caught.value.refusals]


def review_of(piece):
    return Review.objects.for_centre(piece.centre_id).filter(evidence=piece).latest("at")


def said(**changes):
    return dataclasses.replace(GOOD, **changes)


def again_as(world, piece, **fields):
    """Send a piece back, and let its learner send it again with only these fields changed."""
    send_back(
        actor=world.actor("AA1"),
        evidence=piece,
        version_number=1,
        verdicts=[],
        answers=said(feedback="Not real work. Do it at the till."),
        at=clock.now(),
    )
    learner = world.actor("LA1")
    draft = revise_evidence(actor=learner, evidence=made.again(piece), at=clock.now())
    draft = save_draft(actor=learner, evidence=draft, revision=draft.revision, fields=fields, at=clock.now())
    submit_evidence(actor=learner, evidence=draft, revision=draft.revision, answers=made.YES, at=clock.now())
    sent = made.again(draft)
    open_it(world, sent, "AA1")
    return made.again(sent)


def test_t3_a_role_play_does_not_become_real_work_unseen(world, opened):
    piece = again_as(world, opened(setting="simulation"), setting="real_work")
    assert codes(lambda: judge(world, piece)) == ["setting-basis"]
    assert made.again(piece).state == EvidenceState.IN_REVIEW
    judge(world, piece, answers=said(setting_basis=HOW))
    assert (review_of(piece).setting_confirmed, review_of(piece).setting_basis) == ("real_work", HOW)


@pytest.mark.parametrize("fields", [{"title": "Our role-play"}, {"body": "My trainer played the customer."}])
def test_words_that_hint_ask_how_the_assessor_knows(world, opened, fields):
    piece = opened(**fields)
    assert codes(lambda: judge(world, piece)) == ["setting-basis"]


def test_doing_with_nothing_beside_the_learners_word_asks_how_the_assessor_knows(world, opened):
    doing, knowing = opened(place=""), opened(place="", numbers=("1.1",))
    assert codes(lambda: judge(world, doing)) == ["setting-basis"]
    judge(world, knowing)


@pytest.mark.parametrize("field", ["place", "people"])
def test_a_place_or_a_person_stands_beside_it(world, opened, field):
    judge(world, opened(**{"place": "", field: "Sam, the supervisor"}))


OWN_TEXT = {"setting": "realistic", "by": "City & Guilds", "source": "Handbook, 5.5", "text": "A training restaurant."}


def with_text(world, **text):
    """Put LA1 on a version of the diploma that carries an awarding organisation's own text about settings."""
    row = Qualification.objects.get(pk=world.diploma.pk)
    row.pk, row.public_id, row.version, row._state.adding = None, new_public_id(), row.version + 1, True
    row.settings = [OWN_TEXT | {"by": row.awarding_body} | text]
    row.save()
    rows = Registration.objects.for_centre(world.learners["LA1"].centre_id)
    rows.filter(pk=world.registrations["LA1"].pk).update(qualification=row)


def test_a_realistic_environment_counts_only_where_the_awarding_organisation_says_so(world, opened):
    piece = opened(setting="realistic")
    answers = said(setting_confirmed="realistic")
    assert codes(lambda: judge(world, piece, answers=answers)) == ["not-real-work"]
    with_text(world, by="Some other body")
    assert codes(lambda: judge(world, piece, answers=answers)) == ["not-real-work"]


def test_where_it_says_so_the_decision_keeps_that_it_did(world, opened):
    piece = opened(setting="realistic")
    with_text(world)
    judge(world, piece, answers=said(setting_confirmed="realistic"))
    row = Judgement.objects.for_centre(piece.centre_id).get(mapping__evidence=piece)
    assert row.realistic_counts
    assert row.digest == row.computed_digest


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"setting": "realistic"}, "realistic_meets_where_it_counts"),
        ({"learner_setting": "realistic"}, "realistic_meets_where_it_counts"),
        ({"setting": "classroom", "realistic_counts": True}, "simulation_meets_no_competence"),
        ({"setting": ""}, "met_says_where"),
    ],
)
def test_the_database_holds_it_whoever_writes_the_row(world, opened, changed, name):
    piece = opened()
    judge(world, piece)
    row = Judgement.objects.for_centre(piece.centre_id).get(mapping__evidence=piece)
    row.pk, row.public_id, row.round = None, new_public_id(), row.round + 1
    for field, value in changed.items():
        setattr(row, field, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save(force_insert=True)
    row.verdict, row.reason = "not_yet", "It was practice."
    row.save(force_insert=True)


def test_t9_no_word_off_meets_anything(world, opened):
    piece = opened()
    for off in ({"valid": False}, dict.fromkeys(ALL_FIVE, False)):
        found = codes(lambda off=off: judge(world, piece, answers=said(vacsr=ALL_FIVE | off, vacsr_note="x")))
        assert set(found) == {"vacsr-off", "vacsr-note"}
    judge(world, piece)
    assert review_of(piece).vacsr == ALL_FIVE


def test_t13_met_needs_a_word_once_an_item(world, opened):
    piece = opened()
    assert codes(lambda: judge(world, piece, answers=said(feedback=""))) == ["no-feedback"]
    judge(world, piece)
    judge(world, piece, answers=said(feedback=""))  # decided again: the learner has had a word


def test_t13_every_submission_gets_a_word(world, opened):
    """R77: what was said when it was sent back is no answer to what was sent then."""
    piece = again_as(world, opened(), title="The kettle, and what I did next")
    silent = said(feedback="", setting_basis=HOW)
    assert codes(lambda: judge(world, piece, answers=silent)) == ["no-feedback"]
    judge(world, piece, answers=said(setting_basis=HOW))
    judge(world, piece, answers=silent)  # decided again: the learner has had a word


def test_t14_old_evidence_asks_why_it_still_counts(world, opened):
    piece = opened(activity_date=dt.date(1999, 1, 1))
    assert codes(lambda: judge(world, piece)) == ["not-current"]
    assert codes(lambda: judge(world, piece, answers=said(currency_note="x"))) == ["not-current"]
    judge(world, piece, answers=said(currency_note="The same till and the same rules since."))
    assert review_of(piece).currency_note == "The same till and the same rules since."


def test_the_limit_is_the_centres(world, opened):
    piece = opened(activity_date=world.today - dt.timedelta(days=10))
    piece.centre.currency_days = 9
    piece.centre.save()
    assert codes(lambda: judge(world, piece)) == ["not-current"]
    piece.centre.currency_days = 10
    piece.centre.save()
    judge(world, piece)


def test_abuse_7_a_back_dated_observation_is_explained(world, opened):
    piece = opened()
    long_ago = dt.date(1999, 1, 1)
    assert codes(lambda: judge(world, piece, answers=said(observed_on=long_ago))) == ["observed-doubtful"]
    judge(world, piece, answers=said(observed_on=long_ago, days_note="From the paper record of her first job."))
    assert review_of(piece).days_note == "From the paper record of her first job."


# --- what was shown (J9)


def with_photos(world, *names):
    piece = made.draft(world, kind="media")
    rows = [
        made.with_file(world, piece, name=name, content=files.jpeg(seed=n)) for n, name in enumerate(names, start=40)
    ]
    made.choose(world, piece)
    return made.send(world, piece), rows


def test_met_waits_for_every_file(world):
    version, (one, two) = with_photos(world, "one.jpg", "two.jpg")
    piece = version.evidence
    assert codes(lambda: judge(world, made.again(piece))) == ["not-opened"]
    show(actor=world.actor("AA1"), version=version, file_id=one.public_id, at=clock.now())
    with pytest.raises(Refused) as caught:
        judge(world, made.again(piece))
    assert [(r.code, r.params) for r in caught.value.refusals] == [("not-opened", {"name": "two.jpg"})]
    show(actor=world.actor("AA1"), version=version, file_id=two.public_id, at=clock.now())
    judge(world, made.again(piece))


def test_a_file_shown_to_somebody_else_was_not_shown(world):
    version, _rows = with_photos(world, "one.jpg")
    open_version(actor=world.actor("QA"), version=version, at=clock.now())
    assert codes(lambda: judge(world, made.again(version.evidence))) == ["not-opened"]


def test_it_can_be_sent_back_before_all_of_it_was_seen(world):
    version, (one, _two) = with_photos(world, "one.jpg", "two.jpg")
    show(actor=world.actor("AA1"), version=version, file_id=one.public_id, at=clock.now())
    send_back(
        actor=world.actor("AA1"),
        evidence=made.again(version.evidence),
        version_number=1,
        verdicts=[],
        answers=said(feedback="The first photo shows a name. Cover it."),
        at=clock.now(),
    )


def test_a_file_of_another_piece_cannot_be_shown_with_this_one(world):
    version, _rows = with_photos(world, "one.jpg")
    _other, (theirs,) = with_photos(world, "other.jpg")
    with pytest.raises(NotFound):
        show(actor=world.actor("AA1"), version=version, file_id=theirs.public_id, at=clock.now())
    assert not Opening.objects.for_centre(version.centre_id).filter(version=version).exists()


def test_the_first_act_starts_the_review_and_a_refused_one_does_not(world, sent):
    piece = sent()
    version = EvidenceVersion.objects.for_centre(piece.centre_id).get(evidence=piece)
    open_version(actor=world.actor("QA"), version=version, at=clock.now())
    assert codes(lambda: judge(world, piece)) == ["not-opened"]
    assert made.again(piece).state == EvidenceState.SUBMITTED
    recall_evidence(actor=world.actor("LA1"), evidence=made.again(piece), at=clock.now())


def test_a_code_is_the_one_on_the_chip(world, opened):
    piece = opened()
    call = lambda: decide(  # noqa: E731 - one act, said once
        actor=world.actor("AA1"),
        evidence=piece,
        version_number=1,
        verdicts=verdicts(piece, "not_yet"),
        answers=GOOD,
        at=clock.now(),
    )
    with pytest.raises(Refused) as caught:
        call()
    [refusal] = caught.value.refusals
    assert refusal.params == {"code": "1.4.1"}
    assert refusal.sentence == "Say what is missing for 1.4.1, so that the learner knows what to do."
    assert Evidence.objects.for_centre(piece.centre_id).get(pk=piece.pk).state == EvidenceState.IN_REVIEW
