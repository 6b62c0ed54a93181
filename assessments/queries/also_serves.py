"""What else a piece could serve: for its assessor, who adds it or does not (R68)."""

from dataclasses import dataclass

from assessments.queries.codes import code_of
from assessments.queries.sufficiency import short_for
from assessments.queries.workbench import Workbench
from centres.actor import Actor
from centres.queries import assessed_registrations
from portfolio.queries.progress import criteria_of_learner
from portfolio.queries.suggest import Suggestion, suggestions


@dataclass(frozen=True, slots=True)
class AlsoServes:
    """A criterion that the piece is not offered for and may fit, with the reason for the assessor."""

    key: str  # "<learner unit> <criterion>", public ids, as a form sends it
    code: str
    text: str
    unit_title: str
    reason: str


def also_serves(actor: Actor, bench: Workbench) -> list[AlsoServes]:
    """Return at most eight criteria of the learner's open units, the best first, none of them added. Five queries.

    What is met by too little evidence is still looked for (R71).

    For a piece that was sent: what the learner typed since is not looked at, because then it is a draft again.
    """
    evidence = bench.evidence
    rows = criteria_of_learner(evidence.learner, short_for(actor, bench.book), within=assessed_registrations(actor))
    return [_row(one) for one in suggestions(evidence.learner, evidence, rows=rows)]


def _row(one: Suggestion) -> AlsoServes:
    return AlsoServes(
        key=f"{one.row.learner_unit_id} {one.row.criterion_id}",
        code=code_of(one.row.unit_number, one.row.number),
        text=one.row.text,
        unit_title=one.row.unit_title,
        reason=one.reason_for_staff,
    )
