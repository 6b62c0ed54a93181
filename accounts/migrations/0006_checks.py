"""Every column with choices holds one of them; dates in order; what a state needs is there. Old rows: the next step."""

from django.db import migrations, models

from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_address_rows"),
    ]

    operations = [
        Gently(),
        AddChecks(
            "user",
            [
                models.CheckConstraint(
                    condition=models.Q(("density__in", ["auto", "comfort", "workbench"])), name="user_density_is_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(("appearance__in", ["dark", "device", "light"])), name="user_appearance_is_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(("portfolio_view__in", ["activities", "auto", "units"])),
                    name="user_portfolio_view_is_known",
                ),
            ],
        ),
    ]
