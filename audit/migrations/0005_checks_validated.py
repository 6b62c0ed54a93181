"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_checks"),
    ]

    operations = [
        Gently(),
        ValidateChecks("event", ["event_outcome_is_known"]),
    ]
