from django.db import migrations

from common.append_only import AppendOnly


class Migration(migrations.Migration):
    """Events are never changed or removed, whoever asks (R127)."""

    dependencies = [("audit", "0001_initial")]

    operations = [AppendOnly("audit_event")]
