"""Rows agree with the rows they name, and nobody decides about themselves: see common/guards.py."""

from django.db import migrations

from common.checking import Gently
from common.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("qualifications", "0012_checks_validated"),
        ("centres", "0012_checks"),
    ]

    operations = [
        Gently(),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=Guard(
                name="criterion_agrees", refuse=((("changes", "unit"),), (("differ", "unit", "outcome__unit"),))
            ),
        ),
        migrations.AddConstraint(
            model_name="criterionnote",
            constraint=Guard(name="criterionnote_agrees", refuse=((("changes", "centre"),),)),
        ),
        migrations.AddConstraint(
            model_name="criteriontag",
            constraint=Guard(name="criteriontag_agrees", refuse=((("changes", "centre"),),)),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=Guard(name="draft_agrees", refuse=((("changes", "centre"),),)),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=Guard(name="outcome_agrees", refuse=((("changes", "unit"),),)),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=Guard(name="place_agrees", refuse=((("changes", "unit"),),)),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=Guard(
                name="qualification_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "draft__centre"),))
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=Guard(
                name="unit_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "draft__centre"),))
            ),
        ),
        migrations.AddConstraint(
            model_name="unitwords",
            constraint=Guard(name="unitwords_agrees", refuse=((("differ", "centre", "unit__centre"),),)),
        ),
    ]
