"""What was sent by mistake can be removed for good: who asked, who agreed, and what stood there (R60)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.guards
import common.ids
from common.append_only import AppendOnly
from common.checking import AddChecks, Gently


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0020_gates"),
        ("portfolio", "0012_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Gently(),
        migrations.CreateModel(
            name="PurgeDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agrees", models.BooleanField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("decided_by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PurgeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("reason", models.CharField(max_length=500)),
                ("words", models.BooleanField()),
                ("asked_by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=common.ids.new_public_id, editable=False, max_length=26, unique=True),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("content_type", models.CharField(default="", max_length=100)),
                ("storage_key", models.CharField(default="", max_length=120)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="evidencefile",
            name="evidencefile_state_is_known",
        ),
        migrations.AlterField(
            model_name="evidencefile",
            name="state",
            field=models.CharField(
                choices=[
                    ("receiving", "Sending"),
                    ("received", "Added"),
                    ("checking", "Being checked"),
                    ("ready", "Added and checked"),
                    ("not_scanned", "Added, not checked for viruses"),
                    ("refused", "Cannot be used"),
                    ("infected", "Has a virus"),
                    ("purged", "Removed for good"),
                ],
                default="receiving",
                max_length=12,
            ),
        ),
        AddChecks(
            "evidencefile",
            [
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "state__in",
                            [
                                "checking",
                                "infected",
                                "not_scanned",
                                "purged",
                                "ready",
                                "received",
                                "receiving",
                                "refused",
                            ],
                        )
                    ),
                    name="evidencefile_state_is_known",
                )
            ],
        ),
        migrations.AddField(
            model_name="purgedecision",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="purgedecision",
            name="centre",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"),
        ),
        migrations.AddField(
            model_name="purgedecision",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="purgerequest",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="purgerequest",
            name="centre",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"),
        ),
        migrations.AddField(
            model_name="purgerequest",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="purge_requests",
                to="portfolio.evidenceversion",
            ),
        ),
        migrations.AddField(
            model_name="purgedecision",
            name="request",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="portfolio.purgerequest"
            ),
        ),
        migrations.AddField(
            model_name="tombstone",
            name="centre",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="centres.centre"),
        ),
        migrations.AddField(
            model_name="tombstone",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tombstones", to="portfolio.purgedecision"
            ),
        ),
        migrations.AddField(
            model_name="tombstone",
            name="file",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tombstone",
                to="portfolio.evidencefile",
            ),
        ),
        migrations.AddField(
            model_name="tombstone",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tombstones", to="portfolio.evidenceversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="purge_request_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerequest",
            constraint=common.guards.Guard(
                name="purge_asked_by_another", refuse=((("same", "asked_by", "version__evidence__learner__person"),),)
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerequest",
            constraint=common.guards.Guard(
                name="purgerequest_agrees",
                refuse=(
                    (("changes", "asked_by"),),
                    (("changes", "centre"),),
                    (("changes", "version"),),
                    (("differ", "centre", "version__centre"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="purgedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("asked_by")), _negated=True), name="purge_decided_by_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="purgedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("agrees", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                name="purge_no_needs_a_note",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgedecision",
            constraint=common.guards.Guard(
                name="purgedecision_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("changes", "request"),),
                    (("differ", "centre", "request__centre"),),
                    (("differ", "asked_by", "request__asked_by"),),
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="tombstone",
            index=models.Index(fields=["centre", "sha256"], name="tombstone_same_bytes"),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.UniqueConstraint(
                condition=models.Q(("file", None)), fields=("version",), name="tombstone_of_words_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256", ""), _negated=True), name="tombstone_has_a_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=common.guards.Guard(
                name="tombstone_of_its_piece",
                refuse=(
                    (("differ", "version__evidence", "file__evidence"),),
                    (("differ", "version", "decision__request__version"),),
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=common.guards.Guard(
                name="tombstone_agrees",
                refuse=(
                    (("changes", "centre"),),
                    (("differ", "centre", "decision__centre"),),
                    (("differ", "centre", "version__centre"),),
                    (("differ", "centre", "file__centre"),),
                ),
            ),
        ),
        AppendOnly("portfolio_purgerequest"),
        AppendOnly("portfolio_purgedecision"),
        AppendOnly("portfolio_tombstone"),
    ]
