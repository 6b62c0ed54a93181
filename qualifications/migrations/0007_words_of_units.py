import django.db.models.deletion
from django.db import migrations, models

from common.fulltext import WordIndex


class Migration(migrations.Migration):
    """The words of units for the search, with an index of them; 0008 fills it."""

    dependencies = [
        ("centres", "0006_sufficiency"),
        ("qualifications", "0006_sufficiency"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120)),
                ("level", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=250)),
                ("title_words", models.TextField()),
                ("words", models.TextField()),
                (
                    "centre",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qualifications.unit"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "unit words",
                "indexes": [models.Index(fields=["level", "title", "key", "centre", "unit"], name="units_in_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("centre", None)), fields=("key",), name="words_once_per_unit"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("centre", None), _negated=True),
                        fields=("centre", "key"),
                        name="words_once_per_own_unit",
                    ),
                ],
            },
        ),
        WordIndex("qualifications_unitwords", ["title_words", "words"]),
    ]
