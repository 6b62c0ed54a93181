"""Changes of registrations, files, records, the catalogue and anything else, and what the doctor says of each."""

import datetime as dt

from allauth.account.models import EmailAddress

from audit.models import Event
from centres.models import Allocation, LearnerUnit, Membership, Registration
from jobs.models import Job
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, PurgeDecision
from qualifications.models import UnitWords
from tests.upkeep import scenes
from tests.upkeep.changes import gone, plainly, set_
from tests.upkeep.conftest import every

#: As in `faults_of_work`.
FAULTS = {
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
    "unknown work": ("jobs", scenes.decided, set_(Job, name="nobody.knows"), r"nobody knows how to do nobody\.knows"),
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
