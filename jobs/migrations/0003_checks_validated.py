"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_checks"),
    ]

    operations = [
        Gently(),
        ValidateChecks("job", ["job_state_is_known"]),
    ]
