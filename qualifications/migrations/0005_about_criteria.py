import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids
from common.append_only import AppendOnly


class Migration(migrations.Migration):
    """What a centre says about criteria: its own themes, and plain words. Rows are added, never changed (R68)."""

    dependencies = [
        ("centres", "0002_known_as"),
        ("qualifications", "0004_drafts_and_what_came_of_them"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CriterionNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("unit_key", models.CharField(max_length=120)),
                ("number", models.CharField(max_length=12)),
                ("version", models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                ("at", models.DateTimeField()),
                ("words", models.TextField(default="")),
                ("examples", models.TextField(default="")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qualifications.criterion"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "unit_key", "number", "version"), name="criterionnote_once_per_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CriterionTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("unit_key", models.CharField(max_length=120)),
                ("number", models.CharField(max_length=12)),
                ("version", models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                ("at", models.DateTimeField()),
                ("themes", models.JSONField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qualifications.criterion"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "unit_key", "number", "version"), name="criteriontag_once_per_version"
                    )
                ],
            },
        ),
        AppendOnly("qualifications_criteriontag"),
        AppendOnly("qualifications_criterionnote"),
    ]
