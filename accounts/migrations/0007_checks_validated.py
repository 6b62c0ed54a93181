"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_checks"),
    ]

    operations = [
        Gently(),
        ValidateChecks("user", ["user_density_is_known", "user_appearance_is_known", "user_portfolio_view_is_known"]),
    ]
