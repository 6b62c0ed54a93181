import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """How often pieces met two criteria together, for suggestions (R68). A job counts again; nothing is lost with it."""

    dependencies = [
        ("centres", "0002_known_as"),
        ("portfolio", "0004_moving"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcceptedTogether",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_key", models.CharField(max_length=120)),
                ("number", models.CharField(max_length=12)),
                ("other_key", models.CharField(max_length=120)),
                ("other_number", models.CharField(max_length=12)),
                ("pieces", models.PositiveIntegerField()),
                ("learners", models.PositiveIntegerField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "unit_key", "number", "other_key", "other_number"), name="together_once"
                    )
                ],
            },
        ),
    ]
