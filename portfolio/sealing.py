"""What is sealed of evidence: what was sent, who saw it, what was removed. Drafts are not."""

from ledger.registry import Form, sealed

sealed(
    "portfolio.EvidenceVersion",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "evidence_id",
            "number",
            "digest",
            "declaration",
            "submitted_by_id",
            "submitted_at",
        ),
        words=("fields", "files", "mappings"),
    ),
)
# A file's own row changes while it is looked at and when it is purged. What never changes of it, once it was sent, is
# sealed with the row that says so.
sealed(
    "portfolio.VersionFile",
    Form(
        plain=(
            "id",
            "centre_id",
            "version_id",
            "file_id",
            "file__public_id",
            "file__evidence_id",
            "file__sha256",
            "file__size",
            "file__uploaded_by_id",
            "file__received_at",
        )
    ),
)
sealed("portfolio.Opening", Form(plain=("id", "centre_id", "version_id", "file_id", "person_id", "at")))
sealed("portfolio.Recall", Form(plain=("id", "centre_id", "version_id", "at")))
sealed(
    "portfolio.PurgeRequest",
    Form(
        plain=("id", "public_id", "centre_id", "version_id", "words", "asked_by_id", "at"),
        words=("reason", "asked_by_name"),
    ),
)
sealed(
    "portfolio.PurgeDecision",
    Form(
        plain=("id", "centre_id", "request_id", "agrees", "asked_by_id", "decided_by_id", "at"),
        words=("note", "decided_by_name"),
    ),
)
sealed(
    "portfolio.Tombstone",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "decision_id",
            "version_id",
            "file_id",
            "sha256",
            "size",
            "content_type",
            "storage_key",
            "at",
        )
    ),
)
