"""The judgement side as it is drawn: each criterion with what was chosen and typed so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from assessments.enums import Vacsr, Verdict
from assessments.queries.workbench import MappingRow, Workbench
from common.refusals import Refusal
from portfolio.enums import DECIDED_MET, MappingState
from web.assessor.evidence_pane import Locator, locator_of
from web.assessor.forms import JudgeForm, round_typed

SAME = {
    Verdict.MET: DECIDED_MET,
    Verdict.NOT_YET: {MappingState.NOT_YET},
    Verdict.NOT_RELEVANT: {MappingState.NOT_RELEVANT},
}


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """One criterion: the mapping, what is chosen, what is missing, what the rules said about it."""

    mapping: MappingRow
    verdict: str
    reason: str
    round: int
    errors: tuple[str, ...]
    where: Locator | None

    @property
    def again(self) -> bool:
        """Decided before, and being decided again now."""
        return not self.mapping.open and bool(self.verdict)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the decisions are."""

    total: int
    met: int
    not_yet: int
    not_relevant: int
    can_be_met: int

    @property
    def done(self) -> int:
        """Decided, one way or another."""
        return self.met + self.not_yet + self.not_relevant

    @property
    def left(self) -> int:
        """Still without a decision."""
        return self.total - self.done


@dataclass(frozen=True, slots=True)
class Stand:
    """One of the five words that saving confirms; `off`: taken off, so that nothing is met (R70)."""

    word: str
    label: str | Promise
    off: bool


def judge_rows(
    bench: Workbench, typed: Mapping[str, Any], refusals: Iterable[Refusal] = (), *, fresh: bool = True
) -> tuple[JudgeRow, ...]:
    """Return the rows with what was typed. `fresh`: carry the rounds of now, not those the form came with."""
    return tuple(_row(bench, mapping, typed, tuple(refusals), fresh=fresh) for mapping in bench.mappings)


def _row(
    bench: Workbench, mapping: MappingRow, typed: Mapping[str, Any], refusals: Sequence[Refusal], *, fresh: bool
) -> JudgeRow:
    names = {mapping.public_id, f"reason-{mapping.public_id}"}
    return JudgeRow(
        mapping=mapping,
        verdict=_verdict(mapping, str(typed.get(f"verdict-{mapping.public_id}", ""))),
        reason=str(typed.get(f"reason-{mapping.public_id}", "")),
        round=mapping.round if fresh else round_typed(typed, mapping.public_id),
        errors=tuple(r.sentence for r in refusals if r.field in names),
        where=locator_of(bench, mapping),
    )


def _verdict(mapping: MappingRow, chosen: str) -> str:
    """Return what is chosen, unless it stands decided so already or cannot be."""
    if chosen not in Verdict.values or (chosen == Verdict.MET and mapping.barred) or mapping.closed:
        return ""
    return "" if mapping.state in SAME[Verdict(chosen)] else chosen


def all_met(bench: Workbench, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed with Met chosen wherever nothing is and this setting can meet it: the button unscripted.

    Nothing is chosen before all of the piece was shown (R69).
    """
    if not bench.all_seen:
        return dict(typed)
    asked = [mapping for mapping in bench.mappings if mapping.open and not mapping.barred and not mapping.closed]
    names = [f"verdict-{mapping.public_id}" for mapping in asked]
    return {**dict.fromkeys(names, str(Verdict.MET)), **typed}


def orphans(bench: Workbench, typed: Mapping[str, Any]) -> list[str]:
    """Return what was typed about criteria that are no longer on the piece, so that it can be copied."""
    known = {f"reason-{mapping.public_id}" for mapping in bench.mappings}
    return [str(typed[name]) for name in typed if name.startswith("reason-") and name not in known and typed[name]]


def tally_of(rows: Sequence[JudgeRow]) -> Tally:
    """Count the open criteria by what is chosen now."""
    asked = [row for row in rows if row.mapping.open and not row.mapping.closed]
    count = [row.verdict for row in asked].count
    return Tally(
        total=len(asked),
        met=count(Verdict.MET),
        not_yet=count(Verdict.NOT_YET),
        not_relevant=count(Verdict.NOT_RELEVANT),
        can_be_met=sum(not row.mapping.barred for row in asked),
    )


def stands(typed: Mapping[str, Any]) -> tuple[Stand, ...]:
    """Return the five words, each with whether it was taken off."""
    return tuple(Stand(word, label, f"doubt-{word}" in typed) for word, label in Vacsr.choices)


def judge_form(bench: Workbench, typed: Mapping[str, Any]) -> JudgeForm:
    """Return the form with what was typed; untouched, with the learner's setting to confirm where nothing is in doubt.

    In doubt nothing is filled in: the assessor says where it happened, and how they know (R61).
    """
    if "version" in typed:
        return JudgeForm(typed)
    setting = "" if bench.doubts else bench.fields.get("setting", "")
    return JudgeForm(initial={"version": bench.version.number, "setting_confirmed": setting})


def error_lines(form: JudgeForm, rows: Sequence[JudgeRow], refusals: Iterable[Refusal]) -> list[dict[str, str]]:
    """Return the error summary: each refusal once, with a link to where it is mended when it has a place."""
    mappings = {row.mapping.public_id for row in rows}
    lines = [_line(refusal, form, mappings) for refusal in refusals]
    for name, errors in form.errors.items():
        lines += [{"text": str(text), "href": f"#id_{name}"} for text in errors]
    return list({line["text"]: line for line in lines}.values())


def _line(refusal: Refusal, form: JudgeForm, mappings: set[str]) -> dict[str, str]:
    if refusal.field in mappings:
        return {"text": refusal.sentence, "href": f"#criterion-{refusal.field}"}
    if refusal.field.removeprefix("reason-") in mappings:
        return {"text": refusal.sentence, "href": f"#{refusal.field}"}
    places = {"vacsr": "#stand"} | {name: f"#id_{name}" for name in form.fields}
    return {
        "text": refusal.sentence,
        "href": places.get(refusal.field, "#waits" if refusal.code == "not-opened" else ""),
    }
