"""Every column with choices holds one of them; dates in order; what a state needs is there. Old rows: the next step."""

from django.conf import settings
from django.db import migrations, models

from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0011_confirming"),
        ("centres", "0011_currency_days"),
        ("portfolio", "0009_opening_file"),
        ("qualifications", "0010_how_facts_are_known"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Gently(),
        AddChecks(
            "currentdecision",
            [
                models.CheckConstraint(
                    condition=models.Q(("verdict__in", ["", "met", "not_relevant", "not_yet"])),
                    name="currentdecision_verdict_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("standing__in", ["", "qualified", "trainee"])),
                    name="currentdecision_standing_is_known",
                ),
            ],
        ),
        AddChecks(
            "exemption",
            [
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["approved", "refused", "revoked", "waiting"])),
                    name="exemption_state_is_known",
                ),
            ],
        ),
        AddChecks(
            "judgement",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("verdict", "not_yet"), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="judgement_not_yet_has_a_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(("verdict__in", ["met", "not_relevant", "not_yet"])),
                    name="judgement_verdict_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("standing__in", ["qualified", "trainee"])), name="judgement_standing_is_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(("setting__in", ["", "classroom", "real_work", "realistic", "simulation"])),
                    name="judgement_setting_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["competence", "knowledge"])), name="judgement_kind_is_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("learner_setting__in", ["", "classroom", "real_work", "realistic", "simulation"])
                    ),
                    name="judgement_learner_setting_is_known",
                ),
            ],
        ),
        AddChecks(
            "ledgerentry",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "act__in",
                            [
                                "assessor_signed",
                                "carried_over",
                                "carry_declined",
                                "confirmed_absent",
                                "countersign_refused",
                                "countersigned",
                                "dispute_answered",
                                "exempted",
                                "learner_confirmed",
                                "learner_disputed",
                                "reopened",
                            ],
                        )
                    ),
                    name="ledgerentry_act_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("standing__in", ["qualified", "trainee"])), name="ledgerentry_standing_is_known"
                ),
            ],
        ),
        AddChecks(
            "review",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("kind", "returned"), _negated=True),
                        models.Q(("feedback", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="review_sent_back_says_why",
                ),
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["decided", "returned"])), name="review_kind_is_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("setting_confirmed__in", ["", "classroom", "real_work", "realistic", "simulation"])
                    ),
                    name="review_setting_confirmed_is_known",
                ),
            ],
        ),
    ]
