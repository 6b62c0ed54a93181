"""Find the preview that names an object, while everybody works on."""

from django.db import migrations, models

from common.checking import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL makes an index beside the work of others only outside a transaction
    dependencies = [("portfolio", "0016_said_and_begun_validated")]

    operations = [
        AddIndexBeside(model_name="preview", index=models.Index(fields=["storage_key"], name="preview_object")),
    ]
