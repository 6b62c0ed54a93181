"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [("centres", "0023_identifiers")]

    operations = [
        Gently(),
        ValidateChecks(
            "learner",
            ["learner_candidate_four_digits", "learner_ocr_number_eight_digits", "learner_uci_thirteen_signs"],
        ),
    ]
