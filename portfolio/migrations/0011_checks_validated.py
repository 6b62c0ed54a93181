"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0010_checks"),
    ]

    operations = [
        Gently(),
        ValidateChecks(
            "evidence",
            [
                "evidence_sent_at_a_time",
                "evidence_state_is_known",
                "evidence_kind_is_known",
                "evidence_setting_is_known",
                "evidence_ai_use_is_known",
            ],
        ),
        ValidateChecks("evidencefile", ["file_size_is_one", "file_whole_has_a_hash", "evidencefile_state_is_known"]),
        ValidateChecks("evidencemapping", ["evidencemapping_state_is_known", "evidencemapping_origin_is_known"]),
        ValidateChecks("preview", ["preview_size_is_one", "preview_kind_is_known"]),
    ]
