import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids
from common.append_only import AppendOnly, Rewritable


class Migration(migrations.Migration):
    """A centre may publish for itself, through drafts that a second person lets through (R23)."""

    dependencies = [
        ("centres", "0002_known_as"),
        ("qualifications", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Rewritable("qualifications_unit"),
        Rewritable("qualifications_criterion"),
        Rewritable("qualifications_qualification"),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("yaml", "Catalogue file"),
                            ("sheet", "Spreadsheet"),
                            ("case", "CASE package"),
                            ("pasted", "Pasted text"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Being read"),
                            ("matching", "Columns to be matched"),
                            ("broken", "Cannot be read"),
                            ("draft", "Draft"),
                            ("submitted", "Waiting for a second person"),
                            ("published", "Published"),
                            ("rejected", "Sent back"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("file_name", models.CharField(default="", max_length=200)),
                ("storage_key", models.CharField(default="", max_length=120)),
                ("sha256", models.CharField(default="", max_length=64)),
                ("columns", models.JSONField(default=dict)),
                ("content", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(default="", max_length=500)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="qualification",
            name="one_row_per_qualification_version",
        ),
        migrations.RemoveConstraint(
            model_name="unit",
            name="one_row_per_unit_version",
        ),
        migrations.AddField(
            model_name="criterion",
            name="range",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="criterion",
            name="requirements",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="qualification",
            name="centre",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="centre",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("centre", None)),
                fields=("awarding_body", "entry_code", "version"),
                name="one_row_per_qualification_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("centre", None), _negated=True),
                fields=("centre", "awarding_body", "entry_code", "version"),
                name="one_row_per_own_qualification_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("centre", None)), fields=("key", "version"), name="one_row_per_unit_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("centre", None), _negated=True),
                fields=("centre", "key", "version"),
                name="one_row_per_own_unit_version",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="centre",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"),
        ),
        migrations.AddField(
            model_name="draft",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", models.F("author")), _negated=True), ("decided_by", None), _connector="OR"
                ),
                name="draft_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True), ("decided_by__isnull", False), _connector="OR"
                ),
                name="draft_published_by_somebody",
            ),
        ),
        AppendOnly("qualifications_unit"),
        AppendOnly("qualifications_criterion"),
        AppendOnly("qualifications_qualification"),
    ]
