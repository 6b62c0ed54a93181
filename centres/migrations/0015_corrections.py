"""Corrections of a learner's record, kept for good; where a learner number stands (R27, R29 to R33)."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.guards
import common.ids
from common.append_only import AppendOnly


def fill(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """A number that is missing is missing for a reason (R30): say so where none was kept."""
    rows = apps.get_model("centres", "Learner").objects.filter(uln=None, uln_missing_reason="")
    rows.update(uln_missing_reason="No reason was kept when this learner was registered.")


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0014_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("record", "The record"), ("number", "The state of the learner number")],
                        default="record",
                        max_length=6,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("changes", models.JSONField(default=list)),
                ("reason", models.CharField(default="", max_length=300)),
                ("renamed", models.BooleanField(default=False)),
                ("proof", models.CharField(default="", max_length=200)),
                ("proof_seen_by", models.CharField(default="", max_length=200)),
                ("proof_seen_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="learner",
            name="lrs_notice",
            field=models.CharField(default="", max_length=60),
        ),
        migrations.AddField(
            model_name="learner",
            name="lrs_notice_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="learner",
            name="uln_checked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="learner",
            name="uln_checked_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="learner",
            name="uln_mismatch",
            field=models.CharField(default="", max_length=80),
        ),
        migrations.AddField(
            model_name="learner",
            name="uln_requested_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="correction",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="centre",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"),
        ),
        migrations.AddField(
            model_name="correction",
            name="learner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="centres.learner"
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["learner", "-at"], name="correction_learner"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "number"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="correction_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("renamed", False), models.Q(("proof", ""), _negated=True), _connector="OR"),
                name="correction_of_a_name_has_proof",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proof", ""), ("proof_seen_by", ""), ("proof_seen_on", None)),
                    models.Q(
                        models.Q(("proof", ""), _negated=True),
                        models.Q(("proof_seen_by", ""), _negated=True),
                        ("proof_seen_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="correction_proof_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=common.guards.Guard(
                name="correction_of_another", refuse=((("same", "by", "learner__person"),),)
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["number", "record"])), name="correction_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=common.guards.Guard(
                name="correction_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "learner__centre"),))
            ),
        ),
        AppendOnly("centres_correction"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
