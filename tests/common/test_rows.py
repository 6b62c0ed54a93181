"""Rows that cannot be: each is refused by the database itself, whatever wrote it and on whichever vendor.

The rows are written past the services, by managers or by SQL. What a person would see instead is tested with the rules.
"""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from assessments.models import (
    Countersignature,
    CurrentDecision,
    Exemption,
    FeedbackDraft,
    Judgement,
    LedgerEntry,
    Presence,
    Reply,
    Review,
)
from audit.models import Event
from centres.models import (
    Allocation,
    Assurance,
    Centre,
    Countersigner,
    InitialAssessment,
    Learner,
    LearnerUnit,
    Membership,
    Registration,
    Site,
)
from common import clock
from jobs.models import Job
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion, Opening, Preview, VersionFile
from tests.assessments.conftest import KEY
from tests.assessments.test_sign_off import complete, sign
from tests.factories import portfolio as make
from tests.factories.world import A, B

DAY = dt.timedelta(days=1)
REASON = "a test writes a row"


class Rows:
    """LA1's unit of A, met by one piece; things of LA2 and of LB1 (of B) beside it."""

    def __init__(self, world):
        self.world, self.piece = world, complete(world)
        self.a, self.b = world.centres[A].pk, world.centres[B].pk
        self.at, self.today, self.people = clock.now(), world.today, world.people
        self.judgement = Judgement.objects.for_centre(self.a).order_by("pk")[0]
        self.review = self.judgement.review
        self.mapping = self.judgement.mapping
        self.unit, self.other_unit = world.unit("LA1", KEY), world.unit("LA2", KEY)
        self.registration = world.registrations["LA1"]

    def change(self, row, **values):
        """Change a stored row past its model."""
        type(row).objects.across_centres(reason=REASON).filter(pk=row.pk).update(**values)

    def again(self, row, **values):
        """Write a copy of a row with other values."""
        fields = [f for f in row._meta.concrete_fields if not f.primary_key and f.name not in {"public_id", *values}]
        copy = {f.attname: getattr(row, f.attname) for f in fields if f.attname not in values}
        type(row).objects.create(**copy, **values)

    def judge(self, **values):
        self.again(self.judgement, **{"round": 99, **values})

    def allocate(self, **values):
        usual = {"learner": self.world.learners["LA2"], "assessor": self.people["AA1"], "starts_on": self.today}
        Allocation.objects.create(centre_id=self.a, created_at=self.at, **(usual | values))

    def file(self, **values):
        usual = {"name": "x", "storage_key": "k", "size": 5, "sha256": "0" * 64, "state": "ready"}
        made = {"uploaded_by": self.people["LA1"], "received_at": self.at, "evidence": self.piece, "centre_id": self.a}
        return EvidenceFile.objects.create(**(usual | made | values))

    def act(self, **values):
        usual = {"registration": self.registration, "learner_unit": self.unit, "sequence": 99, "act": "reopened"}
        made = {"person": self.people["AA1"], "standing": "qualified", "at": self.at, "payload": "{}", "digest": "d"}
        LedgerEntry.objects.create(**(usual | made | {"previous": "p", "centre_id": self.a} | values))

    def exempt(self, **values):
        names = ("awarding_body", "unit_reference", "unit_title", "certificate_number", "checked_at")
        made = {"awarded_on": self.today, "recorded_by": self.people["CA"], "recorded_at": self.at, "centre_id": self.a}
        Exemption.objects.create(**(dict.fromkeys(names, "x") | made | {"learner_unit": self.other_unit} | values))

    def piece_of(self, who):
        return make.draft(self.world, who)

    def role(self, who, role, starts_on=None, ends_on=None):
        days = {"starts_on": starts_on or self.today, "ends_on": ends_on}
        Membership.objects.create(centre_id=self.a, person=self.people[who], role=role, created_at=self.at, **days)

    def looks_in(self):
        """Return somebody who looks at the centre from outside."""
        self.role("QB", "eqa")
        return self.people["QB"]

    def moved(self, **values):
        usual = {"learner": self.world.learners["LA1"], "qualification": self.world.certificate}
        made = {"starts_on": self.today, "registered_by": self.people["CA"], "created_at": self.at, "centre_id": self.a}
        Registration.objects.create(**(usual | made | values))


@pytest.fixture
def rows(world):
    return Rows(world)


def refused(act):
    try:
        with transaction.atomic():
            act()
    except IntegrityError:
        return True
    return False


#: The fifteen that were found, all of them let through when they were.
FOUND = {
    "judgement not yet without a reason": lambda r: r.judge(verdict="not_yet", reason=""),
    "judgement with an unknown verdict": lambda r: r.judge(verdict="perhaps"),
    "judgement of another learner's unit than its mapping's": lambda r: r.judge(learner_unit=r.other_unit),
    "review sent back without feedback": lambda r: r.again(r.review, kind="returned", feedback=""),
    "review in another centre than its evidence": lambda r: r.again(r.review, centre_id=r.b),
    "allocation that ends long before it starts": lambda r: r.allocate(ends_on=r.today - 30 * DAY),
    "allocation of a learner to themselves": lambda r: r.allocate(assessor=r.people["LA2"]),
    "allocation across centres": lambda r: r.allocate(learner=r.world.learners["LB1"]),
    "countersigner that ends before it starts": lambda r: Countersigner.objects.create(
        centre_id=r.a,
        trainee=r.people["AA1"],
        countersigner=r.people["AA2"],
        starts_on=r.today,
        ends_on=r.today - 30 * DAY,
        created_at=r.at,
    ),
    "unit of a registration with another learner": lambda r: r.change(r.unit, learner=r.world.learners["LA2"]),
    "unit with an unknown state": lambda r: r.change(r.unit, state="signed?"),
    "registration that ends before it starts": lambda r: r.change(r.registration, ends_on=r.today - 999 * DAY),
    "evidence sent without a time": lambda r: r.change(r.piece, state="submitted", submitted_at=None),
    "met mapping closed while its piece stands": lambda r: r.change(r.mapping, state="closed"),
    "file ready without a hash, of a negative size": lambda r: r.file(size=-5, sha256=""),
}

#: And more of each kind.
MORE = {
    # --- no row crosses centres
    "judgement filed in another centre": lambda r: r.judge(centre_id=r.b),
    "mapping to a unit of another centre": lambda r: r.again(r.mapping, learner_unit=r.world.unit("LB1", KEY)),
    "row moved to another centre": lambda r: r.change(r.piece, centre_id=r.b),
    "reply about a piece of another centre": lambda r: Reply.objects.create(
        centre_id=r.b, evidence=r.piece, author=r.people["AB1"], text="x", at=r.at
    ),
    "opening of a version of another centre": lambda r: Opening.objects.create(
        centre_id=r.b, version=r.judgement.version, person=r.people["AB1"], at=r.at
    ),
    "presence in a piece of another centre": lambda r: Presence.objects.create(
        centre_id=r.b, evidence=r.piece, person=r.people["AB1"], seen_at=r.at
    ),
    "draft of feedback on a piece of another centre": lambda r: FeedbackDraft.objects.create(
        centre_id=r.b, evidence=r.piece, person=r.people["AB1"], saved_at=r.at
    ),
    "assurance of a role in another centre": lambda r: Assurance.objects.create(
        centre_id=r.b, membership=Membership.objects.for_centre(r.a).get(role="iqa"), entry_code="00000"
    ),
    "role at a site of another centre": lambda r: r.change(
        Membership.objects.for_centre(r.a).get(role="iqa"),
        site=Site.objects.create(centre_id=r.b, name="Their workshop"),
    ),
    "registration of a learner of another centre": lambda r: r.moved(learner=r.world.learners["LB1"]),
    "file in another centre than its piece": lambda r: r.file(centre_id=r.b),
    "preview in another centre than its file": lambda r: Preview.objects.create(
        centre_id=r.b, file=r.file(), kind="thumb", storage_key="p"
    ),
    "certificate for a unit of another centre": lambda r: r.exempt(learner_unit=r.world.unit("LB1", KEY)),
    # --- what is said twice is said alike
    "registration that follows another learner's": lambda r: r.moved(moved_from=r.world.registrations["LA2"]),
    "learner of a registration exchanged": lambda r: r.change(r.registration, learner=r.world.learners["LA2"]),
    "person of a learner exchanged": lambda r: r.change(r.world.learners["LA1"], person=r.people["LA2"]),
    "initial assessment of another learner": lambda r: InitialAssessment.objects.create(
        centre_id=r.a,
        registration=r.registration,
        learner=r.world.learners["LA2"],
        chosen_level=2,
        reason="x",
        made_by=r.people["CA"],
        created_at=r.at,
    ),
    "unit in a place of another unit": lambda r: r.change(r.unit, place=r.world.unit("LA1", "D-506-2119").place),
    "mapping of a piece to another learner's unit": lambda r: r.again(r.mapping, learner_unit=r.other_unit),
    "mapping to a criterion of another unit": lambda r: r.again(
        r.mapping, criterion=r.world.criterion("D-506-2119", "1.1")
    ),
    "mapping moved to another piece": lambda r: r.change(r.mapping, evidence=r.piece_of("LA1")),
    "judgement by somebody else than its review": lambda r: r.judge(assessor=r.people["AA2"]),
    "judgement about a version of another piece": lambda r: r.judge(version=make.sent(r.world, numbers=("1.1",))),
    "judgement about another criterion than its mapping": lambda r: r.judge(criterion=r.world.criterion(KEY, "4.1")),
    "review of a version of another piece": lambda r: r.again(r.review, version=make.sent(r.world, numbers=("1.1",))),
    "version that holds a file of another piece": lambda r: VersionFile.objects.create(
        centre_id=r.a, version=r.judgement.version, file=r.file(evidence=r.piece_of("LA1"))
    ),
    "act on a unit of another registration": lambda r: r.act(learner_unit=r.other_unit),
    "current decision that says another verdict": lambda r: r.change(
        CurrentDecision.objects.for_centre(r.a).get(mapping=r.mapping), verdict="not_yet"
    ),
    "current decision of another mapping": lambda r: r.change(
        CurrentDecision.objects.for_centre(r.a).get(mapping=r.mapping),
        judgement=Judgement.objects.for_centre(r.a).exclude(mapping=r.mapping)[0],
    ),
    # --- nobody decides about themselves
    "judgement of one's own work": lambda r: r.again(
        r.judgement,
        round=99,
        assessor=r.people["LA1"],
        review=Review.objects.create(
            centre_id=r.a,
            evidence=r.piece,
            version=r.judgement.version,
            kind="decided",
            assessor=r.people["LA1"],
            at=r.at,
        ),
    ),
    "review of one's own work": lambda r: r.again(r.review, assessor=r.people["LA1"]),
    "unit signed by its learner": lambda r: r.act(act="assessor_signed", person=r.people["LA1"]),
    "unit confirmed by somebody else": lambda r: r.act(act="learner_confirmed", person=r.people["AA1"]),
    "countersignature of one's own decision": lambda r: Countersignature.objects.create(
        centre_id=r.a, judgement=r.judgement, agrees=True, countersigner=r.judgement.assessor, at=r.at
    ),
    "countersignature by the learner": lambda r: Countersignature.objects.create(
        centre_id=r.a, judgement=r.judgement, agrees=True, countersigner=r.people["LA1"], at=r.at
    ),
    "certificate recorded by its learner": lambda r: r.exempt(recorded_by=r.people["LA2"]),
    "certificate approved by its learner": lambda r: r.exempt(
        state="approved", decided_by=r.people["LA2"], decided_at=r.at, stands_by="equivalent", equivalence="x"
    ),
    # --- one of the words that there are
    "evidence in an unknown state": lambda r: r.change(r.piece, state="lost"),
    "evidence from an unknown setting": lambda r: r.change(r.piece, setting="dream"),
    "mapping in an unknown state": lambda r: r.change(r.mapping, state="maybe"),
    "role that there is not": lambda r: r.change(Membership.objects.for_centre(r.a).get(role="iqa"), role="boss"),
    "registration without a state": lambda r: r.change(r.registration, state=""),
    "learner of an unknown gender": lambda r: r.change(r.world.learners["LA1"], gender="?"),
    "review of an unknown kind": lambda r: r.again(r.review, kind="glanced"),
    "act that the chain does not know": lambda r: r.act(act="blessed"),
    "judgement of an unknown standing": lambda r: r.judge(standing="famous"),
    "person with an unknown density": lambda r: User.objects.filter(pk=r.people["LA1"].pk).update(density="solid"),
    "event with an unknown outcome": lambda r: Event.objects.create(at=r.at, action="x", outcome="odd"),
    "job in an unknown state": lambda r: Job.objects.create(
        name="x", state="asleep", available_at=r.at, created_at=r.at
    ),
    # --- blanks are no words
    "not yet with blanks for a reason": lambda r: r.judge(verdict="not_yet", reason="   "),
    "not yet with wide blanks for a reason": lambda r: r.judge(verdict="not_yet", reason="\u00a0\u3000\t"),
    "sent back with blanks for feedback": lambda r: r.again(r.review, kind="returned", feedback="  \n "),
    "countersignature refused with blanks": lambda r: Countersignature.objects.create(
        centre_id=r.a, judgement=r.judgement, agrees=False, reason="  ", countersigner=r.people["AA2"], at=r.at
    ),
    "certificate turned down with blanks": lambda r: r.exempt(
        state="refused", decided_by=r.people["QA"], decided_at=r.at, reason=" "
    ),
    # --- from outside, and inside
    "external assurer who is a learner on the same days": lambda r: r.role("LA1", "eqa"),
    "external assurer who is a learner on the last day": lambda r: r.role("LA1", "eqa", r.today - 9 * DAY, r.today),
    "learner who looks in from outside on the same days": lambda r: [r.role("QB", "eqa"), r.role("QB", "learner")],
    "role of a learner made one of an external": lambda r: r.change(
        Membership.objects.for_centre(r.a).filter(person=r.people["LA1"])[0], person=r.looks_in()
    ),
    # --- numbers and days
    "piece sent before it was begun": lambda r: r.change(r.piece, submitted_at=r.piece.created_at - 9 * DAY),
    "role that ends two days before it begins": lambda r: r.change(
        Membership.objects.for_centre(r.a).get(role="iqa"), starts_on=r.today, ends_on=r.today - 2 * DAY
    ),
    "received file without a byte": lambda r: r.file(state="received", size=0),
    "centre with a number of other digits": lambda _r: Centre.objects.create(number="1000١", name="x"),
    "learner with a number of other digits": lambda r: r.change(
        r.world.learners["LA1"], uln="123456789١", uln_status="format_ok"
    ),
}


@pytest.mark.parametrize("what", FOUND)
def test_a_row_that_was_let_through_is_refused(rows, what):
    assert refused(lambda: FOUND[what](rows))


@pytest.mark.parametrize("what", MORE)
def test_an_impossible_row_is_refused(rows, what):
    assert refused(lambda: MORE[what](rows))


def test_the_rows_of_the_signed_unit_stay_as_they_were(rows):
    sign(rows.world)
    for state in ("not_yet", "offered", "closed", "met_provisional"):
        assert refused(lambda s=state: rows.change(rows.mapping, state=s))
    rows.change(rows.mapping, note="a page")  # what nobody decided on may still be mended


def test_what_is_possible_is_let_through(rows):
    """The same writes with right values: what refuses above is the value and nothing beside it."""
    rows.allocate(ends_on=rows.today)
    rows.allocate(assessor=rows.people["AA2"], ends_on=rows.today - DAY)  # ended before it ever counted
    rows.judge()
    rows.judge(round=100, verdict="not_yet", reason="x")
    rows.again(rows.review)
    rows.again(rows.review, kind="returned", feedback="x")
    rows.act()
    rows.file()
    rows.file(state="receiving", sha256="", size=0, storage_key="k2")
    rows.exempt()
    rows.moved(moved_from=rows.registration)
    rows.judge(round=101, verdict="not_yet", reason="\u00a0x ")
    rows.change(rows.piece, submitted_at=rows.piece.created_at)
    rows.role("LA1", "eqa", rows.today, rows.today - DAY)  # never in force
    rows.role("QB", "eqa", rows.today - 5 * DAY, rows.today - DAY)
    rows.role("QB", "learner")  # from the day after
    rows.change(rows.piece, state="withdrawn")
    rows.change(rows.mapping, state="closed")
    assert EvidenceVersion.objects.for_centre(rows.a).exists()


def test_no_row_of_the_world_is_one_of_these(rows):
    """What services wrote passes the same conditions when it is written again as it is."""
    with connection.cursor() as cursor:
        for model in (Registration, LearnerUnit, Evidence, EvidenceMapping, Learner, Allocation, Membership):
            table = model._meta.db_table
            columns = ", ".join(
                f'"{f.column}" = "{f.column}"' for f in model._meta.concrete_fields if not f.primary_key
            )
            cursor.execute(f'UPDATE "{table}" SET {columns}')  # noqa: S608 - names of our tables
            assert cursor.rowcount > 0
