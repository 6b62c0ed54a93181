import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids
from common.append_only import AppendOnly


class Migration(migrations.Migration):
    """A centre, and a learner by exception, ask for more evidence or less; a second person agrees (R71)."""

    dependencies = [
        ("centres", "0005_target_dates"),
        ("qualifications", "0005_about_criteria"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SufficiencyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("scope", models.CharField(max_length=200)),
                ("unit_key", models.CharField(blank=True, default="", max_length=120)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("knowledge", "Knowledge"), ("competence", "Competence")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("asked", models.JSONField(blank=True, default=dict)),
                ("eases", models.BooleanField(default=False)),
                ("starts_on", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("created_at", models.DateTimeField()),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qualifications.criterion",
                    ),
                ),
                (
                    "learner_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exceptions",
                        to="centres.learnerunit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SufficiencyDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agrees", models.BooleanField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("at", models.DateTimeField()),
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
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rule",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="centres.sufficiencyrule",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="sufficiencyrule",
            index=models.Index(fields=["centre", "scope", "starts_on"], name="sufficiency_scope"),
        ),
        migrations.AddConstraint(
            model_name="sufficiencyrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="sufficiency_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="sufficiencyrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("eases", False), ("learner_unit__isnull", False), _connector="OR"),
                name="sufficiency_eased_for_one_learner_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="sufficiencyrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("criterion", None), ("learner_unit__isnull", False), _connector="OR"),
                name="sufficiency_criterion_of_a_learner",
            ),
        ),
        migrations.AddConstraint(
            model_name="sufficiencydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("author")), _negated=True),
                name="sufficiency_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="sufficiencydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("agrees", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                name="sufficiency_no_needs_a_note",
            ),
        ),
        AppendOnly("centres_sufficiencyrule"),
        AppendOnly("centres_sufficiencydecision"),
    ]
