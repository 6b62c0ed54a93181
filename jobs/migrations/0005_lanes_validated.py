"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_lanes")]

    operations = [
        Gently(),
        ValidateChecks("job", ["job_lane_is_known", "job_why_is_known"]),
    ]
