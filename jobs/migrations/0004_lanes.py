"""Lanes, whose work it is, why it needs attention, since when it waits for something, and the letter in hand.

Servers of the release before go on writing rows: what they do not know has a default in the database.
"""

from django.db import migrations, models

from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_checks_validated")]

    operations = [
        Gently(),
        migrations.AlterField(
            model_name="job",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("running", "Being done"),
                    ("done", "Done"),
                    ("dead", "Needs attention"),
                ],
                default="waiting",
                max_length=8,
            ),
        ),
        migrations.AlterField(model_name="job", name="max_attempts", field=models.PositiveSmallIntegerField(default=3)),
        migrations.AddField(model_name="job", name="failing_since", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="job", name="centre_id", field=models.BigIntegerField(null=True)),
        migrations.AddField(
            model_name="job",
            name="lane",
            field=models.CharField(
                choices=[("quick", "Quick work"), ("slow", "Work that takes long"), ("mail", "Letters")],
                db_default="quick",
                default="quick",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("crashed", "It broke off three times."),
                    ("away", "What it needs was away for a week."),
                    ("refused", "The mail server refused the address."),
                    ("unknown", "The mail server did not say whether it took the letter, so it may have arrived."),
                ],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="message_id",
            field=models.CharField(db_default="", default="", max_length=100),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["lane", "available_at", "id"],
                name="job_due_in_lane",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state", "dead")), fields=["centre_id", "-id"], name="job_needs_attention"
            ),
        ),
        AddChecks(
            "job",
            [
                models.CheckConstraint(
                    condition=models.Q(("lane__in", ["mail", "quick", "slow"])), name="job_lane_is_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(("why__in", ["", "away", "crashed", "refused", "unknown"])),
                    name="job_why_is_known",
                ),
            ],
        ),
    ]
