"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [("assessments", "0018_said")]

    operations = [
        Gently(),
        ValidateChecks("countersignature", ["countersign_no_needs_reason"]),
        ValidateChecks("exemption", ["exemption_refused_with_reason", "exemption_equivalent_by_source"]),
        ValidateChecks("judgement", ["judgement_not_yet_has_a_reason"]),
        ValidateChecks("review", ["review_sent_back_says_why"]),
    ]
