"""Evidence is seen by what it was sent for, and what was taken back before it was opened by nobody (decision 11)."""

import django.db.models.deletion
from django.db import migrations, models

from common.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0006_mapping"), ("centres", "0007_countersigning")]

    operations = [
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall",
                        to="portfolio.evidenceversion",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        AppendOnly("portfolio_recall"),
        migrations.AddField("EvidenceMapping", "sent_in", models.PositiveIntegerField(null=True)),
    ]
