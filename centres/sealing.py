"""What is sealed of a centre: every change that somebody answers for. What is in force today follows from these."""

from ledger.registry import Form, sealed

_WHO_AND_WHEN = ("id", "public_id", "centre_id", "by_id", "at")

sealed(
    "centres.UnitChange",
    Form(
        plain=(*_WHO_AND_WHEN, "registration_id", "added", "dropped", "accepted", "satisfied", "credit"),
        words=("by_name", "reason"),
    ),
)
sealed(
    "centres.StateChange",
    Form(plain=(*_WHO_AND_WHEN, "registration_id", "was", "to", "on"), words=("by_name", "reason")),
)
sealed(
    "centres.Correction",
    Form(
        plain=(*_WHO_AND_WHEN, "learner_id", "kind", "renamed", "proof_seen_on"),
        words=("by_name", "changes", "reason", "proof", "proof_seen_by"),
    ),
)
sealed(
    "centres.Induction",
    Form(plain=(*_WHO_AND_WHEN, "learner_id", "version", "parts"), words=("by_name",)),
)
sealed("centres.PolicyChange", Form(plain=_WHO_AND_WHEN, words=("before", "after", "reason", "by_name")))
sealed(
    "centres.Approval",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "awarding_body",
            "entry_code",
            "number",
            "status",
            "approved_on",
            "lapses_on",
            "recorded_by_id",
            "created_at",
        ),
        words=("letter", "recorded_by_name"),
    ),
)
sealed(
    "centres.IdentityCheck",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "learner_id",
            "document",
            "method",
            "seen_on",
            "matches",
            "seen_by_id",
            "created_at",
        ),
        words=("note", "seen_by_name"),
    ),
)
sealed(
    "centres.ExternalProposal",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "person_id",
            "entry_codes",
            "starts_on",
            "ends_on",
            "proposed_by_id",
            "at",
        ),
        words=("known_as", "proof", "proposed_by_name"),
    ),
)
sealed(
    "centres.ExternalDecision",
    Form(
        plain=("id", "centre_id", "proposal_id", "agrees", "proposed_by_id", "decided_by_id", "at"),
        words=("note", "decided_by_name"),
    ),
)
sealed(
    "centres.SufficiencyRule",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "scope",
            "unit_key",
            "kind",
            "learner_unit_id",
            "criterion_id",
            "asked",
            "eases",
            "starts_on",
            "author_id",
            "created_at",
        ),
        words=("reason",),
    ),
)
sealed(
    "centres.SufficiencyDecision",
    Form(plain=("id", "centre_id", "rule_id", "agrees", "author_id", "decided_by_id", "at"), words=("note",)),
)
