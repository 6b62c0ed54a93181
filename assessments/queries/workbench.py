"""One piece of evidence beside its criteria: everything the assess page shows (R53, R57, R61, R69)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from assessments.enums import SettingDoubt
from assessments.models import FeedbackDraft, Reply
from assessments.queries.background import Answer, Background, Words, background, day_of, supported
from assessments.queries.codes import code_of, codes_of
from assessments.queries.sufficiency import about
from assessments.queries.version_files import StageFile, stage_files
from assessments.rules.confirming import hints_in, setting_doubts, why_old
from assessments.rules.judging import JUDGEABLE
from centres.actor import Actor
from centres.enums import FROZEN_UNITS, RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from centres.queries import assessed_registrations
from centres.queries.sufficiency import RuleBook, rule_book
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceMapping, EvidenceVersion, Tombstone
from portfolio.queries.core import assessable_evidence, seen_registrations
from portfolio.queries.purges import without_words
from portfolio.queries.shown import openings_of
from qualifications.enums import Kind
from qualifications.models import Criterion
from qualifications.queries import Note, allowed_settings_of, notes_on, unit_wording
from qualifications.rules import WordedBy, not_counting
from qualifications.rules.sufficiency import need_in_words

#: What a mapping looks like to staff; the cells of the design have these names.
STATUS: Final[Mapping[str, str]] = {
    MappingState.PROPOSED: "draft",
    MappingState.OFFERED: "sent",
    MappingState.MET: "met",
    MappingState.MET_PROVISIONAL: "provisional",
    MappingState.NOT_YET: "notyet",
    MappingState.NOT_RELEVANT: "todo",
}
#: Mappings that count as a piece for a criterion.
COUNTING: Final = (MappingState.OFFERED, MappingState.MET, MappingState.MET_PROVISIONAL, MappingState.NOT_YET)
FOUND: Final = 30
MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One criterion to judge. `others`: other pieces for it; `barred`: this setting cannot meet it (R61)."""

    public_id: str
    code: str
    text: str
    kind: str
    unit_id: str
    unit_title: str
    unnumbered: bool  # the unit has no number in its qualification: the code alone does not say which it is
    page: int | None
    seconds: int | None
    note: str
    state: str
    status: str
    round: int
    others: int
    frozen: bool
    mine: bool  # in a registration in which this actor judges today
    barred: bool
    counts: tuple[str, ...]  # the settings in which its qualification lets competence be shown
    added_by_assessor: bool
    said: Note | None  # the centre's plain words about it
    verb: str
    asked: tuple[str, ...]  # what evidence must be like, after all levels (R71)
    range: tuple[str, ...]  # the cases it has to be shown for (R22)
    observed: bool  # somebody has to have seen it at work
    wording: WordedBy

    @property
    def open(self) -> bool:
        """Still to be decided."""
        return self.state == MappingState.OFFERED

    @property
    def closed(self) -> bool:
        """Nothing can be decided here by this actor: the unit is signed, or somebody else assesses there."""
        return self.frozen or not self.mine

    @property
    def competence(self) -> bool:
        """About doing the job (R21)."""
        return self.kind != Kind.KNOWLEDGE


@dataclass(frozen=True, slots=True)
class Workbench:
    """The assess page of one version. `mine`: this actor judges of it today, and is not the learner (R8, R13).

    Of a piece that several registrations share, the mappings are those in registrations that this actor sees.
    """

    evidence: Evidence
    version: EvidenceVersion
    files: tuple[StageFile, ...]
    mappings: tuple[MappingRow, ...]
    book: RuleBook  # what is asked of evidence in all units of the learner
    latest: bool
    mine: bool
    words_shown: bool  # the words of this version were shown to this person
    before: Background
    old: str  # why its day asks whether it is still current, or "" (R59)
    draft: dict[str, Any] = field(default_factory=dict)
    draft_saved_at: dt.datetime | None = None
    withheld: bool = False  # its words were removed from sight: personal data of others (R60)

    @property
    def fields(self) -> dict[str, Any]:
        """The learner's words as they were sent."""
        return without_words(self.version.fields) if self.withheld else dict(self.version.fields)

    @property
    def judgeable(self) -> bool:
        """Whether this version can be decided at all; who may do it is another question."""
        return self.latest and self.evidence.state in {*JUDGEABLE, EvidenceState.SUBMITTED}

    @property
    def unseen(self) -> tuple[StageFile, ...]:
        """The files that were never shown to this person: nothing is met before they were (R69)."""
        return tuple(f for f in self.files if not f.shown)

    @property
    def all_seen(self) -> bool:
        """Whether every file was shown to this person, or the words where there is no file."""
        return not self.unseen if self.files else self.words_shown

    @property
    def doubts(self) -> tuple[SettingDoubt, ...]:
        """Why the learner's word on the setting cannot simply be confirmed (R61)."""
        return setting_doubts(
            str(self.fields.get("setting", "")),
            [setting for _number, setting in self.before.settings],
            [words.text for words in self._written],
            supported=supported(self.fields, len(self.files)),
            does=any(mapping.competence for mapping in self.mappings),
        )

    @property
    def hints(self) -> tuple[Words, ...]:
        """The words that speak of role-play or training, and where they stand (R61)."""
        found = ((words.where, hints_in([words.text])) for words in self._written)
        return tuple(Words(where, ", ".join(f"“{one}”" for one in hints)) for where, hints in found if hints)

    @property
    def _written(self) -> tuple[Words, ...]:
        return self.before.words(self.fields, [(one.unit_id, one.code, one.note) for one in self.mappings])

    @property
    def answer(self) -> Answer | None:
        """What an assessor said last."""
        return next(iter(self.before.answers), None)

    @property
    def decided(self) -> bool:
        """Whether everything that it is offered for is decided."""
        return bool(self.mappings) and not any(mapping.open for mapping in self.mappings)

    @property
    def seen_before(self) -> bool:
        """Whether a file's bytes came in another piece of the centre as well."""
        return any(f.seen_before for f in self.files)


@dataclass(frozen=True, slots=True)
class Addable:
    """A criterion of one of the learner's units that the piece is not offered for."""

    key: str  # "<learner unit> <criterion>", public ids, as a form sends it
    code: str
    text: str
    unit_title: str


def workbench(actor: Actor, evidence: Evidence, version: EvidenceVersion) -> Workbench:
    """Return what the assess page of this version shows. Five queries; the caller has checked that they may see it.

    What was said before is read only where something can have been, and the talk where there is one: one more each.
    """
    since = Registration.objects.for_centre(actor.centre_id).filter(learner_id=OuterRef("learner_id"))
    words = openings_of(actor.person_id, actor.centre_id).filter(version=version, file=None)
    drafts = FeedbackDraft.objects.for_centre(actor.centre_id).filter(
        evidence_id=OuterRef("pk"), person_id=actor.person_id
    )
    fresh: Any = (
        Evidence.objects.for_centre(actor.centre_id)
        .select_related("learner__person")
        .annotate(
            draft=Subquery(drafts.values("content")[:1]),
            draft_at=Subquery(drafts.values("saved_at")[:1]),
            mine=Exists(assessable_evidence(actor).filter(pk=OuterRef("pk"))),
            words_shown=Exists(words),
            talked=Exists(Reply.objects.for_centre(actor.centre_id).filter(evidence_id=OuterRef("pk"))),
            withheld=Exists(Tombstone.objects.for_centre(actor.centre_id).filter(version=version, file=None)),
            currency_days=F("centre__currency_days"),
            registered_on=Subquery(since.order_by("starts_on").values("starts_on")[:1]),
        )
        .get(pk=evidence.pk)
    )
    latest = version.number == fresh.version_number and fresh.state != EvidenceState.DRAFT
    book = _book(actor, fresh)
    mappings = _mappings(actor, fresh, str(version.fields.get("setting", "")), book)
    untouched = not any(mapping.round for mapping in mappings)
    nothing_before = untouched and fresh.version_number == 1 and fresh.state != EvidenceState.RETURNED
    nothing_said = nothing_before and not fresh.talked
    return Workbench(
        evidence=fresh,
        version=version,
        files=stage_files(actor, version),
        mappings=mappings,
        book=book,
        latest=latest,
        mine=fresh.mine,
        words_shown=fresh.words_shown,
        withheld=fresh.withheld,
        before=Background() if nothing_said else background(fresh, version.number, talked=fresh.talked),
        old=why_old(day_of(version.fields), actor.on, fresh.registered_on, fresh.currency_days),
        draft=dict(fresh.draft or {}),
        draft_saved_at=fresh.draft_at,
    )


def _mappings(actor: Actor, evidence: Evidence, setting: str, book: RuleBook) -> tuple[MappingRow, ...]:
    others = (
        EvidenceMapping.objects.for_centre(actor.centre_id)
        .filter(learner_unit_id=OuterRef("learner_unit_id"), criterion_id=OuterRef("criterion_id"), state__in=COUNTING)
        .exclude(evidence_id=evidence.pk)
        .order_by()
        .values("criterion_id")
        .annotate(total=Count("pk"))
    )
    found = list(
        EvidenceMapping.objects.for_centre(actor.centre_id)
        .filter(evidence=evidence, learner_unit__registration__in=seen_registrations(actor))
        .exclude(state__in=(MappingState.CLOSED, MappingState.PROPOSED))
        .select_related("criterion", "learner_unit__unit", "learner_unit__place")
        .select_related("learner_unit__registration__qualification")
        .annotate(
            others=Coalesce(Subquery(others.values("total")), Value(0)),
            mine=Exists(assessed_registrations(actor).filter(pk=OuterRef("learner_unit__registration_id"))),
        )
        .order_by("learner_unit__registration_id", "learner_unit__position", "criterion__position")
    )
    notes = notes_on(actor.centre_id, {row.learner_unit.unit.key for row in found})
    read = _Read(book, notes, codes_of(found))
    return tuple(_mapping_row(actor, row, evidence, setting, read) for row in found)


def _book(actor: Actor, evidence: Evidence) -> RuleBook:
    """Return the rules for all units of a piece's learner: its mappings need some, what it could serve the rest."""
    units = LearnerUnit.objects.for_centre(actor.centre_id).filter(learner_id=evidence.learner_id)
    return rule_book(actor.centre_id, actor.on, units.values("pk"))


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read once for all mappings of a piece: what is asked for, the centre's plain words, and their codes."""

    book: RuleBook
    notes: Mapping[tuple[str, str], Note]
    codes: Mapping[str, str]


def _mapping_row(actor: Actor, row: Any, evidence: Evidence, setting: str, read: _Read) -> MappingRow:
    unit = row.learner_unit
    need = read.book.standard(about(unit, row.criterion)).need
    allowed = allowed_settings_of(unit.registration.qualification)
    return MappingRow(
        public_id=row.public_id,
        code=read.codes[row.public_id],
        text=row.criterion.text,
        kind=row.criterion.kind,
        unit_id=row.learner_unit.public_id,
        unit_title=row.learner_unit.unit.title,
        unnumbered=not row.learner_unit.place.number,
        page=row.page,
        seconds=row.seconds,
        note=row.note,
        state=row.state,
        status=status_of(row.state, evidence.state),
        round=row.round,
        others=row.others,
        frozen=row.learner_unit.state in FROZEN_UNITS
        or row.learner_unit.registration.state != RegistrationState.ACTIVE,
        mine=row.mine,
        barred=row.criterion.kind != Kind.KNOWLEDGE and bool(not_counting([setting], allowed)),
        counts=tuple(sorted(allowed)),
        added_by_assessor=row.origin == "assessor",
        said=read.notes.get((unit.unit.key, row.criterion.number)),
        verb=row.criterion.verb,
        asked=need_in_words(need),
        range=tuple(row.criterion.range),
        observed=need.observed,
        wording=unit_wording(unit.unit, body=unit.registration.qualification.awarding_body, centre=actor.centre_name),
    )


def status_of(mapping_state: str, evidence_state: str) -> str:
    """Return the cell of a mapping: a mapping not met on a piece that was sent back shows as sent back."""
    returned = evidence_state == EvidenceState.RETURNED
    if returned and mapping_state in {MappingState.NOT_YET, MappingState.OFFERED}:
        return "back"
    return STATUS[mapping_state]


def addable(actor: Actor, evidence: Evidence, words: str) -> list[Addable]:
    """Return criteria of open units in which this actor judges whose code, text or unit hold every word: 30 rows.

    Three queries. No words: none. What the piece is offered for already is left out, and so are signed units (R83).
    """
    parts = words.casefold().split()[:MOST_WORDS]
    if not parts:
        return []
    units, offered = list(_open_units(actor, evidence)), _offered(actor, evidence)
    criteria: dict[int, list[Criterion]] = defaultdict(list)
    for row in Criterion.objects.filter(unit_id__in=[unit.unit_id for unit in units]).order_by("position"):
        criteria[row.unit_id].append(row)
    found = (_addable(u, c) for u in units for c in criteria[u.unit_id] if (u.pk, c.pk) not in offered)
    return list(islice((one for one in found if _holds(one, parts)), FOUND))


def _open_units(actor: Actor, evidence: Evidence) -> QuerySet[LearnerUnit]:
    return (
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(learner_id=evidence.learner_id, registration__in=assessed_registrations(actor))
        .exclude(state__in=[*FROZEN_UNITS, UnitState.DROPPED])
        .filter(registration__state=RegistrationState.ACTIVE)
        .select_related("unit", "place")
    )


def _offered(actor: Actor, evidence: Evidence) -> set[tuple[int, int]]:
    mappings = EvidenceMapping.objects.for_centre(actor.centre_id).filter(evidence=evidence)
    return set(mappings.exclude(state=MappingState.CLOSED).values_list("learner_unit_id", "criterion_id"))


def _addable(unit: LearnerUnit, criterion: Criterion) -> Addable:
    return Addable(
        key=f"{unit.public_id} {criterion.public_id}",
        code=code_of(unit.place.number, criterion.number),
        text=criterion.text,
        unit_title=unit.unit.title,
    )


def _holds(one: Addable, parts: list[str]) -> bool:
    haystack = f"{one.code} {one.text} {one.unit_title}".casefold()
    return all(part in haystack for part in parts)
