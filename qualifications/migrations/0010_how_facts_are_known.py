from typing import Any

from django.db import migrations, models
from django.db.models import Q

from common.append_only import AppendOnly, Rewritable
from qualifications.rules.sameness import wording_digest

TABLES = ("qualifications_unit", "qualifications_qualification", "qualifications_place")
KINDS = [("knowledge", "Knowledge"), ("competence", "Competence"), ("mixed", "Knowledge and competence")]
MEMBERSHIPS = [
    ("read", "Read"),
    ("second_body", "Another awarding body prints it"),
    ("inferred", "Worked out"),
    ("recalled", "Recalled"),
]
NUMBERED = [("printed", "The awarding body’s number"), ("position", "A place in a list"), ("recalled", "Recalled")]


def fill_wording(apps: Any, _editor: Any) -> None:
    """Give every published version the digest of its criteria."""
    criteria = apps.get_model("qualifications", "Criterion").objects
    units = apps.get_model("qualifications", "Unit").objects
    for pk in units.values_list("pk", flat=True):
        rows = criteria.filter(unit_id=pk).order_by("position")
        words = rows.values_list("number", "text", "kind", "requirements", "range")
        units.filter(pk=pk).update(wording_digest=wording_digest(words))


class Migration(migrations.Migration):
    """Units may be of both kinds; places say how they are known; versions say more of what bodies print (R18, R21)."""

    dependencies = [("qualifications", "0009_settings")]

    operations = [
        *(Rewritable(table) for table in TABLES),
        migrations.RemoveConstraint("unit", "unit_kind_is_known"),
        migrations.AlterField("unit", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.AddConstraint(
            "unit",
            models.CheckConstraint(
                condition=Q(kind__in=["knowledge", "competence", "mixed"]), name="unit_kind_is_known"
            ),
        ),
        migrations.AddField("unit", "wording_digest", models.CharField(default="", max_length=64)),
        migrations.AddField("unit", "equivalents", models.JSONField(blank=True, default=list)),
        migrations.AddField("qualification", "glh_stated", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField(
            "qualification", "structure_reference", models.CharField(blank=True, max_length=20, null=True)
        ),
        migrations.AddField("qualification", "equivalents", models.JSONField(blank=True, default=list)),
        migrations.AddField("qualification", "assessed", models.JSONField(blank=True, default=dict)),
        migrations.AddField(
            "place", "membership", models.CharField(choices=MEMBERSHIPS, default="read", max_length=12)
        ),
        migrations.AddField("place", "numbered", models.CharField(choices=NUMBERED, default="printed", max_length=12)),
        migrations.AddConstraint(
            "place",
            models.CheckConstraint(
                condition=Q(membership__in=["read", "second_body", "inferred", "recalled"]),
                name="place_membership_is_known",
            ),
        ),
        migrations.AddConstraint(
            "place",
            models.CheckConstraint(
                condition=Q(numbered__in=["printed", "position", "recalled"]), name="place_numbered_is_known"
            ),
        ),
        migrations.RunPython(fill_wording, migrations.RunPython.noop, elidable=True),
        *(AppendOnly(table) for table in TABLES),
    ]
