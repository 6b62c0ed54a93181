"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0018_registration_states"),
    ]

    operations = [
        Gently(),
        ValidateChecks("registration", ["registration_state_is_known"]),
    ]
