"""A learner number and its state go together, a missing one says why, a compared one by whom. Old rows: the next step."""

from django.db import migrations, models

import common.guards
from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [("centres", "0015_corrections")]

    operations = [
        Gently(),
        migrations.RemoveConstraint(
            model_name="learner",
            name="learner_uln_status_is_known",
        ),
        migrations.AlterField(
            model_name="learner",
            name="uln_status",
            field=models.CharField(
                choices=[
                    ("none", "No number yet"),
                    ("requested", "Asked for"),
                    ("format_ok", "Right form, not verified"),
                    ("verified", "Verified"),
                    ("mismatch", "Does not match"),
                ],
                default="none",
                max_length=10,
            ),
        ),
        AddChecks(
            "learner",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("uln", None), ("uln_status__in", ["none", "requested"])),
                        models.Q(("uln__isnull", False), ("uln_status__in", ["format_ok", "mismatch", "verified"])),
                        _connector="OR",
                    ),
                    name="learner_number_has_a_state",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("uln__isnull", False), models.Q(("uln_missing_reason", ""), _negated=True), _connector="OR"
                    ),
                    name="learner_without_number_says_why",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("uln_status", "requested"), _negated=True),
                        models.Q(
                            ("lrs_notice_on__isnull", False),
                            ("uln_requested_on__isnull", False),
                            models.Q(("lrs_notice", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="learner_number_asked_after_notice",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("uln_status__in", ["verified", "mismatch"]), _negated=True),
                        models.Q(("uln_checked_by__isnull", False), ("uln_checked_on__isnull", False)),
                        _connector="OR",
                    ),
                    name="learner_number_compared_by_somebody",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("uln_status", "mismatch"), _negated=True),
                        models.Q(("uln_mismatch", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="learner_mismatch_says_where",
                ),
                models.CheckConstraint(
                    condition=models.Q(("uln_status__in", ["format_ok", "mismatch", "none", "requested", "verified"])),
                    name="learner_uln_status_is_known",
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="learner",
            constraint=common.guards.Guard(
                name="learner_compared_by_another", refuse=((("same", "uln_checked_by", "person"),),)
            ),
        ),
    ]
