"""What needs a reason or a source needs one that says something; nobody looks in from outside where they learn. Old rows: the next step."""

from django.db import migrations, models

import common.constraints
from common.checking import Gently, ReplaceChecks
from common.guards import Guard


class Migration(migrations.Migration):
    dependencies = [("centres", "0024_identifiers_validated")]

    operations = [
        Gently(),
        ReplaceChecks(
            "approval",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        common.constraints.Said(models.F("number")), common.constraints.Said(models.F("letter"))
                    ),
                    name="approval_says_what_it_rests_on",
                )
            ],
        ),
        ReplaceChecks(
            "correction",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("kind", "number"), common.constraints.Said(models.F("reason")), _connector="OR"
                    ),
                    name="correction_says_why",
                ),
                models.CheckConstraint(
                    condition=models.Q(("renamed", False), common.constraints.Said(models.F("proof")), _connector="OR"),
                    name="correction_of_a_name_has_proof",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("proof", ""), ("proof_seen_by", ""), ("proof_seen_on", None)),
                        models.Q(
                            common.constraints.Said(models.F("proof")),
                            common.constraints.Said(models.F("proof_seen_by")),
                            ("proof_seen_on__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    name="correction_proof_is_whole",
                ),
            ],
        ),
        ReplaceChecks(
            "externaldecision",
            [
                models.CheckConstraint(
                    condition=models.Q(("agrees", True), common.constraints.Said(models.F("note")), _connector="OR"),
                    name="external_no_needs_a_note",
                )
            ],
        ),
        ReplaceChecks(
            "externalproposal",
            [
                models.CheckConstraint(
                    condition=models.Q(common.constraints.Said(models.F("proof"))), name="external_proposal_has_a_proof"
                )
            ],
        ),
        ReplaceChecks(
            "identitycheck",
            [
                models.CheckConstraint(
                    condition=models.Q(("matches", True), common.constraints.Said(models.F("note")), _connector="OR"),
                    name="identity_mismatch_says_why",
                )
            ],
        ),
        ReplaceChecks(
            "initialassessment",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("outcome_level__isnull", False), ("made_on__isnull", False)),
                        common.constraints.Said(models.F("reason")),
                        _connector="OR",
                    ),
                    name="no_initial_assessment_needs_reason",
                )
            ],
        ),
        ReplaceChecks(
            "learner",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        ("uln__isnull", False), common.constraints.Said(models.F("uln_missing_reason")), _connector="OR"
                    ),
                    name="learner_without_number_says_why",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("uln_status", "requested"), _negated=True),
                        models.Q(
                            ("lrs_notice_on__isnull", False),
                            ("uln_requested_on__isnull", False),
                            common.constraints.Said(models.F("lrs_notice")),
                        ),
                        _connector="OR",
                    ),
                    name="learner_number_asked_after_notice",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("uln_status", "mismatch"), _negated=True),
                        common.constraints.Said(models.F("uln_mismatch")),
                        _connector="OR",
                    ),
                    name="learner_mismatch_says_where",
                ),
            ],
        ),
        ReplaceChecks(
            "policychange",
            [
                models.CheckConstraint(
                    condition=models.Q(common.constraints.Said(models.F("reason"))), name="policy_change_has_a_reason"
                )
            ],
        ),
        ReplaceChecks(
            "sufficiencydecision",
            [
                models.CheckConstraint(
                    condition=models.Q(("agrees", True), common.constraints.Said(models.F("note")), _connector="OR"),
                    name="sufficiency_no_needs_a_note",
                )
            ],
        ),
        ReplaceChecks(
            "sufficiencyrule",
            [
                models.CheckConstraint(
                    condition=models.Q(common.constraints.Said(models.F("reason"))), name="sufficiency_has_a_reason"
                )
            ],
        ),
        migrations.AddConstraint(
            "membership",
            Guard(
                name="membership_external_apart",
                refuse=(
                    (("in", "role", ("eqa",)), ("beside", ("centre", "person"), "role", ("learner",))),
                    (("in", "role", ("learner",)), ("beside", ("centre", "person"), "role", ("eqa",))),
                ),
            ),
        ),
    ]
