"""Every column with choices holds one of them; dates in order; what a state needs is there. Old rows: the next step."""

from django.db import migrations, models

from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
    ]

    operations = [
        Gently(),
        AddChecks(
            "job",
            [
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["dead", "done", "running", "waiting"])), name="job_state_is_known"
                ),
            ],
        ),
    ]
