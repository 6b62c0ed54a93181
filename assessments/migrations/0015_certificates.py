"""How a certificate was compared with its unit, and its number as it is compared with others (R19, R79)."""

from typing import Any, ClassVar

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Keep the letters and digits of every number that is on record."""
    rows = apps.get_model("assessments", "Exemption").objects
    for row in rows.only("certificate_number").iterator(chunk_size=1000):
        key = "".join(sign for sign in row.certificate_number.upper() if sign.isalnum())
        rows.filter(pk=row.pk).update(number_key=key)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessments", "0014_guards")]

    operations: ClassVar = [
        migrations.AddField("exemption", "equivalence", models.TextField(default="")),
        migrations.AddField("exemption", "number_key", models.CharField(default="", max_length=60)),
        migrations.AddField("exemption", "reuse_approved", models.CharField(default="", max_length=300)),
        migrations.AddField("exemption", "reuse_recorded", models.CharField(default="", max_length=300)),
        migrations.AddField(
            "exemption",
            "stands_by",
            models.CharField(
                choices=[
                    ("own", "The unit’s own reference"),
                    ("equivalent", "A reference documented as equivalent"),
                    ("uncompared", "Not compared"),
                ],
                default="uncompared",
                max_length=10,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
