from django.db import migrations, models


class Migration(migrations.Migration):
    """Registrations keep how somebody knew that entry was open, where its last day was not known (R16)."""

    dependencies = [("centres", "0008_disputes")]

    operations = [
        migrations.AddField("registration", "entry_confirmed", models.CharField(default="", max_length=300)),
    ]
