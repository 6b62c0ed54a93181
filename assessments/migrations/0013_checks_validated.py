"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0012_checks"),
    ]

    operations = [
        Gently(),
        ValidateChecks("currentdecision", ["currentdecision_verdict_is_known", "currentdecision_standing_is_known"]),
        ValidateChecks("exemption", ["exemption_state_is_known"]),
        ValidateChecks(
            "judgement",
            [
                "judgement_not_yet_has_a_reason",
                "judgement_verdict_is_known",
                "judgement_standing_is_known",
                "judgement_setting_is_known",
                "judgement_kind_is_known",
                "judgement_learner_setting_is_known",
            ],
        ),
        ValidateChecks("ledgerentry", ["ledgerentry_act_is_known", "ledgerentry_standing_is_known"]),
        ValidateChecks(
            "review", ["review_sent_back_says_why", "review_kind_is_known", "review_setting_confirmed_is_known"]
        ),
    ]
