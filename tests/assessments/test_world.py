"""Judging, queues and pages by registration: a shared piece is judged by whoever judges each part of it (decision 11)."""

import pytest

from assessments.access import exemption_for, judgement_for, unit_to_countersign
from assessments.models import Judgement
from assessments.queries import readiness
from assessments.queries.also_serves import also_serves
from assessments.queries.core import may_countersign, to_countersign, units_to_countersign, waiting, waiting_count
from assessments.queries.learners import learner_page, learners_page
from assessments.queries.reviews import history, same_bytes
from assessments.queries.sign_off import units_page
from assessments.queries.work import Narrowed, work_page
from assessments.queries.workbench import addable, workbench
from assessments.services import Certificate, VerdictGiven, decide, record_exemption, send_back, withdraw_registration
from centres.access import unit_for
from centres.enums import Role
from centres.models import Allocation, Countersigner, LearnerUnit, Membership, Registration
from centres.queries import visible_registrations
from common import clock
from common.refusals import Forbidden, NotFound, Refused
from portfolio.enums import EvidenceState
from portfolio.models import EvidenceMapping
from portfolio.queries.core import seen_evidence
from portfolio.services import Chosen, set_mappings
from qualifications.models import Criterion
from tests.assessments.conftest import GOOD, judge, verdicts
from tests.assessments.test_sign_off import complete, countersign, sign
from tests.factories import moving as made
from tests.factories import portfolio as make


@pytest.fixture
def second(world):
    """LA1 is registered for the legacy certificate too; AA1 judges the diploma, AA2 the certificate."""
    made.publish_more(world.at)
    registration = made.register(world, made.LEGACY, who="LA1")
    mine = Allocation.objects.for_centre(registration.centre_id).get(assessor=world.people["AA1"])
    mine.registration = world.registrations["LA1"]
    mine.save()
    Allocation.objects.create(
        centre=world.learners["LA1"].centre,
        learner=world.learners["LA1"],
        registration=registration,
        assessor=world.people["AA2"],
        starts_on=world.today,
        created_at=world.at,
    )
    return registration


def first_unit(registration) -> LearnerUnit:
    rows = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration=registration)
    return rows.select_related("unit", "learner", "place", "registration__qualification").order_by("position").first()


def tick(registration) -> Chosen:
    unit = first_unit(registration)
    criterion = Criterion.objects.filter(unit_id=unit.unit_id).order_by("position").first()
    return Chosen(unit.public_id, criterion.public_id)


def sent_for(world, *registrations, **words):
    piece = make.draft(world, **words)
    chosen = [tick(one) for one in registrations]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=chosen, unsure=not chosen, at=clock.now())
    return make.send(world, piece)


@pytest.fixture
def shared(world, second):
    """A piece for a criterion of each registration, opened by both assessors."""
    version = sent_for(world, world.registrations["LA1"], second, title="Shared")
    for code in ("AA1", "AA2"):
        make.open_it(world, version, code)
    return version


def mapping_in(version, registration) -> EvidenceMapping:
    return version.evidence.mappings.get(learner_unit__registration=registration)


def give(world, version, mapping, by, *, act=decide, verdict="met", answers=GOOD):
    given = [
        VerdictGiven(one.public_id, one.round, verdict, "Say more." if verdict == "not_yet" else "") for one in mapping
    ]
    return act(
        actor=world.actor(by),
        evidence=make.again(version.evidence),
        version_number=version.number,
        verdicts=given,
        answers=answers,
        at=clock.now(),
    )


def test_each_judges_their_part_of_a_shared_piece(world, second, shared):
    mine, other = mapping_in(shared, world.registrations["LA1"]), mapping_in(shared, second)
    for by, wrong in (("AA1", [other]), ("AA2", [mine]), ("AA1", [mine, other])):
        with pytest.raises(Refused) as caught:
            give(world, shared, wrong, by)
        assert "not-allocated" in {r.code for r in caught.value.refusals}
    assert not Judgement.objects.for_centre(second.centre_id).exists()
    give(world, shared, [mine], "AA1")
    assert make.again(shared.evidence).state == EvidenceState.IN_REVIEW
    give(world, shared, [other], "AA2")
    assert make.again(shared.evidence).state == EvidenceState.ACCEPTED


def test_sending_back_whole_needs_a_part_in_it(world, second):
    version = make.open_it(world, sent_for(world, second), "AA2")
    with pytest.raises(Refused) as caught:
        give(world, version, [], "AA1", act=send_back)
    assert "not-allocated" in {r.code for r in caught.value.refusals}
    assert give(world, version, [], "AA2", act=send_back)


def test_a_piece_waits_for_whoever_has_something_to_judge(world, second, shared):
    unsure = sent_for(world, title="For nothing yet")
    for code in ("AA1", "AA2"):
        assert {one.pk for one in waiting(world.actor(code))} >= {shared.evidence_id, unsure.evidence_id}, code
    page = work_page(world.actor("AA1"), Narrowed(), 1, clock.now())
    assert {row.title: row.criteria for row in page.rows} == {"Shared": 1, "For nothing yet": 0}
    give(world, shared, [mapping_in(shared, world.registrations["LA1"])], "AA1")
    assert [one.pk for one in waiting(world.actor("AA1"))] == [unsure.evidence_id]
    assert waiting_count(world.actor("AA2")) == len([shared, unsure]) + waiting_of_la2(world)


def waiting_of_la2(world) -> int:
    return waiting(world.actor("AA2")).exclude(learner=world.learners["LA1"]).count()


def test_the_page_of_a_shared_piece_shows_what_each_sees(world, second, shared):
    mine, other = mapping_in(shared, world.registrations["LA1"]), mapping_in(shared, second)
    expected = {"AA1": {mine.public_id}, "AA2": {other.public_id}, "QA": {mine.public_id}, "EA": {mine.public_id}}
    for code, ids in expected.items():
        bench = workbench(world.actor(code), shared.evidence, shared)
        assert {row.public_id for row in bench.mappings} == ids, code
        assert bench.mine == (code in {"AA1", "AA2"}), code
        assert all(row.mine == bench.mine for row in bench.mappings)


def test_criteria_that_somebody_else_judges_are_not_offered(world, second, shared):
    title = first_unit(second).unit.title
    bench = workbench(world.actor("AA1"), shared.evidence, shared)
    assert addable(world.actor("AA1"), shared.evidence, title.split()[-1]) is not None
    found = [*addable(world.actor("AA1"), shared.evidence, "customer"), *also_serves(world.actor("AA1"), bench)]
    theirs = set(
        LearnerUnit.objects.for_centre(second.centre_id).filter(registration=second).values_list("public_id", flat=True)
    )
    assert found
    assert not [one for one in found if one.key.split()[0] in theirs]


def test_decisions_and_reviews_of_another_registration_are_not_told(world, second, shared):
    mine, other = mapping_in(shared, world.registrations["LA1"]), mapping_in(shared, second)
    give(world, shared, [mine], "AA1")
    give(world, shared, [other], "AA2", verdict="not_yet")
    told = {}
    for code in ("AA1", "AA2", "QA"):
        (version,) = history(world.actor(code), shared.evidence)
        told[code] = [(review.who, len(review.decisions)) for review in version.reviews]
    first, other_name = world.people["AA1"].full_name, world.people["AA2"].full_name
    assert told == {"AA1": [(first, 1)], "AA2": [(other_name, 1)], "QA": [(first, 1)]}
    theirs = Judgement.objects.for_centre(second.centre_id).get(mapping=other)
    for code in ("QA", "EA", "AA1"):
        with pytest.raises(NotFound):
            judgement_for(world.actor(code), theirs.public_id)
    assert judgement_for(world.actor("AA2"), theirs.public_id) == theirs


def test_the_whole_piece_sent_back_is_told_to_both(world, second, shared):
    give(world, shared, [], "AA2", act=send_back)
    for code in ("AA1", "AA2", "QA"):
        (version,) = history(world.actor(code), shared.evidence)
        assert len(version.reviews) == 1, code


def test_a_unit_is_signed_by_whoever_judges_in_its_registration(world, second):
    for code, registration, allowed in (
        ("AA1", second, False),
        ("AA2", second, True),
        ("AA1", world.registrations["LA1"], True),
    ):
        codes = {r.code for r in readiness(first_unit(registration), world.actor(code)).blockers}
        assert ("not-allocated" not in codes) == allowed, code
    mine = {row.learner_id for row in units_page(world.actor("AA2"), "near", 1).rows}
    assert mine <= {world.learners["LA2"].public_id, world.learners["LA1"].public_id}


def test_a_learners_page_is_about_the_registrations_in_sight(world, second, shared):
    other = sent_for(world, second, title="Elsewhere")
    for code, codes, titles in (
        ("AA1", {"10379"}, {"Shared"}),
        ("QA", {"10379"}, {"Shared"}),
        ("AA2", {made.LEGACY}, {"Shared", "Elsewhere"}),
    ):
        found = learner_page(world.actor(code), world.learners["LA1"])
        assert {r.qualification.entry_code for r, _standing, _award in found.registrations} == codes, code
        assert {one.title for one in found.waiting} == titles, code
        rows = {row.name: row for row in learners_page(world.actor(code), "LA1", 1).rows}
        (row,) = rows.values()
        assert row.waiting == len(titles), code
        assert {one.split()[0] for one in row.qualifications} == codes, code
        units = {unit.row.public_id for unit in found.units}
        seen = second if code == "AA2" else world.registrations["LA1"]
        expected = LearnerUnit.objects.for_centre(second.centre_id).filter(registration=seen)
        assert units == set(expected.values_list("public_id", flat=True)), code
    assert other.evidence.title == "Elsewhere"


def test_a_certificate_under_another_qualification_is_not_found(world, second):
    unit = first_unit(second)
    certificate = Certificate("OCR", unit.unit.reference or "A/1", unit.unit.title, world.today, "123", "the paper")
    row = record_exemption(actor=world.actor("CA"), learner_unit=unit, certificate=certificate, at=clock.now())
    with pytest.raises(NotFound):
        exemption_for(world.actor("QA"), row.public_id)
    assert exemption_for(world.actor("CA"), row.public_id) == row


def test_the_same_bytes_in_a_piece_out_of_sight_are_not_told(world, second):
    versions = []
    for registration in (second, world.registrations["LA1"]):
        piece = make.draft(world, kind="media")
        make.with_file(world, piece)
        ticks = [tick(registration)]
        set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=ticks, unsure=False, at=clock.now())
        versions.append(make.send(world, piece))
    hashes = {entry["sha256"] for entry in versions[0].files}
    assert same_bytes(world.actor("AA1"), versions[1].evidence, hashes) == ()
    assert not workbench(world.actor("AA1"), versions[1].evidence, versions[1]).seen_before
    assert not any(row.seen_before for row in work_page(world.actor("AA1"), Narrowed(), 1, clock.now()).rows)
    Allocation.objects.for_centre(second.centre_id).filter(assessor=world.people["AA1"]).update(registration=None)
    assert [one.public_id for one in same_bytes(world.actor("AA1"), versions[1].evidence, hashes)] == [
        versions[0].evidence.public_id
    ]
    assert workbench(world.actor("AA1"), versions[1].evidence, versions[1]).seen_before
    assert all(row.seen_before for row in work_page(world.actor("AA1"), Narrowed(), 1, clock.now()).rows)


def test_a_trainees_decision_left_alone_waits_for_whoever_judges_in_that_registration(world, second):
    rows = Allocation.objects.for_centre(second.centre_id)
    rows.filter(assessor=world.people["AA2"], registration=second).update(assessor=world.people["AT1"])
    version = make.open_it(world, sent_for(world, second), "AT1")
    judge(world, make.again(version.evidence), by="AT1")
    year_ago = world.today.replace(year=world.today.year - 1)
    Countersigner.objects.for_centre(second.centre_id).update(starts_on=year_ago, ends_on=year_ago)
    waits = Judgement.objects.for_centre(second.centre_id).get(mapping__evidence=version.evidence)
    for code in ("AA1", "AA2"):
        assert not to_countersign(world.actor(code)).exists(), code
        assert not may_countersign(world.actor(code), waits), code
    rows.filter(assessor=world.people["AA1"]).update(registration=None)
    assert list(to_countersign(world.actor("AA1"))) == [waits]
    assert may_countersign(world.actor("AA1"), waits)
    assert verdicts(version.evidence)


def test_units_out_of_the_world_are_not_found(world, second):
    for code, registration in (("AA1", second), ("AA2", world.registrations["LA1"]), ("QA", second)):
        with pytest.raises((NotFound, Forbidden)):
            unit_for(world.actor(code), first_unit(registration).public_id)


def given_to(world, who, learner="LA3"):
    """LA3's trainee looks after them no longer: from today they are with somebody else."""
    rows = Allocation.objects.for_centre(world.learners[learner].centre_id).filter(learner=world.learners[learner])
    rows.update(assessor=world.people[who])


def listed(world, who):
    """Return what waits for a countersigner, each found at its own address as well."""
    actor = world.actor(who)
    for row in to_countersign(actor):
        assert judgement_for(actor, row.public_id, "countersign") == row
    for unit in units_to_countersign(actor):
        assert unit_to_countersign(actor, unit.public_id) == unit
    return len(to_countersign(actor)) + len(units_to_countersign(actor))


def test_what_a_trainee_left_waiting_is_for_whoever_judges_there_now(world):
    judge(world, make.again(make.open_it(world, make.sent(world, "LA3"), "AT1").evidence), by="AT1")
    assert (listed(world, "AA2"), listed(world, "AA1")) == (1, 0)
    given_to(world, "AA1")
    assert (listed(world, "AA2"), listed(world, "AA1")) == (0, 1)
    given_to(world, "AA2")
    assert (listed(world, "AA2"), listed(world, "AA1")) == (1, 0)


def test_a_unit_signed_on_a_trainee_stays_with_who_is_named(world):
    complete(world, "LA3", by="AT1")
    while to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign(world, "LA3", by="AT1")
    assert listed(world, "AA2") == 1
    given_to(world, "AA1")
    assert listed(world, "AA2") == 1


def left(world):
    """LA1 leaves the diploma, and stays in the certificate."""
    said = {"last_day": world.today, "reason": "They moved away.", "at": clock.now()}
    withdraw_registration(actor=world.actor("CA"), registration=world.registrations["LA1"], **said)


def test_a_piece_of_a_registration_that_was_left_is_nobody_elses(world, second):
    piece = sent_for(world, world.registrations["LA1"]).evidence
    assert [waiting_count(world.actor(code)) for code in ("AA1", "AA2")] == [1, 0]
    left(world)
    assert [waiting_count(world.actor(code)) for code in ("AA1", "AA2")] == [0, 0]
    assert not seen_evidence(world.actor("AA2")).filter(pk=piece.pk).exists(), "nor is it theirs to read now"
    assert seen_evidence(world.actor("AA1")).filter(pk=piece.pk).exists(), "it stays readable where it was sent"
    Allocation.objects.for_centre(second.centre_id).filter(assessor=world.people["AA1"]).update(registration=None)
    assert waiting_count(world.actor("AA1")) == 0, "what was closed waits for nobody"


def test_a_shared_piece_decided_elsewhere_waits_for_nobody_once_the_rest_is_closed(world, second, shared):
    give(world, shared, [mapping_in(shared, second)], "AA2")
    assert make.again(shared.evidence).state == EvidenceState.IN_REVIEW
    left(world)
    assert make.again(shared.evidence).state == EvidenceState.ACCEPTED
    assert [waiting_count(world.actor(code)) for code in ("AA1", "AA2")] == [0, 0]


def test_a_trainees_decision_is_countersigned_when_the_learner_goes_to_another_trainee(world):
    judge(world, make.again(make.open_it(world, make.sent(world, "LA3"), "AT1").evidence), by="AT1")
    [waits] = to_countersign(world.actor("AA2"))
    another = world.people["AA1"]
    Membership.objects.for_centre(waits.centre_id).filter(person=another).update(role=Role.TRAINEE)
    Countersigner.objects.create(
        centre_id=waits.centre_id,
        trainee=another,
        countersigner=world.people["DUO"],
        starts_on=world.today,
        created_at=world.at,
    )
    given_to(world, "AA1")
    assert (listed(world, "AA1"), listed(world, "AA2"), listed(world, "DUO")) == (0, 0, 1)


def test_nobody_sees_a_unit_to_countersign_in_a_registration_that_is_over(world):
    complete(world, "LA3", by="AT1")
    while to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign(world, "LA3", by="AT1")
    given_to(world, "AA1")
    row = world.registrations["LA3"]
    assert visible_registrations(world.actor("AA2")).filter(pk=row.pk).exists()
    # As a move left it before it waited for what is half signed.
    Registration.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state="transferred")
    assert not visible_registrations(world.actor("AA2")).filter(pk=row.pk).exists()


def test_a_learner_who_is_the_trainees_countersigner_keeps_nobody_from_countersigning(world):
    """LA3 is an assessor too, and alone named for the trainee who looks after them: others do it (R6, R8)."""
    learner = world.people["LA3"]
    Membership.objects.create(
        centre=world.learners["LA3"].centre,
        person=learner,
        role=Role.ASSESSOR,
        starts_on=world.today,
        created_at=world.at,
    )
    Countersigner.objects.for_centre(world.learners["LA3"].centre_id).update(countersigner=learner)
    Allocation.objects.create(
        centre=world.learners["LA3"].centre,
        learner=world.learners["LA3"],
        assessor=world.people["AA2"],
        starts_on=world.today,
        created_at=world.at,
    )
    complete(world, "LA3", by="AT1")
    assert listed(world, "LA3") == 0, "never their own"
    assert listed(world, "AA2") > 0
    while to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign(world, "LA3", by="AT1")
    assert (listed(world, "LA3"), listed(world, "AA1")) == (0, 1), "any qualified assessor who took no part"
