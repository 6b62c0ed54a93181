from django.db import migrations, models

from common.append_only import AppendOnly, Rewritable


class Migration(migrations.Migration):
    """Versions of a qualification say in which settings competence may be shown (R61)."""

    dependencies = [("qualifications", "0008_fill_words_of_units")]

    operations = [
        Rewritable("qualifications_qualification"),
        migrations.AddField("qualification", "settings", models.JSONField(blank=True, default=list)),
        AppendOnly("qualifications_qualification"),
    ]
