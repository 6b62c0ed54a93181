"""Changes of decisions, pieces and units, and what the doctor says of each."""

import datetime as dt

from django.db.models import F

from assessments.models import Countersignature, CurrentDecision, Judgement, LedgerEntry
from centres.models import LearnerUnit
from common import clock
from portfolio.models import Evidence, EvidenceMapping, EvidenceVersion
from tests.upkeep import scenes
from tests.upkeep.changes import gone, set_, to_another_learner

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
}
