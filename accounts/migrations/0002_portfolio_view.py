from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a learner sees units or activities first (R45)."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            "user",
            "portfolio_view",
            models.CharField(
                choices=[
                    ("auto", "As my qualification suggests"),
                    ("units", "Units first"),
                    ("activities", "Activities first"),
                ],
                default="auto",
                max_length=10,
            ),
        )
    ]
