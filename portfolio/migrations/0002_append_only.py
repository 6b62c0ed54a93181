"""What was sent, what it held and who opened it are never changed: the database itself holds it (axiom 2, R53, R127)."""

from django.db import migrations

from common.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0001_initial")]

    operations = [
        AppendOnly("portfolio_evidenceversion"),
        AppendOnly("portfolio_versionfile"),
        AppendOnly("portfolio_opening"),
    ]
