from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    """Wished addresses, apart from the sign-in library's rows."""

    dependencies = [("accounts", "0003_invitation_centre")]

    operations = [
        migrations.CreateModel(
            "AddressChange",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("address", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=models.CASCADE, related_name="address_change", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        )
    ]
