from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KT

from common.append_only import AppendOnly, Rewritable

SETTINGS = [
    ("real_work", "Real work with real customers"),
    ("realistic", "A realistic work environment"),
    ("simulation", "Role-play or simulation"),
    ("classroom", "Classroom or course"),
]


def fill(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Write beside each decision what its criterion and its version say."""
    criteria = apps.get_model("qualifications", "Criterion").objects.filter(pk=OuterRef("criterion_id"))
    versions = apps.get_model("portfolio", "EvidenceVersion").objects.filter(pk=OuterRef("version_id"))
    apps.get_model("assessments", "Judgement").objects.update(
        kind=Subquery(criteria.values("kind")),
        learner_setting=Subquery(versions.annotate(said=KT("fields__setting")).values("said")),
    )


class Migration(migrations.Migration):
    """R61, held by the database: a simulation meets no competence criterion, whoever writes the row."""

    dependencies: ClassVar = [
        ("assessments", "0002_append_only"),
        ("portfolio", "0003_sent_title"),
        ("qualifications", "0002_append_only"),
    ]

    operations: ClassVar = [
        Rewritable("assessments_judgement"),
        migrations.AddField(
            model_name="judgement",
            name="kind",
            field=models.CharField(
                choices=[("knowledge", "Knowledge"), ("competence", "Competence")], default="knowledge", max_length=10
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="judgement",
            name="learner_setting",
            field=models.CharField(choices=SETTINGS, default="", max_length=10),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "competence"), ("verdict", "met"), _negated=True),
                    models.Q(
                        ("setting__in", ["classroom", "simulation"]),
                        ("learner_setting__in", ["classroom", "simulation"]),
                        _connector="OR",
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="simulation_meets_no_competence",
            ),
        ),
        AppendOnly("assessments_judgement"),
    ]
