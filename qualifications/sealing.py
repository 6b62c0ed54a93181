"""What is sealed of the catalogue: the very words that people are judged on, and who let them be published."""

from ledger.registry import Form, sealed

#: Of the draft that a centre's own row came from. It is frozen once it is published.
_LET_THROUGH = ("draft_id", "draft__author_id", "draft__decided_by_id", "draft__decided_at")

sealed(
    "qualifications.Unit",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            *_LET_THROUGH,
            "key",
            "version",
            "reference",
            "title",
            "level",
            "credit",
            "glh",
            "generation",
            "sector",
            "kind",
            "sufficiency",
            "equivalents",
            "content_digest",
            "wording_digest",
            "published_at",
        ),
        words=("provenance",),
    ),
)
sealed("qualifications.Outcome", Form(plain=("id", "unit_id", "number", "title", "kind")))
sealed(
    "qualifications.Criterion",
    Form(
        plain=(
            "id",
            "public_id",
            "outcome_id",
            "unit_id",
            "position",
            "number",
            "text",
            "verb",
            "kind",
            "themes",
            "requirements",
            "range",
        )
    ),
)
sealed(
    "qualifications.Qualification",
    Form(
        plain=(
            "id",
            "public_id",
            "centre_id",
            *_LET_THROUGH,
            "awarding_body",
            "entry_code",
            "version",
            "title",
            "level",
            "generation",
            "ofqual_number",
            "credit",
            "credit_at_level",
            "credit_at_or_above",
            "glh_min",
            "glh_max",
            "glh_stated",
            "tqt",
            "structure_reference",
            "listed_on",
            "last_registration_on",
            "last_certification_on",
            "replaces_code",
            "barred",
            "sufficiency",
            "settings",
            "equivalents",
            "assessed",
            "content_digest",
            "published_at",
        ),
        words=("provenance",),
    ),
)
sealed(
    "qualifications.Group",
    Form(
        plain=(
            "id",
            "qualification_id",
            "code",
            "title",
            "position",
            "mandatory",
            "min_credit",
            "max_credit",
            "exact_credit",
            "min_units",
            "max_units",
            "complete",
        )
    ),
)
sealed(
    "qualifications.Place",
    Form(plain=("id", "group_id", "unit_id", "number", "membership", "numbered", "position")),
)
_ABOUT_A_CRITERION = (
    "id",
    "public_id",
    "centre_id",
    "criterion_id",
    "unit_key",
    "number",
    "version",
    "author_id",
    "at",
)
sealed("qualifications.CriterionTag", Form(plain=(*_ABOUT_A_CRITERION, "themes")))
sealed("qualifications.CriterionNote", Form(plain=_ABOUT_A_CRITERION, words=("words", "examples")))
