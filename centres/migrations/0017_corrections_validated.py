"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [("centres", "0016_corrections_checked")]

    operations = [
        Gently(),
        ValidateChecks(
            "learner",
            [
                "learner_number_has_a_state",
                "learner_without_number_says_why",
                "learner_number_asked_after_notice",
                "learner_number_compared_by_somebody",
                "learner_mismatch_says_where",
                "learner_uln_status_is_known",
            ],
        ),
    ]
