"""A registration can be suspended, and every change of its state is kept: who, when, why (3.5)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.guards
import common.ids
from common.append_only import AppendOnly
from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0017_corrections_validated"),
        ("qualifications", "0013_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Gently(),
        migrations.CreateModel(
            name="StateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "was",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("on_break", "On a break"),
                            ("suspended", "Suspended"),
                            ("transferred", "Moved to another qualification"),
                            ("withdrawn", "Withdrawn"),
                            ("completed", "Completed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("on_break", "On a break"),
                            ("suspended", "Suspended"),
                            ("transferred", "Moved to another qualification"),
                            ("withdrawn", "Withdrawn"),
                            ("completed", "Completed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField()),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="registration",
            name="registration_state_is_known",
        ),
        migrations.AlterField(
            model_name="registration",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("on_break", "On a break"),
                    ("suspended", "Suspended"),
                    ("transferred", "Moved to another qualification"),
                    ("withdrawn", "Withdrawn"),
                    ("completed", "Completed"),
                ],
                default="active",
                max_length=12,
            ),
        ),
        AddChecks(
            "registration",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("state__in", ["active", "completed", "on_break", "suspended", "transferred", "withdrawn"])
                    ),
                    name="registration_state_is_known",
                )
            ],
        ),
        migrations.AddField(
            model_name="statechange",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="statechange",
            name="centre",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"),
        ),
        migrations.AddField(
            model_name="statechange",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="state_changes", to="centres.registration"
            ),
        ),
        migrations.AddConstraint(
            model_name="statechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("was", models.F("to")), _negated=True), name="statechange_changes_it"
            ),
        ),
        migrations.AddConstraint(
            model_name="statechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("was__in", ["active", "completed", "on_break", "suspended", "transferred", "withdrawn"])
                ),
                name="statechange_was_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="statechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to__in", ["active", "completed", "on_break", "suspended", "transferred", "withdrawn"])
                ),
                name="statechange_to_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="statechange",
            constraint=common.guards.Guard(
                name="statechange_agrees",
                refuse=((("changes", "centre"),), (("differ", "centre", "registration__centre"),)),
            ),
        ),
        AppendOnly("centres_statechange"),
    ]
