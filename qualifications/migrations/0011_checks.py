"""Every column with choices holds one of them; dates in order; what a state needs is there. Old rows: the next step."""

from django.conf import settings
from django.db import migrations, models

from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0012_checks"),
        ("qualifications", "0010_how_facts_are_known"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Gently(),
        AddChecks(
            "draft",
            [
                models.CheckConstraint(
                    condition=models.Q(("source__in", ["case", "pasted", "sheet", "yaml"])),
                    name="draft_source_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "state__in",
                            [
                                "broken",
                                "draft",
                                "matching",
                                "published",
                                "reading",
                                "rejected",
                                "submitted",
                                "withdrawn",
                            ],
                        )
                    ),
                    name="draft_state_is_known",
                ),
            ],
        ),
        AddChecks(
            "outcome",
            [
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["competence", "knowledge"])), name="outcome_kind_is_known"
                ),
            ],
        ),
        AddChecks(
            "qualification",
            [
                models.CheckConstraint(
                    condition=models.Q(("generation__in", ["2010", "2014"])), name="qualification_generation_is_known"
                ),
            ],
        ),
        AddChecks(
            "unit",
            [
                models.CheckConstraint(
                    condition=models.Q(("generation__in", ["2010", "2014"])), name="unit_generation_is_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "sector__in",
                            [
                                "business-administration",
                                "contact-centre",
                                "customer-service",
                                "generic",
                                "management",
                                "sales",
                            ],
                        )
                    ),
                    name="unit_sector_is_known",
                ),
            ],
        ),
    ]
