from typing import Any

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Lower

MANY = 1000


def write_rows(apps: Any, _schema_editor: Any) -> None:
    """Give everybody the one verified, primary row of the sign-in library that nobody wrote before.

    Rows that say something else are left from a look at a page or a change that did not end: the person's own column
    says which address is theirs. Nobody gets a row for an empty address.
    """
    rows = apps.get_model("account", "EmailAddress").objects
    people = apps.get_model("accounts", "User").objects
    rows.filter(pk__in=rows.exclude(email=Lower(F("user__email"))).values("pk")).delete()
    rows.update(verified=True, primary=True)
    missing = people.exclude(email="").exclude(pk__in=rows.values("user")).order_by("pk").values_list("pk", "email")
    while some := list(missing[:MANY]):
        rows.bulk_create(rows.model(user_id=pk, email=email.lower(), verified=True, primary=True) for pk, email in some)


class Migration(migrations.Migration):
    """One verified, primary address row for everybody."""

    dependencies = [
        ("accounts", "0004_address_change"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(write_rows, migrations.RunPython.noop)]
