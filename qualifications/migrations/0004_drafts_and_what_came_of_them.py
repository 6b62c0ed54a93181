import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.append_only import AppendOnly, Frozen, Rewritable


class Migration(migrations.Migration):
    """Each row a centre publishes names its draft, and a draft names what it was compared with (R23)."""

    dependencies = [
        ("qualifications", "0003_owners_and_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Rewritable("qualifications_unit"),
        Rewritable("qualifications_qualification"),
        migrations.AddField(
            model_name="draft",
            name="base",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="draft",
            name="changed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="qualification",
            name="draft",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qualifications.draft"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="draft",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qualifications.draft"
            ),
        ),
        AppendOnly("qualifications_unit"),
        AppendOnly("qualifications_qualification"),
        Frozen("qualifications_draft", "state", "published"),
    ]
