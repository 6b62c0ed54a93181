"""What is sealed of the apps below, which know nothing of the ledger, and of the ledger itself."""

from ledger.registry import Form, sealed

sealed(
    "audit.Event",
    Form(
        plain=(
            "id",
            "at",
            "action",
            "outcome",
            "person_id",
            "roles",
            "centre_id",
            "object_type",
            "object_id",
            "request_id",
        ),
        words=("facts",),  # ids and hashes, and now and then an address or a name that somebody is known by
    ),
)
sealed("ledger.SigningKey", Form(plain=("id", "verifier", "from_size", "at")))
