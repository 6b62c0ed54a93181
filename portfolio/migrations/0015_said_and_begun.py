"""What needs a reason needs one that says something; nothing is sent before it was begun. Old rows: the next step."""

from django.db import migrations, models

import common.constraints
from common.checking import AddChecks, Gently, ReplaceChecks


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0014_purging_validated")]

    operations = [
        Gently(),
        ReplaceChecks(
            "purgedecision",
            [
                models.CheckConstraint(
                    condition=models.Q(("agrees", True), common.constraints.Said(models.F("note")), _connector="OR"),
                    name="purge_no_needs_a_note",
                )
            ],
        ),
        ReplaceChecks(
            "purgerequest",
            [
                models.CheckConstraint(
                    condition=models.Q(common.constraints.Said(models.F("reason"))), name="purge_request_says_why"
                )
            ],
        ),
        AddChecks(
            "evidence",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("submitted_at", None), ("submitted_at__gte", models.F("created_at")), _connector="OR"
                    ),
                    name="evidence_sent_once_begun",
                )
            ],
        ),
    ]
