"""Each thing that somebody with the database's password could change is named, on a line of its own."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import F

from assessments.models import Countersignature, CurrentDecision, Exemption, Judgement, LedgerEntry, Review
from audit.models import Event
from centres.models import Allocation, Learner, LearnerUnit, Membership, Registration, StateChange, UnitChange
from common import clock
from jobs.models import Job
from portfolio.models import (
    Evidence,
    EvidenceFile,
    EvidenceMapping,
    EvidenceVersion,
    PurgeDecision,
    Tombstone,
    VersionFile,
)
from qualifications.models import UnitWords
from tests.upkeep import scenes
from tests.upkeep.conftest import every, said, tampered, unchecked


def set_(model, wanted=None, **values):
    """Change all rows of a model, or those that are `wanted`."""

    def act(world):
        assert every(model).filter(**(wanted or {})).update(**values)

    return act


def plainly(sql, *parameters):
    """The same by hand, where the model itself refuses."""

    def act(world):
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)

    return act


def gone(*models):
    def act(world):
        for model in models:
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our tables

    return act


def to_another_learner(model):
    def act(world):
        every(model).update(learner=world.learners["LA2"])

    return act


#: (check, what stands before, the change, models whose guards and checks it passes, what is named)
FAULTS = {
    # mappings and what counts
    "met by hand": (
        "decisions",
        scenes.sent,
        set_(EvidenceMapping, state="met"),
        r"is met; what was decided says offered",
    ),
    "a trainee's made to count": (
        "decisions",
        scenes.in_training,
        set_(EvidenceMapping, state="met"),
        r"is met; .* met_provisional",
    ),
    "taken back by hand": (
        "decisions",
        scenes.decided,
        set_(EvidenceMapping, state="not_yet"),
        r"is not_yet; .* says met",
    ),
    "met and closed": (
        "mappings",
        scenes.withdrawn,
        set_(EvidenceMapping, state="met"),
        r"is met, and its piece is withdrawn",
    ),
    "judgements gone": ("decisions", scenes.decided, gone(CurrentDecision, Judgement), r"says round 1; 0 were decided"),
    "a round skipped": ("decisions", scenes.decided, set_(Judgement, round=2), r"round 1 is missing"),
    "no current decision": ("decisions", scenes.decided, gone(CurrentDecision), r"its current decision is missing"),
    "another verdict counts": (
        "decisions",
        scenes.decided,
        set_(CurrentDecision, verdict="not_yet"),
        r"says another verdict$",
    ),
    "another standing counts": (
        "decisions",
        scenes.decided,
        set_(CurrentDecision, standing="trainee"),
        r"says another standing$",
    ),
    "what waits counts": (
        "decisions",
        scenes.in_training,
        set_(CurrentDecision, judgement=F("proposed"), proposed=None, verdict="met", standing="qualified"),
        r"says another judgement, proposed, standing, verdict$",
    ),
    "a trainee was qualified": (
        "decisions",
        scenes.in_training,
        set_(Judgement, standing="qualified"),
        r"is met_provisional; .* says met",
    ),
    "a countersignature turned": (
        "decisions",
        scenes.countersigned,
        set_(Countersignature, agrees=False),
        r"is met; .* says offered",
    ),
    "a countersignature gone": (
        "decisions",
        scenes.countersigned,
        gone(Countersignature),
        r"says round 2; 1 were decided",
    ),
    "a verdict turned": (
        "decisions",
        scenes.decided,
        set_(Judgement, verdict="not_relevant"),
        r"is met; .* says not_relevant",
    ),
    # pieces
    "accepted by hand": (
        "pieces",
        scenes.sent,
        set_(Evidence, state="accepted"),
        r"is accepted, and its criteria say in_review",
    ),
    "sent back by nobody": ("pieces", scenes.sent, set_(Evidence, state="returned"), r"nobody sent that version back"),
    "a draft again": ("pieces", scenes.sent, set_(Evidence, state="draft"), r"is draft in version 1, and 1 were sent"),
    "submitted again": (
        "pieces",
        scenes.decided,
        set_(Evidence, state="submitted"),
        r"is submitted, and was answered already",
    ),
    "in review again": (
        "pieces",
        scenes.decided,
        set_(Evidence, state="in_review"),
        r"is in_review, and its criteria say accepted",
    ),
    "a version more": ("pieces", scenes.sent, set_(Evidence, version_number=2), r"in version 2, and 1 were sent"),
    "a version gone": ("pieces", scenes.sent, gone(EvidenceVersion), r"in version 1, and 0 were sent"),
    "a version numbered anew": (
        "pieces",
        scenes.sent,
        set_(EvidenceVersion, number=3),
        r"its versions are 3: one is missing",
    ),
    # versions
    "sent by another": (
        "versions",
        scenes.sent,
        to_another_learner(Evidence),
        r"was not sent by the learner of its piece",
    ),
    "sent at another time": (
        "versions",
        scenes.sent,
        set_(Evidence, submitted_at=clock.now() + dt.timedelta(days=1)),
        r"sent at another time",
    ),
    "another title": (
        "versions",
        scenes.sent,
        set_(Evidence, sent_title="Other"),
        r"shows another title than what was sent",
    ),
    # units
    "an achieved unit opened": (
        "units",
        scenes.achieved,
        set_(LearnerUnit, {"state": "achieved"}, state="in_progress"),
        r"is in_progress, and its last act is learner_confirmed",
    ),
    "achieved by hand": (
        "units",
        scenes.decided,
        set_(LearnerUnit, {"state": "in_progress"}, state="achieved"),
        r"is achieved, and its last act is none",
    ),
    "an act gone": ("units", scenes.achieved, gone(LedgerEntry), r"is achieved, and its last act is none"),
    "signed on nothing": (
        "units",
        scenes.signed,
        gone(CurrentDecision),
        r"it is signed, and criterion 1\.1 is met by no decision from before that",
    ),
    "signed before it was decided": (
        "units",
        scenes.signed,
        set_(Judgement, at=clock.now() + dt.timedelta(days=1)),
        r"criterion 1\.1 is met by no decision",
    ),
    "a dispute hushed up": (
        "units",
        scenes.disputed,
        set_(LearnerUnit, {"disputed": True}, disputed=False),
        r"it does not say that it is disputed",
    ),
    "a dispute made up": (
        "units",
        scenes.signed,
        set_(LearnerUnit, {"state": "assessor_signed"}, disputed=True),
        r"it says that it is disputed",
    ),
    "the trainee forgotten": (
        "units",
        scenes.signed_in_training,
        set_(LearnerUnit, rests_on_trainee=None),
        r"does not name the trainee on whom it rests",
    ),
    "begun by nobody": (
        "units",
        scenes.sent,
        set_(LearnerUnit, state="in_progress"),
        r"is in_progress, and nothing was decided in it",
    ),
    "never begun": (
        "units",
        scenes.decided,
        set_(LearnerUnit, state="selected", changed_at=clock.now() - dt.timedelta(days=9)),
        r"is selected, and something was decided in it",
    ),
    "exempt no more": (
        "exemptions",
        scenes.exempt,
        set_(LearnerUnit, {"state": "exempt"}, state="selected"),
        r"is approved, and its unit is selected",
    ),
    # registrations
    "withdrawn by nobody": (
        "registrations",
        scenes.sent,
        set_(Registration, state="withdrawn"),
        r"is withdrawn, and its changes lead to active",
    ),
    "back again": (
        "registrations",
        scenes.left,
        set_(Registration, {"state": "withdrawn"}, state="active"),
        r"is active, and its changes lead to withdrawn",
    ),
    "another last day": (
        "registrations",
        scenes.left,
        set_(Registration, {"state": "withdrawn"}, ends_on=dt.date(2030, 1, 1)),
        r"its last day is 2030-01-01",
    ),
    "a change gone": (
        "registrations",
        scenes.on_a_break,
        plainly("DELETE FROM centres_statechange WHERE \"to\" = 'on_break'"),
        r"from on_break to active where it was active",
    ),
    "moved nowhere": (
        "registrations",
        scenes.moved,
        set_(Registration, {"moved_from__isnull": False}, moved_from=None),
        r"is transferred, and none follows it",
    ),
    "taken out by nobody": (
        "choices",
        scenes.sent,
        set_(LearnerUnit, state="dropped"),
        r"is dropped, and nobody took it out",
    ),
    # files and what was removed
    "infected made ready": (
        "files",
        scenes.with_photo,
        set_(EvidenceFile, state="infected"),
        r"is infected; its last record is file\.(ready|not_scanned)",
    ),
    "another hash": (
        "files",
        scenes.with_photo,
        set_(EvidenceFile, sha256="0" * 64),
        r"another hash or length than what was received",
    ),
    "purged by nobody": (
        "files",
        scenes.with_photo,
        set_(EvidenceFile, state="purged"),
        r"is purged, and no tombstone says so",
    ),
    "purged and back": (
        "tombstones",
        scenes.purged,
        set_(EvidenceFile, state="ready", size=1),
        r"says that a file is removed which is ready",
    ),
    "nobody agreed": (
        "tombstones",
        scenes.purged,
        set_(PurgeDecision, agrees=False, note="No."),
        r"removed something although nobody agreed",
    ),
    "not sent, and sent": (
        "mappings",
        scenes.sent,
        set_(EvidenceMapping, state="proposed"),
        r"is not sent, and its piece is submitted",
    ),
    # what was recorded
    "events gone": (
        "record",
        scenes.achieved,
        gone(Event),
        r"evidence\.submitted is recorded 0 times and was done 1 times",
    ),
    "an event too many": (
        "record",
        scenes.sent,
        plainly("UPDATE audit_event SET action = 'evidence.submitted' WHERE action = 'mappings.set'"),
        r"evidence\.submitted is recorded 2 times",
    ),
    "a signature unrecorded": (
        "record",
        scenes.achieved,
        plainly("DELETE FROM audit_event WHERE action = 'unit.confirmed'"),
        r"unit\.confirmed is recorded 0 times",
    ),
    "a countersignature unrecorded": (
        "record",
        scenes.countersigned,
        plainly("DELETE FROM audit_event WHERE action = 'judgement.countersigned'"),
        r"judgement\.countersigned is recorded 0 times",
    ),
    "a payload altered": (
        "ledger",
        scenes.achieved,
        plainly("UPDATE assessments_ledgerentry SET payload = '{}'"),
        r"its payload was altered",
    ),
    # the catalogue
    "make tea": (
        "ledger",
        scenes.sent,
        plainly("UPDATE qualifications_criterion SET text = 'Make tea' WHERE number = '1.1'"),
        r"the published text of \w+ .* was altered",
    ),
    "fewer credits": (
        "ledger",
        scenes.sent,
        plainly("UPDATE qualifications_qualification SET credit = 1"),
        r"the published text of \w+ .* was altered",
    ),
    "found by other words": ("words", scenes.sent, set_(UnitWords, words="tea"), r"is not what it says"),
    # people, work, rows of every kind
    "no address": ("addresses", scenes.sent, gone(EmailAddress), r"has no address row of their own"),
    "unknown work": ("jobs", scenes.sent, set_(Job, name="nobody.knows"), r"nobody knows how to do nobody\.knows"),
    "of another centre": (
        "centres",
        scenes.sent,
        lambda world: every(Evidence).update(centre=world.centres["10002"]),
        r"^centres: \w+ \w+ is refused by \w+_agrees: .*centre",
    ),
    "their own assessor": (
        "centres",
        scenes.sent,
        lambda world: every(Allocation).filter(learner=world.learners["LA1"]).update(assessor=world.people["LA1"]),
        r"is refused by allocation_of_another",
    ),
    "an unknown state": (
        "columns",
        scenes.sent,
        set_(Evidence, state="lost"),
        r"is refused by the check evidence_state_is_known",
    ),
    "over before it began": (
        "columns",
        scenes.sent,
        set_(Membership, ends_on=dt.date(1999, 1, 1)),
        r"is refused by the check membership_dates_in_order",
    ),
}
#: Whose guards and checks stand aside.
TABLES = (
    Allocation, CurrentDecision, Countersignature, Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion, Exemption,
    Judgement, Learner, LearnerUnit, LedgerEntry, Membership, PurgeDecision, Registration, Review, StateChange, Tombstone,
    UnitChange, VersionFile,
)  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_it_is_named(world, name):
    check, scene, change, words = FAULTS[name]
    scene(world)
    assert said(check) == []
    with tampered(*TABLES):
        with unchecked(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA defer_foreign_keys = ON")
            change(world)
        found = said(check)
    assert any(re.search(words, line) for line in found), found
    assert said(check) == [], "all is taken back"
