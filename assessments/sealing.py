"""What is sealed of judging and signing: every table that is only added to."""

from ledger.registry import Form, sealed

sealed(
    "assessments.Review",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "evidence_id",
            "version_id",
            "kind",
            "assessor_id",
            "next_by",
            "setting_confirmed",
            "inspected_on",
            "at",
        ),
        words=("feedback", "next_action", "vacsr", "vacsr_note", "setting_basis", "currency_note", "days_note"),
    ),
)
sealed(
    "assessments.Judgement",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "review_id",
            "mapping_id",
            "learner_unit_id",
            "criterion_id",
            "version_id",
            "version_digest",
            "round",
            "verdict",
            "assessor_id",
            "standing",
            "setting",
            "observed_on",
            "at",
            "digest",
            "kind",
            "learner_setting",
            "realistic_counts",
        ),
        words=("reason",),
    ),
)
sealed(
    "assessments.Countersignature",
    Form(plain=("id", "centre_id", "judgement_id", "agrees", "countersigner_id", "at"), words=("reason",)),
)
sealed(
    "assessments.LedgerEntry",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            "registration_id",
            "learner_unit_id",
            "sequence",
            "act",
            "person_id",
            "standing",
            "roles",
            "at",
            "payload",
            "previous",
            "digest",
        )
    ),
)
sealed("assessments.SignOffNote", Form(plain=("id", "centre_id", "entry_id"), words=("text",)))
sealed(
    "assessments.Reply",
    Form(plain=("id", "public_id", "centre_id", "evidence_id", "author_id", "at"), words=("text",)),
)
