"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [("centres", "0025_said_and_apart")]

    operations = [
        Gently(),
        ValidateChecks("approval", ["approval_says_what_it_rests_on"]),
        ValidateChecks(
            "correction", ["correction_says_why", "correction_of_a_name_has_proof", "correction_proof_is_whole"]
        ),
        ValidateChecks("externaldecision", ["external_no_needs_a_note"]),
        ValidateChecks("externalproposal", ["external_proposal_has_a_proof"]),
        ValidateChecks("identitycheck", ["identity_mismatch_says_why"]),
        ValidateChecks("initialassessment", ["no_initial_assessment_needs_reason"]),
        ValidateChecks(
            "learner",
            ["learner_without_number_says_why", "learner_number_asked_after_notice", "learner_mismatch_says_where"],
        ),
        ValidateChecks("policychange", ["policy_change_has_a_reason"]),
        ValidateChecks("sufficiencydecision", ["sufficiency_no_needs_a_note"]),
        ValidateChecks("sufficiencyrule", ["sufficiency_has_a_reason"]),
    ]
