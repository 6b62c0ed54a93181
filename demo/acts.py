"""What people of the demo do, each act one call of a service at its moment."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.core.files.base import ContentFile

from assessments import services as assessing
from assessments.enums import Vacsr, Verdict
from assessments.models import Judgement
from assessments.queries import to_countersign
from assessments.services import ReviewAnswers, VerdictGiven
from common.refusals import Refused
from demo.filing import name_of
from demo.shapes import Answer, Piece
from demo.stage import Stage
from portfolio import services as portfolio
from portfolio.access import evidence_for, version_for
from portfolio.enums import AiUse, EvidenceKind, MappingOrigin, MappingState
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping
from portfolio.services.preparing import make_copy, prepare_file
from qualifications.models import Criterion

#: A criterion with its place: "2.3", "2.3@p2" on page 2, "2.3@0:15" after fifteen seconds.
MARK = re.compile(r"^(?P<number>[\d.]+)(@(p(?P<page>\d+)|(?P<minutes>\d+):(?P<seconds>\d\d)))?$")

#: What an assessor of the demo writes where a rule asks how they know, or why it still counts.
REASONED: Final[Mapping[str, str]] = {
    "setting_basis": "The supervisor was there and confirmed it when I rang.",
    "currency_note": "The same task, with the same procedure, is still done every week.",
    "days_note": "Seen on a later visit, because the shift was changed.",
}


def draft(stage: Stage, who: str, piece: Piece, happened: dt.date, at: dt.datetime) -> None:
    """Begin a piece: fields, files (checked and with previews), criteria."""
    actor = stage.beside(who, who, at)
    started = portfolio.start_evidence(actor=actor, kind=piece.kind, at=at)
    stage.pieces[who, piece.title] = started.pk
    fields = _fields(piece, happened)
    evidence = portfolio.save_draft(actor=actor, evidence=started, revision=started.revision, fields=fields, at=at)
    for file in piece.files:
        content = ContentFile(stage.file(file, happened))
        row = portfolio.receive_file(
            actor=actor, evidence=evidence, name=name_of(file, happened), content=content, at=at
        )
        prepare_file(file_id=row.pk, at=at)
        make_copy(file_id=row.pk, at=at)
        _refuse_unusable(row)
    chosen = [tick for unit, marks in piece.shows.items() for tick in _ticks(stage, who, unit, marks)]
    if chosen:
        portfolio.set_mappings(actor=actor, evidence=evidence, chosen=chosen, unsure=False, at=at)


def _fields(piece: Piece, happened: dt.date) -> dict[str, Any]:
    names = ("kind", "title", "description", "setting", "place", "people", "organisation", "body")
    fields: dict[str, Any] = {name: getattr(piece, name) for name in (*names, "location", "custodian")}
    return fields | {"activity_date": happened if piece.setting else None}


def _refuse_unusable(row: EvidenceFile) -> None:
    now = EvidenceFile.objects.for_centre(row.centre_id).get(pk=row.pk)
    if now.refusal:
        raise ValueError(f"{now.name}: {now.refusal}")


def _ticks(stage: Stage, who: str, unit_key: str, marks: str) -> Iterable[portfolio.Chosen]:
    unit = stage.unit(who, unit_key)
    criteria = {row.number: row.public_id for row in Criterion.objects.filter(unit_id=unit.unit_id)}
    for mark in marks.split():
        found = MARK.match(mark)
        if found is None or found["number"] not in criteria:
            raise ValueError(f"{unit_key}: no criterion {mark}")
        page, minutes = found["page"], found["minutes"]
        yield portfolio.Chosen(
            unit.public_id,
            criteria[found["number"]],
            MappingOrigin.UNIT,
            page=int(page) if page else None,
            seconds=int(minutes) * 60 + int(found["seconds"]) if minutes else None,
        )


def send(stage: Stage, who: str, piece: Piece, at: dt.datetime) -> None:
    """Send a draft with its declaration; a piece without criteria is left to the assessor."""
    actor, evidence = stage.beside(who, who, at), stage.piece(who, piece.title)
    if piece.unsure:
        portfolio.set_mappings(actor=actor, evidence=evidence, chosen=(), unsure=True, at=at)
    answers = portfolio.Declaration(
        declared=True,
        no_customer_named=True,
        ai_use=AiUse.ASSISTED if piece.ai_note else AiUse.NONE,
        ai_note=piece.ai_note,
    )
    portfolio.submit_evidence(actor=actor, evidence=evidence, revision=evidence.revision, answers=answers, at=at)


def rewrite(stage: Stage, who: str, title: str, fields: Mapping[str, Any], at: dt.datetime) -> None:
    """Begin the next version of a piece that came back, with other words."""
    actor = stage.beside(who, who, at)
    again = portfolio.revise_evidence(actor=actor, evidence=stage.piece(who, title), at=at)
    portfolio.save_draft(actor=actor, evidence=again, revision=again.revision, fields=fields, at=at)


def look(stage: Stage, by: str, who: str, title: str, at: dt.datetime) -> Evidence:
    """Open a piece as somebody of the staff."""
    actor = stage.beside(by, who, at)
    evidence = evidence_for(actor, stage.piece(who, title).public_id)
    portfolio.open_version(actor=actor, version=version_for(actor, evidence), at=at)
    return stage.piece(who, title)


def answer(stage: Stage, by: str, who: str, title: str, *, said: Answer, at: dt.datetime) -> None:
    """Decide about all that is open on a piece, as its assessor, or send it back; say how one knows where asked."""
    actor, evidence = stage.beside(by, who, at), stage.piece(who, title)
    version = version_for(actor, evidence)
    given = ReviewAnswers(
        feedback=said.feedback,
        next_action=said.next_action,
        next_by=actor.on + dt.timedelta(days=said.next_in) if said.next_in else None,
        vacsr={} if said.sending_back else {str(word): True for word in Vacsr},
        setting_confirmed=str(version.fields["setting"]),
        inspected_on=actor.on if version.fields["kind"] == EvidenceKind.IN_SITU else None,
    )
    act = partial(
        assessing.send_back if said.sending_back else assessing.decide,
        actor=actor,
        evidence=evidence,
        version_number=version.number,
        verdicts=[] if said.sending_back else list(_verdicts(evidence, said)),
        at=at,
    )
    try:
        act(answers=given)
    except Refused as refused:
        asked = {refusal.field for refusal in refused.refusals}
        if not asked <= REASONED.keys():
            raise
        reasons = {name: REASONED[name] if name in asked else "" for name in REASONED}
        act(
            answers=replace(
                given,
                setting_basis=reasons["setting_basis"],
                currency_note=reasons["currency_note"],
                days_note=reasons["days_note"],
            )
        )


def open_mappings(evidence: Evidence) -> dict[str, EvidenceMapping]:
    """Return what is not decided on a piece, by the code that the screens show: unit and criterion, 15.2.6."""
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(evidence=evidence, state=MappingState.OFFERED)
    found = rows.select_related("criterion", "learner_unit__place").order_by("learner_unit__position", "pk")
    return {f"{row.learner_unit.place.number}.{row.criterion.number}": row for row in found}


def _verdicts(evidence: Evidence, said: Answer) -> Iterable[VerdictGiven]:
    mappings, left, off = open_mappings(evidence), said.left.split(), said.not_relevant.split()
    if unknown := {*said.not_yet, *left, *off} - mappings.keys():
        raise ValueError(f"{evidence}: nothing to decide about {sorted(unknown)}")
    for code, mapping in mappings.items():
        if code not in left:
            reason = said.not_yet.get(code, "")
            given = Verdict.NOT_RELEVANT if code in off else Verdict.NOT_YET if reason else Verdict.MET
            yield VerdictGiven(mapping.public_id, mapping.round, given, reason)


def type_feedback(stage: Stage, by: str, who: str, title: str, *, code: str, words: str, at: dt.datetime) -> None:
    """Leave a half-written answer, with "not yet" chosen for one criterion."""
    evidence = stage.piece(who, title)
    mapping = open_mappings(evidence)[code]
    content = {
        "version": str(evidence.version_number),
        "feedback": words,
        f"verdict-{mapping.public_id}": str(Verdict.NOT_YET),
        f"reason-{mapping.public_id}": "I cannot see yet how you found the cause",
    }
    assessing.save_feedback_draft(actor=stage.beside(by, who, at), evidence=evidence, content=content, at=at)


def stay(stage: Stage, by: str, who: str, title: str, at: dt.datetime) -> None:
    """Have a piece open at this moment."""
    assessing.enter(actor=stage.beside(by, who, at), evidence=stage.piece(who, title), at=at)


def talk(stage: Stage, by: str, who: str, title: str, *, words: str, at: dt.datetime) -> None:
    """Add a line to the talk about a piece."""
    assessing.reply(actor=stage.beside(by, who, at), evidence=stage.piece(who, title), text=words, at=at)


def countersign(stage: Stage, by: str, who: str, title: str, *, at: dt.datetime, disagree: str = "") -> None:
    """Countersign a trainee's decisions on a piece; with words in `disagree` the last one is put back."""
    actor, evidence = stage.beside(by, who, at), look(stage, by, who, title, at)
    waiting: list[Judgement] = list(to_countersign(actor).filter(mapping__evidence=evidence))
    for number, judgement in enumerate(waiting, 1):
        doubt = disagree if number == len(waiting) else ""
        assessing.countersign(actor=actor, judgement=judgement, agrees=not doubt, reason=doubt, at=at)


def sign(stage: Stage, by: str, who: str, unit: str, at: dt.datetime) -> None:
    """Sign a unit as its assessor."""
    actor = stage.beside(by, who, at)
    assessing.sign_off(actor=actor, learner_unit=stage.unit(who, unit), declared=True, reauthenticated=True, at=at)


def confirm(stage: Stage, who: str, unit: str, at: dt.datetime, *, dispute: str = "") -> None:
    """Confirm a signed unit as its learner, or dispute it with the words given."""
    assessing.confirm_unit(
        actor=stage.beside(who, who, at),
        learner_unit=stage.unit(who, unit),
        agrees=not dispute,
        reason=dispute,
        reauthenticated=True,
        at=at,
    )


def reopen(stage: Stage, by: str, who: str, unit: str, *, reason: str, at: dt.datetime) -> None:
    """Reopen a signed unit as the assessor who signed it."""
    actor = stage.beside(by, who, at)
    assessing.reopen_unit(actor=actor, learner_unit=stage.unit(who, unit), reason=reason, reauthenticated=True, at=at)
