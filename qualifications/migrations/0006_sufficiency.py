from django.db import migrations, models

from common.append_only import AppendOnly, Rewritable


class Migration(migrations.Migration):
    """Qualifications and units say how much evidence a criterion needs (R71)."""

    dependencies = [("qualifications", "0005_about_criteria")]

    operations = [
        Rewritable("qualifications_unit"),
        Rewritable("qualifications_qualification"),
        migrations.AddField("unit", "sufficiency", models.JSONField(blank=True, default=dict)),
        migrations.AddField("qualification", "sufficiency", models.JSONField(blank=True, default=dict)),
        AppendOnly("qualifications_unit"),
        AppendOnly("qualifications_qualification"),
    ]
