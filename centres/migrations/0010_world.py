"""An allocation may name a registration; assurance names its awarding body and the days of a visit (R13, R99)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0009_entry_confirmed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="allocation",
            name="allocation_open_once",
        ),
        migrations.RemoveConstraint(
            model_name="assurance",
            name="assurance_once",
        ),
        migrations.AddField(
            model_name="allocation",
            name="registration",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="centres.registration",
            ),
        ),
        migrations.AddField(
            model_name="assurance",
            name="awarding_body",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="assurance",
            name="ends_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="assurance",
            name="starts_on",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None), ("registration", None)),
                fields=("learner", "assessor"),
                name="allocation_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)),
                fields=("registration", "assessor"),
                name="allocation_named_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="assurance",
            constraint=models.UniqueConstraint(
                fields=("membership", "awarding_body", "entry_code"), name="assurance_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="assurance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on", None), ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="assurance_dates_in_order",
            ),
        ),
    ]
