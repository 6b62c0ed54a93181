from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef, Q

from qualifications.rules.words import searchable

BATCH = 500


def fill(apps: Any, _schema_editor: Any) -> None:
    """Write the words of the newest version of every unit, for each owner; what is there already stays."""
    unit, criterion, row = (apps.get_model("qualifications", name) for name in ("Unit", "Criterion", "UnitWords"))
    same = unit.objects.filter(key=OuterRef("key"), version__gt=OuterRef("version"))
    newer = Exists(same.filter(centre=None)), Exists(same.filter(centre_id=OuterRef("centre_id")))
    current = unit.objects.filter((Q(centre=None) & ~newer[0]) | (Q(centre__isnull=False) & ~newer[1]))
    everything = list(current.values_list("pk", flat=True))
    for start in range(0, len(everything), BATCH):
        ids = everything[start : start + BATCH]
        texts: dict[int, set[str]] = {}
        for c in criterion.objects.filter(unit__in=ids).select_related("outcome"):
            texts.setdefault(c.unit_id, set()).update((c.outcome.title, c.text))
        row.objects.bulk_create(
            [
                row(
                    unit=u,
                    centre_id=u.centre_id,
                    key=u.key,
                    level=u.level,
                    title=u.title,
                    title_words=searchable([u.title]),
                    words=searchable([u.title, u.reference or "", u.key, *texts.get(u.pk, ())]),
                )
                for u in unit.objects.filter(pk__in=ids)
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    """Fill the words of units in batches, each committed for itself: nothing waits for it."""

    atomic = False

    dependencies = [("qualifications", "0007_words_of_units")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
