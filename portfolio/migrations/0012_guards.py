"""Rows agree with the rows they name, and nobody decides about themselves: see common/guards.py."""

from django.db import migrations

from common.checking import Gently
from common.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0011_checks_validated"),
        ("centres", "0012_checks"),
        ("qualifications", "0011_checks"),
    ]

    operations = [
        Gently(),
        migrations.AddConstraint(
            model_name="acceptedtogether",
            constraint=Guard(name="acceptedtogether_agrees", refuse=((("changes", "centre"),),)),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=Guard(
                name="evidence_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("changes", "learner"),),
                    (("differ", "centre", "learner__centre"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencefile",
            constraint=Guard(
                name="evidencefile_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("changes", "evidence"),),
                    (("differ", "centre", "evidence__centre"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencemapping",
            constraint=Guard(
                name="mapping_signed_stays",
                refuse=(
                    (
                        ("changes", "state"),
                        ("in", "learner_unit__state", ("achieved", "assessor_signed", "countersigned", "exempt")),
                        ("not_in", "state", ("closed",)),
                    ),
                    (
                        ("changes", "state"),
                        ("in", "learner_unit__state", ("achieved", "assessor_signed", "countersigned", "exempt")),
                        ("was", "state", ("met", "met_provisional")),
                    ),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencemapping",
            constraint=Guard(
                name="mapping_met_stays_open",
                refuse=(
                    (
                        ("was", "state", ("met", "met_provisional")),
                        ("in", "state", ("closed",)),
                        ("not_in", "evidence__state", ("withdrawn",)),
                    ),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencemapping",
            constraint=Guard(
                name="evidencemapping_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("changes", "criterion"),),
                    (("changes", "evidence"),),
                    (("changes", "learner_unit"),),
                    (("differ", "centre", "evidence__centre"),),
                    (("differ", "centre", "learner_unit__centre"),),
                    (("differ", "evidence__learner", "learner_unit__learner"),),
                    (("differ", "learner_unit__unit", "criterion__unit"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceversion",
            constraint=Guard(
                name="evidenceversion_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("changes", "evidence"),),
                    (("differ", "centre", "evidence__centre"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=Guard(
                name="opening_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "version__centre"),),
                    (("differ", "centre", "file__centre"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="preview",
            constraint=Guard(
                name="preview_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "file__centre"),))
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=Guard(
                name="recall_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "version__centre"),))
            ),
        ),
        migrations.AddConstraint(
            model_name="versionfile",
            constraint=Guard(
                name="versionfile_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "version__centre"),),
                    (("differ", "centre", "file__centre"),),
                    (("differ", "version__evidence", "file__evidence"),),
                ),
            ),
        ),
    ]
