"""What a review and its judgements keep of what an assessor said, and what is taken into account for each reason."""

import dataclasses
import datetime as dt

import pytest

from assessments import services
from assessments.enums import Vacsr
from assessments.models import CurrentDecision, Judgement, Review
from assessments.services import VerdictGiven, current
from centres.enums import UnitState
from centres.models import LearnerUnit, Registration
from common import clock
from common.refusals import Refused, Stale
from jobs.models import Job
from portfolio.models import EvidenceMapping
from portfolio.services import Chosen, set_mappings
from tests.assessments.conftest import ALL_FIVE, GOOD, KEY, judge, mappings_of, verdicts
from tests.factories import files, moving
from tests.factories import portfolio as made

WORDS = ("feedback", "next_action", "vacsr_note", "setting_basis", "currency_note", "days_note")


def decide(world, piece, given, answers=GOOD, *, act=services.decide):
    said = {"evidence": piece, "version_number": piece.version_number, "verdicts": given, "answers": answers}
    return act(actor=world.actor("AA1"), at=clock.now(), **said)


def codes(call, *args, **given):
    with pytest.raises(Refused) as caught:
        call(*args, **given)
    return [one.code for one in caught.value.refusals]


def test_a_review_keeps_every_word_without_the_blanks_around_it(world, opened):
    piece, at = opened(), clock.now()
    said = {name: f"  Words for {name}, as they were typed.\n" for name in WORDS}
    next_by = world.today + dt.timedelta(days=7)
    answers = dataclasses.replace(GOOD, next_by=next_by, inspected_on=world.today, **said)
    review = decide(world, piece, verdicts(piece), answers)
    row = Review.objects.for_centre(piece.centre_id).get()
    assert row == review
    assert {name: getattr(row, name) for name in WORDS} == {name: text.strip() for name, text in said.items()}
    kept = (row.kind, row.setting_confirmed, row.next_by, row.inspected_on, row.vacsr)
    assert kept == ("decided", "real_work", next_by, world.today, ALL_FIVE)
    assert (row.assessor, row.version, row.evidence) == (world.people["AA1"], piece.versions.get(), piece)
    assert row.at >= at
    assert Job.objects.filter(name="portfolio.learn", key=f"learn {piece.centre_id}").count() == 1


def test_each_judgement_keeps_what_was_said_of_its_criterion(world, opened):
    piece = opened(numbers=["1.1", "4.1", "4.2"])
    seen = dataclasses.replace(GOOD, observed_on=world.today)
    given = [
        VerdictGiven(one.public_id, one.round, verdict, reason)
        for one, verdict, reason in zip(
            mappings_of(piece),
            ("met", "not_yet", "not_relevant"),
            (" Well said. ", " Film the end. ", " Not shown here. "),
            strict=True,
        )
    ]
    decide(world, piece, given, seen)
    rows = Judgement.objects.for_centre(piece.centre_id).select_related("criterion").order_by("criterion__position")
    kept = [(r.criterion.number, r.verdict, r.reason, r.kind, r.observed_on, r.round) for r in rows]
    assert kept == [
        ("1.1", "met", "Well said.", "knowledge", world.today, 1),
        ("4.1", "not_yet", "Film the end.", "competence", None, 1),
        ("4.2", "not_relevant", "Not shown here.", "competence", None, 1),
    ]
    told = {(r.setting, r.learner_setting, r.realistic_counts, r.standing, r.version_digest) for r in rows}
    assert told == {("real_work", "real_work", False, "qualified", piece.versions.get().digest)}
    standing = CurrentDecision.objects.for_centre(piece.centre_id).order_by("criterion__position")
    assert [(one.verdict, one.standing, one.proposed, one.judgement) for one in standing] == [
        (row.verdict, "qualified", None, row) for row in rows
    ]
    assert {one.changed_at for one in standing} == {rows[0].at}


def test_a_criterion_that_is_no_longer_on_the_piece_is_refused_and_nothing_saved(world, opened):
    piece = opened()
    foreign = VerdictGiven("0" * 26, 0, "met")
    assert codes(decide, world, piece, [*verdicts(piece), foreign]) == ["foreign-mapping"]
    assert codes(decide, world, piece, [foreign], act=services.send_back) == ["foreign-mapping"]
    assert not Review.objects.for_centre(piece.centre_id).exists()


def test_whoever_was_slower_hears_that_first_whatever_else_is_wrong(world, opened):
    piece = opened()
    old = verdicts(piece, "not_yet")
    judge(world, piece)
    with pytest.raises(Stale):
        decide(world, piece, old, dataclasses.replace(GOOD, feedback=""))
    wrong = [VerdictGiven(mappings_of(piece)[0].public_id, 7, "met")]
    with pytest.raises(Stale) as caught:
        decide(world, piece, wrong)
    assert caught.value.who == world.people["AA1"].full_name


def test_a_round_that_nobody_judged_is_stale_without_a_name(world, opened):
    piece = opened()
    with pytest.raises(Stale) as caught:
        decide(world, piece, [VerdictGiven(mappings_of(piece)[0].public_id, 7, "met")])
    assert (caught.value.who, caught.value.at) == ("", None)


def test_the_first_decision_starts_the_units_it_is_about_and_no_other(world, opened):
    piece = opened(numbers=["4.1"])
    unit = world.unit("LA1", KEY)
    for state in (UnitState.SELECTED, UnitState.IN_PROGRESS):
        assert world.unit("LA1", KEY).state == state
        judge(world, piece)
    others = LearnerUnit.objects.for_centre(piece.centre_id).exclude(pk=unit.pk)
    assert set(others.values_list("state", flat=True)) == {UnitState.SELECTED}


def test_in_situ_means_what_the_version_says_of_itself(world):
    """Something that stays where it is has to be inspected; a draft of the next version does not change that."""
    piece = made.draft(world, kind="in_situ", location="Back office", custodian="The manager")
    made.choose(world, piece)
    version = made.open_it(world, made.send(world, piece))
    piece = version.evidence
    assert codes(judge, world, piece) == ["not-inspected"]
    type(piece).objects.for_centre(piece.centre_id).filter(pk=piece.pk).update(kind="writing")
    assert codes(judge, world, made.again(piece)) == ["not-inspected"]
    judge(world, made.again(piece), answers=dataclasses.replace(GOOD, inspected_on=world.today))


def test_one_file_that_is_not_open_stops_the_decision(world):
    piece = made.draft(world, kind="media")
    first = made.with_file(world, piece, checked=False)
    made.with_file(world, piece, name="b.jpg", content=files.jpeg(seed=2), checked=False)
    made.choose(world, piece)
    rows = type(first).objects.for_centre(piece.centre_id)
    rows.update(state="ready")
    version = made.open_it(world, made.send(world, piece))
    for state in ("received", "checking", "refused", "infected"):
        rows.filter(pk=first.pk).update(state=state)
        assert "files-closed" in codes(judge, world, version.evidence), state
    rows.filter(pk=first.pk).update(state="not_scanned")
    judge(world, version.evidence)


def in_another(world, piece):
    """Register LA1 for the legacy certificate too, and offer the draft for a criterion of it as well."""
    registration = moving.register(world, moving.LEGACY, "LA1")
    unit = moving.unit_of(registration, moving.PHONE)
    criterion = unit.unit.criteria.get(number="1.2").public_id
    ticks = [made.ticked(world, "4.1"), Chosen(unit.public_id, criterion)]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=ticks, unsure=False, at=clock.now())
    return registration


@pytest.mark.parametrize("ended", ["first", "second"])
def test_only_the_registrations_of_what_is_judged_have_to_run(world, ended):
    moving.publish_more(world.at)
    piece = made.draft(world)
    second = in_another(world, piece)
    version = made.open_it(world, made.send(world, piece))
    of = {"first": world.registrations["LA1"], "second": second}
    Registration.objects.for_centre(piece.centre_id).filter(pk=of[ended].pk).update(state="on_break")
    part = {name: piece.mappings.get(learner_unit__registration=row) for name, row in of.items()}
    given = {name: VerdictGiven(one.public_id, one.round, "met") for name, one in part.items()}
    (running,) = {"first", "second"} - {ended}
    assert codes(decide, world, version.evidence, list(given.values())) == ["registration-ended"]
    assert codes(decide, world, version.evidence, [given[ended]]) == ["registration-ended"]
    assert decide(world, version.evidence, [given[running]]).judgements.count() == 1


def test_sending_back_needs_one_registration_that_runs(world):
    moving.publish_more(world.at)
    piece = made.draft(world)
    second = in_another(world, piece)
    version = made.open_it(world, made.send(world, piece))
    rows = Registration.objects.for_centre(piece.centre_id)
    rows.filter(pk=second.pk).update(state="on_break")
    assert decide(world, version.evidence, [], act=services.send_back).kind == "returned"
    type(piece).objects.for_centre(piece.centre_id).filter(pk=piece.pk).update(state="in_review")
    rows.filter(learner=world.learners["LA1"]).update(state="on_break")
    assert codes(decide, world, made.again(piece), [], act=services.send_back) == ["registration-ended"]


def test_a_signed_unit_that_rests_on_it_keeps_a_piece_from_going_back(world, opened):
    piece = opened(numbers=["4.1", "4.2"])
    decide(world, piece, verdicts(piece)[:1])
    unit = world.unit("LA1", KEY)
    rows = LearnerUnit.objects.for_centre(piece.centre_id).filter(pk=unit.pk)
    rows.update(state=UnitState.ASSESSOR_SIGNED)
    assert codes(decide, world, piece, [], act=services.send_back) == ["unit-frozen"]
    mappings = EvidenceMapping.objects.for_centre(piece.centre_id)
    rows.update(state=UnitState.IN_PROGRESS)  # no mapping of a signed unit moves, whoever writes the row
    mappings.filter(state="met").update(state="not_yet")
    rows.update(state=UnitState.ASSESSOR_SIGNED)
    assert decide(world, piece, [], act=services.send_back).kind == "returned", "it does not rest on it"


def test_no_five_questions_are_stood_for_where_nothing_is_met(world, opened):
    piece = opened()
    answers = dataclasses.replace(GOOD, vacsr={Vacsr.VALID: True})
    decide(world, piece, verdicts(piece, "not_yet", "The end is missing."), answers)
    assert Review.objects.for_centre(piece.centre_id).get().vacsr in ({}, {"valid": True})


def test_what_waits_no_longer_is_not_lifted(world, opened):
    """The service asks first whether it waits; this is the last door, for whoever comes past it."""
    piece = opened("LA3", by="AT1")
    judge(world, piece, by="AT1")
    made.open_it(world, piece.versions.get(), "AA2")
    row = Judgement.objects.for_centre(piece.centre_id).get()
    signature = services.countersign(actor=world.actor("AA2"), judgement=row, agrees=True, at=clock.now())
    mapping = mappings_of(piece)[0]
    with pytest.raises(Stale):
        current.countersigned(signature, mapping, at=clock.now())
    CurrentDecision.objects.for_centre(piece.centre_id).all().delete()
    with pytest.raises(Stale):
        current.countersigned(signature, mapping, at=clock.now())
    assert mappings_of(piece)[0].state == "met"
