"""Why somebody who registered a learner looks after them all the same: a third person says it (section 4)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0020_gates"),
    ]

    operations = [
        migrations.AddField(
            model_name="allocation",
            name="exception",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
    ]
