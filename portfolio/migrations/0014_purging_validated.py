"""Look at the files that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0013_purging"),
    ]

    operations = [
        Gently(),
        ValidateChecks("evidencefile", ["evidencefile_state_is_known"]),
    ]
