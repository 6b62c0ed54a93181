from django.db import migrations, models

from common.append_only import AppendOnly, Rewritable


class Migration(migrations.Migration):
    """A decision may say on which day the assessor saw it at work (R71)."""

    dependencies = [("assessments", "0004_moving")]

    operations = [
        Rewritable("assessments_judgement"),
        migrations.AddField("judgement", "observed_on", models.DateField(null=True)),
        AppendOnly("assessments_judgement"),
    ]
