"""A certificate stands by the unit's own reference or by a documented one; only a compared one is approved."""

from django.db import migrations, models

from common.checking import AddChecks, Gently
from common.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0015_certificates"),
        ("centres", "0014_guards"),
        ("qualifications", "0010_how_facts_are_known"),
    ]

    operations = [
        Gently(),
        migrations.AddIndex(
            model_name="exemption",
            index=models.Index(fields=["centre", "number_key"], name="exemption_number"),
        ),
        AddChecks(
            "exemption",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("stands_by", "equivalent"), _negated=True),
                        models.Q(("equivalence", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="exemption_equivalent_by_source",
                ),
                models.CheckConstraint(
                    condition=models.Q(("stands_by__in", ["equivalent", "own", "uncompared"])),
                    name="exemption_stands_by_is_known",
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="exemption",
            constraint=Guard(
                name="exemption_of_this_unit",
                refuse=(
                    (("in", "state", ("approved",)), ("in", "stands_by", ("uncompared",))),
                    (("in", "stands_by", ("own",)), ("differ", "unit_reference", "learner_unit__unit__reference")),
                ),
            ),
        ),
    ]
