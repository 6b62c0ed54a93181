from django.db import migrations, models

from common.append_only import AppendOnly


class Migration(migrations.Migration):
    """The log of sealed rows. It names no other table: leaves hold numbers, so nothing waits for its keys."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["sealed_at"], name="head_sealed_at")],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=60)),
                ("row", models.BigIntegerField()),
                ("form", models.PositiveSmallIntegerField()),
                ("salt", models.BinaryField(max_length=16)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name_plural": "leaves",
                "constraints": [
                    models.UniqueConstraint(fields=("table", "row"), name="leaf_once_a_row"),
                    models.CheckConstraint(condition=models.Q(("index__gte", 0)), name="leaf_index_counts_from_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("table", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("below", models.BigIntegerField(default=0)),
                ("seen", models.BigIntegerField(default=0)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verifier", models.CharField(max_length=255, unique=True)),
                ("from_size", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("level", "index"), name="tile_once")],
            },
        ),
        AppendOnly("ledger_leaf"),
        AppendOnly("ledger_tile"),
        AppendOnly("ledger_head"),
        AppendOnly("ledger_signingkey"),
    ]
