"""Look at the rows that were there before (PostgreSQL), while everybody works on."""

from django.db import migrations

from common.checking import Gently, ValidateChecks


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0015_said_and_begun")]

    operations = [
        Gently(),
        ValidateChecks("purgedecision", ["purge_no_needs_a_note"]),
        ValidateChecks("purgerequest", ["purge_request_says_why"]),
        ValidateChecks("evidence", ["evidence_sent_once_begun"]),
    ]
