"""The current decision of a mapping: the one place that writes it (decision 10).

Called inside the transaction that judges or countersigns, under the lock on the piece.
"""

import datetime as dt

from django.db.models import Exists

from assessments.enums import Verdict
from assessments.models import Countersignature, CurrentDecision, Judgement
from assessments.rules import provisional
from centres.enums import Standing
from common.refusals import Stale
from portfolio.models import EvidenceMapping
from portfolio.services import advance_mapping


def before(mapping: EvidenceMapping, person_id: int, version_id: int) -> provisional.Before:
    """Return what stands for a mapping before somebody (an id) decides on a version (an id). Two queries."""
    row, never_lifted = _row(mapping), _met_in_training(mapping, person_id, version_id)
    if row is None:
        return provisional.Before(state=mapping.state, own_waits=never_lifted)
    return provisional.Before(
        state=mapping.state,
        verdict=row.verdict,
        counts=row.standing == Standing.QUALIFIED or row.countersignature_id is not None,
        own_waits=never_lifted or (row.proposed is not None and row.proposed.assessor_id == person_id),
    )


def _met_in_training(mapping: EvidenceMapping, person_id: int, version_id: int) -> bool:
    """Say whether a person called this version "met" as a trainee, and nobody ever answered.

    Taking it back and calling it "met" again as a qualified assessor does not lift that (R7).
    """
    rows = Judgement.objects.for_centre(mapping.centre_id).filter(mapping_id=mapping.pk, version_id=version_id)
    own = rows.filter(assessor_id=person_id)
    agreed = own.filter(countersignature__agrees=True)
    trained = own.filter(standing=Standing.TRAINEE, verdict=Verdict.MET, countersignature=None)
    return bool(trained.filter(~Exists(agreed)).exists())


def _row(mapping: EvidenceMapping) -> CurrentDecision | None:
    rows = CurrentDecision.objects.for_centre(mapping.centre_id).filter(mapping_id=mapping.pk)
    return rows.select_related("proposed").first()


def take(judgement: Judgement, *, waits: bool, at: dt.datetime) -> None:
    """Let a judgement that was just written count, or wait for its countersignature; either replaces what waited."""
    found = _row(judgement.mapping)
    row = found or CurrentDecision(
        centre_id=judgement.centre_id,
        mapping_id=judgement.mapping_id,
        learner_unit_id=judgement.learner_unit_id,
        criterion_id=judgement.criterion_id,
    )
    row.proposed = judgement if waits else None
    if not waits:
        _enforce(row, judgement, None)
    _save(row, at, is_new=found is None)


def countersigned(signature: Countersignature, mapping: EvidenceMapping, *, at: dt.datetime) -> None:
    """Let the decision that waits count, or put it aside, as the countersigner says.

    Raises `Stale` when it no longer waits.
    """
    row, judgement = _row(mapping), signature.judgement
    if row is None or row.proposed_id != judgement.pk:
        raise Stale
    row.proposed = None
    if signature.agrees:
        _enforce(row, judgement, signature)
        to = provisional.state_after_decision(
            verdict=judgement.verdict, provisional=False, before=provisional.Before(state=mapping.state)
        )
    else:
        to = provisional.state_after_refusal(mapping.state)
    if row.judgement_id is None:
        row.delete()
    else:
        _save(row, at)
    advance_mapping(mapping=mapping, to=to, expected_round=mapping.round, at=at)


def _enforce(row: CurrentDecision, judgement: Judgement, signature: Countersignature | None) -> None:
    row.judgement, row.countersignature = judgement, signature
    row.verdict, row.standing = Verdict(judgement.verdict), Standing(judgement.standing)


def _save(row: CurrentDecision, at: dt.datetime, *, is_new: bool = False) -> None:
    row.changed_at = at
    row.save(force_insert=is_new, force_update=not is_new)
