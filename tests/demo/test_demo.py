"""The demo is built once, for all the checks together: it makes real files and takes half a minute."""

import datetime as dt
import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts.models import User
from assessments.enums import Act, ReviewKind, Verdict
from assessments.models import Countersignature, FeedbackDraft, Judgement, LedgerEntry, Presence, Review
from assessments.queries import readiness, to_countersign, units_to_countersign, waiting
from assessments.queries.transferring import carry_offers, offers_of
from centres.enums import STAFF, RegistrationState, Role, Standing, UnitState
from centres.models import Allocation, Assurance, Centre, Learner, LearnerUnit, Membership, Registration
from centres.queries import actor_at, places_of
from common import clock
from demo.people import HARBOURSIDE, NORTHGATE, PASSWORD
from portfolio.enums import OPENABLE, EvidenceKind, EvidenceState, FileState, MappingOrigin, MappingState, Setting
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion, Preview
from qualifications.enums import DraftState, Kind, Life
from qualifications.models import Draft, Qualification
from qualifications.queries import life_facts
from qualifications.rules import life_on
from tests.demo.walls import crossings, owned_models
from tests.unguarded import unguarded
from tests.upkeep.conftest import said


def every(model):
    return model.objects.across_centres(reason="a test looks at the whole demo")


def actor(email, number=NORTHGATE):
    person, today = User.objects.get(email=email), clock.london_date(clock.now())
    return actor_at(places_of(person.pk, today), person, number, on=today, request_id="test")


def pieces(**wanted):
    return every(Evidence).filter(**wanted)


def two_centres_with_every_role():
    assert set(Centre.objects.values_list("number", flat=True)) == {NORTHGATE, HARBOURSIDE}
    assert set(every(Membership).values_list("role", flat=True)) == set(Role.values)
    assessors = every(Membership).filter(role=Role.ASSESSOR, centre__number=NORTHGATE)
    assert assessors.count() >= 3


def some_belong_twice():
    seats = every(Membership).values("person").annotate(centres=Count("centre", distinct=True))
    assert seats.filter(centres=2).count() >= 2
    staff = every(Membership).filter(role__in=STAFF).values("person_id")
    learning_staff = every(Membership).filter(role=Role.LEARNER, person_id__in=staff)
    same_centre = [m for m in learning_staff if actor_holds(m.person, m.centre.number) & STAFF]
    assert same_centre


def actor_holds(person, number):
    places = places_of(person.pk, clock.london_date(clock.now()))
    return next(place.roles for place in places if place.centre_number == number)


def a_visit_has_its_window():
    visit = every(Membership).get(role=Role.EQA, centre__number=NORTHGATE)
    today = clock.london_date(clock.now())
    assert visit.starts_on <= today < visit.ends_on
    assert every(Assurance).filter(membership=visit).count() == 2


def learners_of_all_qualifications():
    assert every(Learner).count() >= 12
    codes = every(Registration).values_list("qualification__entry_code", flat=True)
    assert set(codes) == {"03454", "03455", "03456", "10378", "10379", "10380", "10381"}


def everybody_who_joined_can_sign_in():
    joined = User.objects.exclude(email="clover@northgate.example")
    assert [p.email for p in joined if not p.check_password(PASSWORD)] == []
    assert not User.objects.get(email="clover@northgate.example").has_usable_password()


def files_of_every_kind_are_ready():
    (gone,) = every(EvidenceFile).filter(state=FileState.PURGED)
    assert gone.tombstone.sha256 == gone.sha256
    files = every(EvidenceFile).exclude(pk=gone.pk)
    assert set(files.values_list("state", flat=True)) <= set(OPENABLE)
    endings = {name.rsplit(".")[-1].lower() for name in files.values_list("name", flat=True)}
    assert {"jpg", "heic", "pdf", "docx", "xlsx", "wav", "mp3", "mp4"} <= endings
    photo = files.get(has_location=True)
    assert photo.device
    assert photo.captured_at
    assert files.filter(pages__gte=2).exists()
    unseen = [f.name for f in files if not every(Preview).filter(file=f).exists()]
    assert unseen == []


def believable_words():
    titles = pieces().exclude(title="").values_list("title", "description").distinct()
    assert titles.count() >= 30
    assert not [t for t, d in titles if "lorem" in f"{t}{d}".lower()]


def drafts_unfinished_and_unmapped():
    drafts = pieces(state=EvidenceState.DRAFT, learner__person__email="maya@northgate.example")
    assert drafts.filter(setting="", activity_date=None).count() == 1
    unmapped = drafts.exclude(setting="").filter(mappings=None, unsure=False)
    assert unmapped.count() == 1


def work_waits_and_some_is_late():
    priya = actor("priya@northgate.example")
    sent = [clock.london_date(e.submitted_at) for e in waiting(priya)]
    late = [day for day in sent if clock.working_days_after(day, 10) < priya.on]
    assert len(sent) >= 6
    assert len(late) >= 2


def sent_back_and_sent_again():
    returned = pieces(state=EvidenceState.RETURNED).first()
    assert every(Review).filter(evidence=returned, kind=ReviewKind.RETURNED).exists()
    again = pieces(version_number=2, state=EvidenceState.SUBMITTED).get()
    first, second = every(EvidenceVersion).filter(evidence=again).order_by("number")
    assert first.digest != second.digest


def two_assessors_in_one_piece():
    here = every(Presence).values("evidence").annotate(people=Count("person")).get(people=2)
    piece = pieces(pk=here["evidence"]).get()
    assert every(Allocation).filter(learner=piece.learner, ends_on=None).count() == 2
    typed = every(FeedbackDraft).get(evidence=piece)
    decided = every(Judgement).filter(mapping__evidence=piece).first()
    assert typed.person != decided.assessor
    assert f"verdict-{decided.mapping.public_id}" in typed.content


def a_trainee_waits_for_countersignatures():
    priya = actor("priya@northgate.example")
    assert to_countersign(priya).count() == 3
    assert set(every(Countersignature).values_list("agrees", flat=True)) == {True, False}
    assert units_to_countersign(priya).count() == 1
    assert every(Judgement).filter(standing=Standing.TRAINEE).exists()


def practice_waits_against_competence():
    practice = pieces(state=EvidenceState.SUBMITTED, setting=Setting.SIMULATION).get()
    kinds = every(EvidenceMapping).filter(evidence=practice).values_list("criterion__kind", flat=True)
    assert Kind.COMPETENCE in kinds


def unsure_and_in_situ():
    assert pieces(unsure=True, state=EvidenceState.SUBMITTED).count() == 1
    kept = pieces(kind=EvidenceKind.IN_SITU).get()
    assert every(Review).get(evidence=kept).inspected_on is not None


def same_bytes_twice():
    people = every(EvidenceFile).values("sha256").annotate(n=Count("evidence__learner", distinct=True))
    assert people.filter(n=2).count() == 1


def units_in_every_state():
    amir = every(LearnerUnit).get(learner__person__email="amir@northgate.example", unit__key="F-506-2131")
    assert readiness(amir, actor("priya@northgate.example")).can_sign
    states = Counter(every(LearnerUnit).values_list("state", flat=True))
    assert {UnitState.SELECTED, UnitState.IN_PROGRESS, UnitState.ASSESSOR_SIGNED} <= set(states)
    assert {UnitState.ACHIEVED, UnitState.EXEMPT} <= set(states)
    latest = {}
    for entry in every(LedgerEntry).order_by("registration", "sequence"):
        latest[entry.learner_unit] = entry.act
    signed = {Act.ASSESSOR_SIGNED, Act.LEARNER_CONFIRMED, Act.LEARNER_DISPUTED, Act.REOPENED, Act.EXEMPTED}
    assert signed == set(latest.values())
    assert {u.state for u, act in latest.items() if act in {Act.LEARNER_DISPUTED, Act.REOPENED}} == {
        UnitState.IN_PROGRESS
    }


def a_live_and_a_closed_version_were_finished_on():
    done = LearnerUnit.objects.across_centres(reason="a test looks at the whole demo").filter(state=UnitState.ACHIEVED)
    today = clock.london_date(clock.now())
    lives = {
        life_on(life_facts(row.registration.qualification), today)
        for row in done.select_related("registration__qualification")
    }
    assert {Life.NOT_KNOWN, Life.CLOSED} <= lives  # when the 2014 versions close is not known


def somebody_moved_and_offers_a_piece_again():
    old = every(Registration).get(learner__person__email="fern@northgate.example", moved_from=None)
    new = every(Registration).select_related("learner", "qualification").get(moved_from=old)
    assert (old.qualification.entry_code, old.state) == ("03455", RegistrationState.TRANSFERRED)
    assert (new.qualification.entry_code, new.state) == ("10379", RegistrationState.ACTIVE)
    assert every(Judgement).filter(learner_unit__registration=old, verdict=Verdict.MET).exists()
    again = every(EvidenceMapping).filter(learner_unit__registration=new)
    assert {(c.origin, c.state) for c in again} == {(MappingOrigin.MOVED, MappingState.OFFERED)}
    assert again.values("evidence").distinct().count() == 1
    assert offers_of(actor("fern@northgate.example"), new)  # and more is left to tick
    assert again[0].evidence in waiting(actor("tom@northgate.example"))


def a_unit_waits_to_be_let_through_after_a_move():
    new = every(Registration).get(learner__person__email="lark@northgate.example", state=RegistrationState.ACTIVE)
    (offer,) = carry_offers(actor("fern@northgate.example"), new)
    assert offer.open
    assert new.moved_from.qualification.entry_code == "10378"
    assert every(LearnerUnit).get(public_id=offer.source_id).state == UnitState.ACHIEVED


def two_people_made_a_version_and_one_waits_for_the_second():
    published = every(Draft).get(state=DraftState.PUBLISHED)
    assert published.author_id != published.decided_by_id
    version = Qualification.objects.get(draft=published)
    here = every(Registration).filter(centre=version.centre)
    before = here.get(qualification__entry_code=version.entry_code)
    assert (before.qualification.version, version.version) == (1, 2)
    assert every(Draft).filter(state=DraftState.SUBMITTED).count() == 1


def the_rules_were_kept():
    for judgement in every(Judgement).select_related("learner_unit__learner", "criterion"):
        assert judgement.assessor_id != judgement.learner_unit.learner.person_id
        practice = judgement.setting in {Setting.SIMULATION, Setting.CLASSROOM}
        assert not (judgement.verdict == Verdict.MET and practice and judgement.criterion.kind == Kind.COMPETENCE)
    assert not every(EvidenceMapping).filter(state=MappingState.MET, evidence__state=EvidenceState.DRAFT).exists()


def it_happened_in_order():
    moments = list(every(LedgerEntry).order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
    sent = every(EvidenceVersion).order_by("id").values_list("submitted_at", flat=True)
    assert list(sent) == sorted(sent)
    assert max(sent) <= clock.now()


#: Tables that may stay empty: no satellite, and too few pieces of too few people to count together.
EMPTY = {"centres.Site", "portfolio.AcceptedTogether", "portfolio.Recall"}


def chains_and_walls_hold():
    call_command("verify_ledger", stdout=io.StringIO())
    assert [m._meta.label for m in owned_models() if not every(m).exists() and m._meta.label not in EMPTY] == []
    assert list(crossings()) == []


def a_second_run_keeps_everything():
    before, told = pieces().count(), io.StringIO()
    call_command("demo", stdout=told)
    assert "keeps the data" in told.getvalue()
    assert pieces().count() == before


def the_doctor_finds_nothing():
    assert said(files=True) == []


CHECKS = (
    two_centres_with_every_role,
    some_belong_twice,
    a_visit_has_its_window,
    learners_of_all_qualifications,
    everybody_who_joined_can_sign_in,
    files_of_every_kind_are_ready,
    believable_words,
    drafts_unfinished_and_unmapped,
    work_waits_and_some_is_late,
    sent_back_and_sent_again,
    two_assessors_in_one_piece,
    a_trainee_waits_for_countersignatures,
    practice_waits_against_competence,
    unsure_and_in_situ,
    same_bytes_twice,
    units_in_every_state,
    a_live_and_a_closed_version_were_finished_on,
    somebody_moved_and_offers_a_piece_again,
    a_unit_waits_to_be_let_through_after_a_move,
    two_people_made_a_version_and_one_waits_for_the_second,
    the_rules_were_kept,
    it_happened_in_order,
    chains_and_walls_hold,
    the_doctor_finds_nothing,
    a_second_run_keeps_everything,
)


@pytest.mark.django_db
def test_the_demo_has_something_in_every_state(subtests, mailoutbox):
    told = io.StringIO()
    call_command("load_catalogue", stdout=io.StringIO())
    call_command("demo", stdout=told)
    for check in CHECKS:
        with subtests.test(check.__name__):
            check()
    with subtests.test("the table names everybody who can sign in"):
        unnamed = [p.email for p in User.objects.exclude(given_name="Clover") if p.email not in told.getvalue()]
        assert unnamed == []
        assert PASSWORD in told.getvalue()
    with subtests.test("nobody was written to"):
        assert mailoutbox == []


@pytest.mark.django_db
def test_production_refuses_the_demo(settings):
    settings.DEBUG, settings.TESTING = False, False
    with pytest.raises(CommandError, match="not made in production"):
        call_command("demo")
    assert not Centre.objects.exists()


@pytest.mark.django_db
def test_without_a_catalogue_it_says_what_to_do():
    with pytest.raises(CommandError, match="load_catalogue"):
        call_command("demo")
    assert not Centre.objects.exists()


@pytest.mark.django_db
def test_it_keeps_centres_that_are_there(world):
    told = io.StringIO()
    call_command("demo", stdout=told)
    assert "keeps the data" in told.getvalue()
    assert Centre.objects.count() == len(world.centres)


def test_the_walk_along_the_walls_sees_a_row_that_crosses(world):
    assert list(crossings()) == []
    with unguarded(Allocation):
        Allocation.objects.create(
            centre=world.centres["10001"],
            learner=world.learners["LB1"],
            assessor=world.people["AA1"],
            starts_on=dt.date(2026, 1, 5),
            created_at=world.at,
        )
    assert list(crossings()) == ["centres.Allocation.learner: 1"]
