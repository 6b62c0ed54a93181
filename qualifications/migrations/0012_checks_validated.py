"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("qualifications", "0011_checks"),
    ]

    operations = [
        Gently(),
        ValidateChecks("draft", ["draft_source_is_known", "draft_state_is_known"]),
        ValidateChecks("outcome", ["outcome_kind_is_known"]),
        ValidateChecks("qualification", ["qualification_generation_is_known"]),
        ValidateChecks("unit", ["unit_generation_is_known", "unit_sector_is_known"]),
    ]
