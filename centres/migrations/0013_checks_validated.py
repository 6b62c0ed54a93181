"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0012_checks"),
    ]

    operations = [
        Gently(),
        ValidateChecks("allocation", ["allocation_dates_in_order"]),
        ValidateChecks("centre", ["centre_number_five_digits"]),
        ValidateChecks("countersigner", ["countersigner_dates_in_order"]),
        ValidateChecks("initialassessment", ["initialassessment_purpose_is_known"]),
        ValidateChecks("learner", ["learner_uln_ten_digits", "learner_gender_is_known", "learner_uln_status_is_known"]),
        ValidateChecks("learnerunit", ["learnerunit_state_is_known"]),
        ValidateChecks("membership", ["membership_role_is_known", "membership_dates_in_order"]),
        ValidateChecks("registration", ["registration_state_is_known", "registration_dates_in_order"]),
        ValidateChecks("sufficiencyrule", ["sufficiencyrule_kind_is_known"]),
    ]
