from typing import Any

from django.db import migrations, models
from django.db.models.functions import Now


def end_open_links(apps: Any, _schema_editor: Any) -> None:
    """End the links that do not know which centre sent them: nothing could end them later. Centres send new ones."""
    apps.get_model("accounts", "Invitation").objects.filter(used_at=None).update(used_at=Now())


class Migration(migrations.Migration):
    """Invitations know their centre by its number."""

    dependencies = [("accounts", "0002_portfolio_view")]

    operations = [
        migrations.AddField("invitation", "centre_number", models.CharField(default="", max_length=5)),
        migrations.RunPython(end_open_links, migrations.RunPython.noop),
    ]
