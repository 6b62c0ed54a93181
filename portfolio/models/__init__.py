"""The tables of evidence: pieces, files, versions, mappings, and what stands where something was removed for good."""

from portfolio.models.evidence import (
    AcceptedTogether,
    Evidence,
    EvidenceFile,
    EvidenceMapping,
    EvidenceVersion,
    Opening,
    Preview,
    Recall,
    VersionFile,
)
from portfolio.models.purging import PurgeDecision, PurgeRequest, Tombstone

__all__ = [
    "AcceptedTogether",
    "Evidence",
    "EvidenceFile",
    "EvidenceMapping",
    "EvidenceVersion",
    "Opening",
    "Preview",
    "PurgeDecision",
    "PurgeRequest",
    "Recall",
    "Tombstone",
    "VersionFile",
]
