"""A learner's numbers of awarding bodies (R28). The columns are new and empty; old rows: the next step."""

from django.db import migrations, models

import common.constraints
from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [("centres", "0022_externals")]

    operations = [
        Gently(),
        migrations.AddField("learner", "candidate_number", models.CharField(max_length=4, null=True)),
        migrations.AddField("learner", "ocr_number", models.CharField(max_length=8, null=True)),
        migrations.AddField("learner", "uci", models.CharField(max_length=13, null=True)),
        migrations.AddConstraint(
            "learner",
            models.UniqueConstraint(fields=("centre", "candidate_number"), name="learner_candidate_in_centre"),
        ),
        migrations.AddConstraint(
            "learner",
            models.UniqueConstraint(fields=("centre", "ocr_number"), name="learner_ocr_number_in_centre"),
        ),
        migrations.AddConstraint(
            "learner",
            models.UniqueConstraint(fields=("centre", "uci"), name="learner_uci_in_centre"),
        ),
        AddChecks(
            "learner",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("candidate_number", None),
                        common.constraints.Digits(models.F("candidate_number"), length=4),
                        _connector="OR",
                    ),
                    name="learner_candidate_four_digits",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("ocr_number", None),
                        common.constraints.Digits(models.F("ocr_number"), length=8),
                        _connector="OR",
                    ),
                    name="learner_ocr_number_eight_digits",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("uci", None),
                        common.constraints.Digits(models.F("uci"), first="0-9A-Z", length=13, rest="0-9A-Z"),
                        _connector="OR",
                    ),
                    name="learner_uci_thirteen_signs",
                ),
            ],
        ),
    ]
