from django.db import migrations, models


class Migration(migrations.Migration):
    """A chosen unit may have a day by which it is meant to be done (R45)."""

    dependencies = [("centres", "0004_moving")]

    operations = [migrations.AddField("learnerunit", "target_on", models.DateField(null=True))]
