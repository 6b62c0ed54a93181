from django.db import migrations, models

#: Answers kept before this say nothing of content; whoever sends such a form again sends it once more, and the state
#: named in the form decides.
FORGET = "DELETE FROM audit_idempotencykey"


class Migration(migrations.Migration):
    """A key stands for one address and one content; what was said is kept with its level."""

    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.RunSQL(FORGET, FORGET),
        migrations.RemoveField("idempotencykey", "message"),
        migrations.AddField("idempotencykey", "digest", models.CharField(max_length=64, default=""), False),
        migrations.AddField("idempotencykey", "said", models.JSONField(default=list)),
        migrations.AlterField("idempotencykey", "location", models.TextField(default="")),
        migrations.AlterField("idempotencykey", "path", models.TextField()),
    ]
