"""A judgement is of a mapping (see portfolio 0006)."""

from django.db import migrations, models

from common.append_only import AppendOnly, Rewritable


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_undoing"), ("portfolio", "0006_mapping")]

    operations = [
        Rewritable("assessments_judgement"),
        migrations.RemoveConstraint("Judgement", name="judgement_once_a_round"),
        migrations.RenameField("Judgement", old_name="claim", new_name="mapping"),
        migrations.AddConstraint(
            "Judgement", models.UniqueConstraint(fields=("mapping", "round"), name="judgement_once_a_round")
        ),
        AppendOnly("assessments_judgement"),
    ]
