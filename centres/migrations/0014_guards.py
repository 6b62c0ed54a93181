"""Rows agree with the rows they name, and nobody decides about themselves: see common/guards.py."""

from django.db import migrations

from common.checking import Gently
from common.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0013_checks_validated"),
        ("qualifications", "0010_how_facts_are_known"),
    ]

    operations = [
        Gently(),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=Guard(name="allocation_of_another", refuse=((("same", "assessor", "learner__person"),),)),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=Guard(
                name="allocation_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "learner__centre"),),
                    (("differ", "centre", "registration__centre"),),
                    (("differ", "learner", "registration__learner"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="assurance",
            constraint=Guard(
                name="assurance_agrees",
                refuse=((("changes", "centre"),), (("differ", "centre", "membership__centre"),)),
            ),
        ),
        migrations.AddConstraint(
            model_name="countersigner",
            constraint=Guard(name="countersigner_agrees", refuse=((("changes", "centre"),),)),
        ),
        migrations.AddConstraint(
            model_name="initialassessment",
            constraint=Guard(
                name="initialassessment_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "registration__centre"),),
                    (("differ", "centre", "learner__centre"),),
                    (("differ", "learner", "registration__learner"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="learner",
            constraint=Guard(name="learner_agrees", refuse=((("changes", "centre"),), (("changes", "person"),))),
        ),
        migrations.AddConstraint(
            model_name="learnerunit",
            constraint=Guard(
                name="learnerunit_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("changes", "learner"),),
                    (("changes", "registration"),),
                    (("changes", "unit"),),
                    (("differ", "centre", "registration__centre"),),
                    (("differ", "centre", "learner__centre"),),
                    (("differ", "centre", "unit__centre"),),
                    (("differ", "learner", "registration__learner"),),
                    (("differ", "unit", "place__unit"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=Guard(
                name="membership_agrees", refuse=((("changes", "centre"),), (("differ", "centre", "site__centre"),))
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=Guard(
                name="registration_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("changes", "learner"),),
                    (("differ", "centre", "learner__centre"),),
                    (("differ", "centre", "qualification__centre"),),
                    (("differ", "centre", "moved_from__centre"),),
                    (("differ", "learner", "moved_from__learner"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=Guard(name="site_agrees", refuse=((("changes", "centre"),),)),
        ),
        migrations.AddConstraint(
            model_name="sufficiencydecision",
            constraint=Guard(
                name="sufficiencydecision_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "rule__centre"),),
                    (("differ", "author", "rule__author"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="sufficiencyrule",
            constraint=Guard(
                name="sufficiency_criterion_of_its_unit",
                refuse=((("differ", "criterion__unit", "learner_unit__unit"),),),
            ),
        ),
        migrations.AddConstraint(
            model_name="sufficiencyrule",
            constraint=Guard(
                name="sufficiencyrule_agrees",
                refuse=(
                    (("changes", "author"),),
                    (("changes", "centre"),),
                    (("differ", "centre", "learner_unit__centre"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unitchange",
            constraint=Guard(
                name="unitchange_agrees",
                refuse=((("changes", "centre"),), (("differ", "centre", "registration__centre"),)),
            ),
        ),
    ]
