"""Every column with choices holds one of them; dates in order; what a state needs is there. Old rows: the next step."""

from django.db import migrations, models

from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_what_a_key_stands_for"),
    ]

    operations = [
        Gently(),
        AddChecks(
            "event",
            [
                models.CheckConstraint(
                    condition=models.Q(("outcome__in", ["denied", "done"])), name="event_outcome_is_known"
                ),
            ],
        ),
    ]
