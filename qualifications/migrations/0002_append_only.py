from django.db import migrations

from common.append_only import AppendOnly


class Migration(migrations.Migration):
    """Published rows are never changed or removed, whoever asks (B16)."""

    dependencies = [("qualifications", "0001_catalogue")]

    operations = [
        AppendOnly("qualifications_unit"),
        AppendOnly("qualifications_outcome"),
        AppendOnly("qualifications_criterion"),
        AppendOnly("qualifications_qualification"),
        AppendOnly("qualifications_group"),
        AppendOnly("qualifications_place"),
    ]
