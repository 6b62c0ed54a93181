"""External quality assurers are proposed by one person and let in by another (R100)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.constraints
import common.guards
import common.ids
from common.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0021_apart"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExternalProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("known_as", models.CharField(max_length=161)),
                ("entry_codes", models.JSONField(default=list)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("proof", models.CharField(max_length=500)),
                ("proposed_by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ExternalDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agrees", models.BooleanField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("decided_by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="centres.externalproposal",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="externalproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("proof", ""), _negated=True), name="external_proposal_has_a_proof"
            ),
        ),
        migrations.AddConstraint(
            model_name="externalproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("proposed_by")), _negated=True),
                name="external_proposed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None),
                    ("ends_on__gte", common.constraints.DayBefore(models.F("starts_on"))),
                    _connector="OR",
                ),
                name="externalproposal_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalproposal",
            constraint=common.guards.Guard(
                name="externalproposal_agrees",
                refuse=((("changes", "centre"),), (("changes", "person"),), (("changes", "proposed_by"),)),
            ),
        ),
        migrations.AddConstraint(
            model_name="externaldecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                name="external_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="externaldecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("agrees", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                name="external_no_needs_a_note",
            ),
        ),
        migrations.AddConstraint(
            model_name="externaldecision",
            constraint=common.guards.Guard(
                name="external_not_by_oneself", refuse=((("same", "decided_by", "proposal__person"),),)
            ),
        ),
        migrations.AddConstraint(
            model_name="externaldecision",
            constraint=common.guards.Guard(
                name="externaldecision_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "proposal__centre"),),
                    (("differ", "proposed_by", "proposal__proposed_by"),),
                ),
            ),
        ),
        AppendOnly("centres_externalproposal"),
        AppendOnly("centres_externaldecision"),
    ]
