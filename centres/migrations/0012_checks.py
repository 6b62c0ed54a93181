"""Every column with choices holds one of them; dates in order; what a state needs is there. Old rows: the next step."""

from django.conf import settings
from django.db import migrations, models

import common.constraints
from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0011_currency_days"),
        ("qualifications", "0010_how_facts_are_known"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Gently(),
        migrations.RemoveConstraint(
            model_name="centre",
            name="centre_number_five_digits",
        ),
        migrations.RemoveConstraint(
            model_name="learner",
            name="learner_uln_ten_digits",
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_dates_in_order",
        ),
        AddChecks(
            "allocation",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_on", None),
                        ("ends_on__gte", common.constraints.DayBefore(models.F("starts_on"))),
                        _connector="OR",
                    ),
                    name="allocation_dates_in_order",
                ),
            ],
        ),
        AddChecks(
            "centre",
            [
                models.CheckConstraint(
                    condition=models.Q(common.constraints.Digits(models.F("number"), length=5)),
                    name="centre_number_five_digits",
                ),
            ],
        ),
        AddChecks(
            "countersigner",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_on", None),
                        ("ends_on__gte", common.constraints.DayBefore(models.F("starts_on"))),
                        _connector="OR",
                    ),
                    name="countersigner_dates_in_order",
                ),
            ],
        ),
        AddChecks(
            "initialassessment",
            [
                models.CheckConstraint(
                    condition=models.Q(("purpose__in", ["", "confirm", "develop"])),
                    name="initialassessment_purpose_is_known",
                ),
            ],
        ),
        AddChecks(
            "learner",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("uln", None),
                        common.constraints.Digits(models.F("uln"), first="1-9", length=10),
                        _connector="OR",
                    ),
                    name="learner_uln_ten_digits",
                ),
                models.CheckConstraint(
                    condition=models.Q(("gender__in", ["F", "M", "X"])), name="learner_gender_is_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(("uln_status__in", ["format_ok", "mismatch", "none", "verified"])),
                    name="learner_uln_status_is_known",
                ),
            ],
        ),
        AddChecks(
            "learnerunit",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "state__in",
                            [
                                "achieved",
                                "assessor_signed",
                                "countersigned",
                                "dropped",
                                "exempt",
                                "in_progress",
                                "selected",
                            ],
                        )
                    ),
                    name="learnerunit_state_is_known",
                ),
            ],
        ),
        AddChecks(
            "membership",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("role__in", ["admin", "assessor", "eqa", "iqa", "lead_iqa", "learner", "trainee"])
                    ),
                    name="membership_role_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_on", None),
                        ("ends_on__gte", common.constraints.DayBefore(models.F("starts_on"))),
                        _connector="OR",
                    ),
                    name="membership_dates_in_order",
                ),
            ],
        ),
        AddChecks(
            "registration",
            [
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["active", "completed", "on_break", "transferred", "withdrawn"])),
                    name="registration_state_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_on", None),
                        ("ends_on__gte", common.constraints.DayBefore(models.F("starts_on"))),
                        _connector="OR",
                    ),
                    name="registration_dates_in_order",
                ),
            ],
        ),
        AddChecks(
            "sufficiencyrule",
            [
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["", "competence", "knowledge"])),
                    name="sufficiencyrule_kind_is_known",
                ),
            ],
        ),
    ]
