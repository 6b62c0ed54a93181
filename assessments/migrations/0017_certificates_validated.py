"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0016_certificates_checked"),
    ]

    operations = [
        Gently(),
        ValidateChecks("exemption", ["exemption_equivalent_by_source", "exemption_stands_by_is_known"]),
    ]
