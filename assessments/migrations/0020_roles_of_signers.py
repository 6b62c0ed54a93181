"""The roles of whoever acted are a column of the entry, as their standing is: nobody searches a text for them."""

from django.db import migrations, models

from common.checking import Gently


class Migration(migrations.Migration):
    dependencies = [("assessments", "0019_said_validated")]

    operations = [
        Gently(),
        migrations.AddField(
            "ledgerentry", "roles", models.CharField(default="", max_length=120), preserve_default=False
        ),
    ]
