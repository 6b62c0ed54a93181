"""What has to be on record before somebody is registered, signed off or sends (R1, R37, R41)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.guards
import common.ids
from common.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0019_registration_states_validated"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="centre",
            name="asks_approval",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="centre",
            name="asks_identity",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="centre",
            name="asks_induction",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("awarding_body", models.CharField(max_length=60)),
                ("entry_code", models.CharField(max_length=10)),
                ("number", models.CharField(max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[("approved", "Approved"), ("suspended", "Suspended"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                    ),
                ),
                ("approved_on", models.DateField()),
                ("lapses_on", models.DateField(null=True)),
                ("letter", models.TextField(max_length=4000)),
                ("recorded_by_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["centre", "awarding_body", "entry_code"], name="approval_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True), models.Q(("letter", ""), _negated=True)
                        ),
                        name="approval_says_what_it_rests_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lapses_on", None), ("lapses_on__gte", models.F("approved_on")), _connector="OR"
                        ),
                        name="approval_days_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["approved", "suspended", "withdrawn"])),
                        name="approval_status_is_known",
                    ),
                    common.guards.Guard(name="approval_agrees", refuse=((("changes", "centre"),),)),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                (
                    "document",
                    models.CharField(
                        choices=[
                            ("passport", "Passport"),
                            ("licence", "Driving licence"),
                            ("national", "National identity card"),
                            ("residence", "Residence permit"),
                            ("card", "Employer’s or student’s card with a photo"),
                            ("other", "Another document with a photo"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("in_person", "Face to face"), ("video", "On a live video call")], max_length=10
                    ),
                ),
                ("seen_on", models.DateField()),
                ("matches", models.BooleanField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("seen_by_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_checks",
                        to="centres.learner",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("matches", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="identity_mismatch_says_why",
                    ),
                    common.guards.Guard(
                        name="identity_seen_by_another", refuse=((("same", "seen_by", "learner__person"),),)
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("document__in", ["card", "licence", "national", "other", "passport", "residence"])
                        ),
                        name="identitycheck_document_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ["in_person", "video"])), name="identitycheck_method_is_known"
                    ),
                    common.guards.Guard(
                        name="identitycheck_agrees",
                        refuse=((("changes", "centre"),), (("differ", "centre", "learner__centre"),)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Induction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("version", models.CharField(max_length=20)),
                ("parts", models.JSONField(default=list)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
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
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inductions", to="centres.learner"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("learner", "version"), name="induction_once"),
                    common.guards.Guard(
                        name="induction_by_the_learner", refuse=((("differ", "by", "learner__person"),),)
                    ),
                    common.guards.Guard(
                        name="induction_agrees",
                        refuse=((("changes", "centre"),), (("differ", "centre", "learner__centre"),)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.CharField(max_length=500)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
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
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="policy_change_has_a_reason"
                    ),
                    common.guards.Guard(name="policychange_agrees", refuse=((("changes", "centre"),),)),
                ],
            },
        ),
        AppendOnly("centres_approval"),
        AppendOnly("centres_identitycheck"),
        AppendOnly("centres_induction"),
        AppendOnly("centres_policychange"),
    ]
