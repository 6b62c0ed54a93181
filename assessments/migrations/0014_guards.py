"""Rows agree with the rows they name, and nobody decides about themselves: see common/guards.py."""

from django.db import migrations

from common.checking import Gently
from common.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0013_checks_validated"),
        ("centres", "0011_currency_days"),
        ("portfolio", "0009_opening_file"),
        ("qualifications", "0010_how_facts_are_known"),
    ]

    operations = [
        Gently(),
        migrations.AddConstraint(
            model_name="countersignature",
            constraint=Guard(
                name="countersignature_of_another",
                refuse=(
                    (("same", "countersigner", "judgement__assessor"),),
                    (("same", "countersigner", "judgement__learner_unit__learner__person"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="countersignature",
            constraint=Guard(
                name="countersignature_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("changes", "judgement"),),
                    (("differ", "centre", "judgement__centre"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="currentdecision",
            constraint=Guard(
                name="current_says_what_was_judged",
                refuse=(
                    (("differ", "verdict", "judgement__verdict"),),
                    (("differ", "standing", "judgement__standing"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="currentdecision",
            constraint=Guard(
                name="currentdecision_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "mapping__centre"),),
                    (("differ", "centre", "learner_unit__centre"),),
                    (("differ", "centre", "judgement__centre"),),
                    (("differ", "centre", "countersignature__centre"),),
                    (("differ", "centre", "proposed__centre"),),
                    (("differ", "learner_unit", "mapping__learner_unit"),),
                    (("differ", "learner_unit", "judgement__learner_unit"),),
                    (("differ", "learner_unit", "proposed__learner_unit"),),
                    (("differ", "criterion", "mapping__criterion"),),
                    (("differ", "criterion", "judgement__criterion"),),
                    (("differ", "criterion", "proposed__criterion"),),
                    (("differ", "learner_unit__unit", "criterion__unit"),),
                    (("differ", "mapping", "judgement__mapping"),),
                    (("differ", "mapping", "proposed__mapping"),),
                    (("differ", "judgement", "countersignature__judgement"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="exemption",
            constraint=Guard(
                name="exemption_of_another",
                refuse=(
                    (("same", "recorded_by", "learner_unit__learner__person"),),
                    (("same", "decided_by", "learner_unit__learner__person"),),
                    (("same", "revoked_by", "learner_unit__learner__person"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="exemption",
            constraint=Guard(
                name="exemption_agrees",
                refuse=((("changes", "centre"),), (("differ", "centre", "learner_unit__centre"),)),
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackdraft",
            constraint=Guard(
                name="feedbackdraft_agrees",
                refuse=((("changes", "centre"),), (("differ", "centre", "evidence__centre"),)),
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=Guard(
                name="judgement_of_another", refuse=((("same", "assessor", "learner_unit__learner__person"),),)
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=Guard(
                name="judgement_agrees",
                refuse=(
                    (("changes", "assessor"),),
                    (("changes", "centre"),),
                    (("changes", "criterion"),),
                    (("changes", "learner_unit"),),
                    (("changes", "mapping"),),
                    (("differ", "centre", "review__centre"),),
                    (("differ", "centre", "mapping__centre"),),
                    (("differ", "centre", "learner_unit__centre"),),
                    (("differ", "centre", "version__centre"),),
                    (("differ", "review__evidence", "mapping__evidence"),),
                    (("differ", "review__evidence", "version__evidence"),),
                    (("differ", "version", "review__version"),),
                    (("differ", "assessor", "review__assessor"),),
                    (("differ", "learner_unit", "mapping__learner_unit"),),
                    (("differ", "criterion", "mapping__criterion"),),
                    (("differ", "learner_unit__unit", "criterion__unit"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=Guard(
                name="ledger_of_another_or_their_own",
                refuse=(
                    (
                        ("same", "person", "registration__learner__person"),
                        ("not_in", "act", ("learner_confirmed", "learner_disputed")),
                    ),
                    (
                        ("differ", "person", "registration__learner__person"),
                        ("in", "act", ("learner_confirmed", "learner_disputed")),
                    ),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=Guard(
                name="ledgerentry_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "registration__centre"),),
                    (("differ", "centre", "learner_unit__centre"),),
                    (("differ", "registration__learner", "learner_unit__learner"),),
                    (("differ", "registration", "learner_unit__registration"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=Guard(
                name="presence_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "evidence__centre"),))
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=Guard(
                name="reply_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "evidence__centre"),))
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=Guard(name="review_of_another", refuse=((("same", "assessor", "evidence__learner__person"),),)),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=Guard(
                name="review_agrees",
                refuse=(
                    (("changes", "assessor"),),
                    (("changes", "centre"),),
                    (("changes", "evidence"),),
                    (("changes", "version"),),
                    (("differ", "centre", "evidence__centre"),),
                    (("differ", "centre", "version__centre"),),
                    (("differ", "evidence", "version__evidence"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="signoffnote",
            constraint=Guard(
                name="signoffnote_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "entry__centre"),))
            ),
        ),
    ]
