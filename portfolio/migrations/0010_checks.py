"""Every column with choices holds one of them; dates in order; what a state needs is there. Old rows: the next step."""

from django.conf import settings
from django.db import migrations, models

from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0012_checks"),
        ("portfolio", "0009_opening_file"),
        ("qualifications", "0011_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Gently(),
        AddChecks(
            "evidence",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state__in", ["accepted", "in_review", "returned", "submitted"]), _negated=True),
                        ("submitted_at__isnull", False),
                        _connector="OR",
                    ),
                    name="evidence_sent_at_a_time",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("state__in", ["accepted", "draft", "in_review", "returned", "submitted", "withdrawn"])
                    ),
                    name="evidence_state_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "kind__in",
                            ["assignment", "in_situ", "media", "prior", "statement", "work_product", "writing"],
                        )
                    ),
                    name="evidence_kind_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("setting__in", ["", "classroom", "real_work", "realistic", "simulation"])),
                    name="evidence_setting_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("ai_use__in", ["", "assisted", "none"])), name="evidence_ai_use_is_known"
                ),
            ],
        ),
        AddChecks(
            "evidencefile",
            [
                models.CheckConstraint(condition=models.Q(("size__gte", 0)), name="file_size_is_one"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state__in", ["checking", "not_scanned", "ready", "received"]), _negated=True),
                        models.Q(models.Q(("sha256", ""), _negated=True), ("size__gt", 0)),
                        _connector="OR",
                    ),
                    name="file_whole_has_a_hash",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "state__in",
                            ["checking", "infected", "not_scanned", "ready", "received", "receiving", "refused"],
                        )
                    ),
                    name="evidencefile_state_is_known",
                ),
            ],
        ),
        AddChecks(
            "evidencemapping",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "state__in",
                            ["closed", "met", "met_provisional", "not_relevant", "not_yet", "offered", "proposed"],
                        )
                    ),
                    name="evidencemapping_state_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("origin__in", ["assessor", "moved", "search", "suggestion", "theme", "unit"])),
                    name="evidencemapping_origin_is_known",
                ),
            ],
        ),
        AddChecks(
            "preview",
            [
                models.CheckConstraint(condition=models.Q(("size__gte", 0)), name="preview_size_is_one"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("kind__in", ["image", "page", "playable", "poster", "text", "thumb", "waveform"])
                    ),
                    name="preview_kind_is_known",
                ),
            ],
        ),
    ]
