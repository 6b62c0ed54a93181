"""Where a piece of evidence goes once something about its mappings was decided (3.1)."""

import datetime as dt

from assessments.rules import judging
from portfolio.models import Evidence, EvidenceMapping
from portfolio.services import advance_evidence


def settle_evidence(evidence: Evidence, at: dt.datetime, *, sending_back: bool = False) -> None:
    """Move a piece to where the states of its mappings put it. The caller holds it and has asked the rules."""
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(evidence=evidence)
    to = judging.state_after(rows.values_list("state", flat=True), sending_back=sending_back)
    if to != evidence.state:
        advance_evidence(evidence=evidence, to=to, at=at)
