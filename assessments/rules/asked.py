"""What an assessor wants to save, as the rules of judging read it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assessments.enums import Verdict
from qualifications.enums import Kind
from qualifications.rules import REAL_WORK

#: R59: the usual limit of centres, in days; a centre's own number takes its place.
USUAL_CURRENCY_DAYS: Final = 2 * 365


@dataclass(frozen=True, slots=True)
class Asked:
    """One verdict that an assessor wants to give."""

    mapping: str  # public id, names the form field
    code: str  # "6.2.3", as the person sees it
    verdict: str
    reason: str
    kind: str  # of the criterion
    unit_frozen: bool
    state: str  # of the mapping, now
    allowed: frozenset[str] = frozenset({REAL_WORK})  # the settings in which its qualification lets competence be shown

    @property
    def met(self) -> bool:
        """Whether it is to be met."""
        return self.verdict == Verdict.MET

    @property
    def does(self) -> bool:
        """Whether it is about doing the job, not only about knowing (R21)."""
        return self.kind != Kind.KNOWLEDGE


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether these verdicts may be given. Dates are days in Europe/London."""

    own_evidence: bool
    allocated: bool
    registration_active: bool
    state: str
    is_latest_version: bool
    opened: bool  # something of this version was shown to this person
    files_open: bool
    in_situ: bool
    today: dt.date
    learner_setting: str
    unseen: tuple[str, ...] = ()  # names of files of this version that were never shown to this person
    earlier_settings: tuple[str, ...] = ()  # what the learner said of the setting in earlier versions
    written: tuple[str, ...] = ()  # title, description and what was fed back: their words may hint at role-play
    supported: bool = True  # a file, a place or a person stands beside the learner's word
    activity_on: dt.date | None = None
    registered_on: dt.date | None = None  # since when the learner has been registered here
    currency_days: int = USUAL_CURRENCY_DAYS
    answered_before: bool = False  # the learner has had feedback on this version already (R77)
    confirmed_setting: str = ""
    setting_basis: str = ""
    inspected_on: dt.date | None = None
    observed_on: dt.date | None = None
    days_note: str = ""
    currency_note: str = ""
    vacsr: Mapping[str, bool] = field(default_factory=dict)
    vacsr_note: str = ""
    feedback: str = ""
    next_by: dt.date | None = None
    asked: tuple[Asked, ...] = ()
    sending_back: bool = False
    rests_on: tuple[str, ...] = ()  # titles of signed units that rest on this piece
    overturns: bool = False  # somebody in training, and something on the piece is met and counts

    @property
    def any_met(self) -> bool:
        """Whether something is to be met."""
        return any(one.met for one in self.asked)

    @property
    def any_done(self) -> bool:
        """Whether something about doing the job is to be met."""
        return any(one.met and one.does for one in self.asked)
