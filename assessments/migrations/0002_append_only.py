from typing import ClassVar

from django.db import migrations

from common.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessments", "0001_initial")]

    operations: ClassVar = [
        AppendOnly("assessments_review"),
        AppendOnly("assessments_judgement"),
        AppendOnly("assessments_countersignature"),
        AppendOnly("assessments_ledgerentry"),
        AppendOnly("assessments_signoffnote"),
        AppendOnly("assessments_reply"),
    ]
