"""Evidence offered for a criterion is called a mapping: "claim" is kept for certificate claims (R106 to R109)."""

from django.db import migrations, models

from common.append_only import AppendOnly, Rewritable

OFFERED = [
    ("proposed", "Not sent yet"),
    ("offered", "Sent"),
    ("met", "Met"),
    ("met_provisional", "Met, to countersign"),
    ("not_yet", "Not yet"),
    ("not_relevant", "Not relevant"),
    ("closed", "Closed"),
]


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0005_accepted_together"), ("assessments", "0006_undoing")]

    operations = [
        Rewritable("assessments_judgement"),
        Rewritable("portfolio_evidenceversion"),
        migrations.RemoveConstraint(model_name="claim", name="claim_once"),
        migrations.RenameModel("Claim", "EvidenceMapping"),
        migrations.AlterField(
            "EvidenceMapping", "state", models.CharField(choices=OFFERED, default="proposed", max_length=16)
        ),
        migrations.AlterField(
            "EvidenceMapping",
            "evidence",
            models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="mappings", to="portfolio.evidence"),
        ),
        migrations.AlterField(
            "EvidenceMapping",
            "learner_unit",
            models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="mappings", to="centres.learnerunit"),
        ),
        migrations.RenameIndex("EvidenceMapping", new_name="mapping_criterion", old_name="claim_criterion"),
        migrations.RunSQL(
            "UPDATE portfolio_evidencemapping SET state = 'offered' WHERE state = 'claimed'",
            "UPDATE portfolio_evidencemapping SET state = 'claimed' WHERE state = 'offered'",
        ),
        migrations.AddConstraint(
            "EvidenceMapping",
            models.UniqueConstraint(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=("evidence", "learner_unit", "criterion"),
                name="mapping_once",
            ),
        ),
        migrations.RenameField("EvidenceVersion", old_name="claims", new_name="mappings"),
        AppendOnly("portfolio_evidenceversion"),
        AppendOnly("assessments_judgement"),
    ]
