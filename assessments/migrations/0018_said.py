"""What needs a reason needs one that says something: blanks are none. Old rows: the next step."""

from django.db import migrations, models

import common.constraints
from common.checking import Gently, ReplaceChecks


class Migration(migrations.Migration):
    dependencies = [("assessments", "0017_certificates_validated")]

    operations = [
        Gently(),
        ReplaceChecks(
            "countersignature",
            [
                models.CheckConstraint(
                    condition=models.Q(("agrees", True), common.constraints.Said(models.F("reason")), _connector="OR"),
                    name="countersign_no_needs_reason",
                )
            ],
        ),
        ReplaceChecks(
            "exemption",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state__in", ["refused", "revoked"]), _negated=True),
                        common.constraints.Said(models.F("reason")),
                        _connector="OR",
                    ),
                    name="exemption_refused_with_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("stands_by", "equivalent"), _negated=True),
                        common.constraints.Said(models.F("equivalence")),
                        _connector="OR",
                    ),
                    name="exemption_equivalent_by_source",
                ),
            ],
        ),
        ReplaceChecks(
            "judgement",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("verdict", "not_yet"), _negated=True),
                        common.constraints.Said(models.F("reason")),
                        _connector="OR",
                    ),
                    name="judgement_not_yet_has_a_reason",
                )
            ],
        ),
        ReplaceChecks(
            "review",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("kind", "returned"), _negated=True),
                        common.constraints.Said(models.F("feedback")),
                        _connector="OR",
                    ),
                    name="review_sent_back_says_why",
                )
            ],
        ),
    ]
