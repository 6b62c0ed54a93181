"""Write the current decision of everything that was judged before there was a row for it (decision 10)."""

from itertools import groupby
from operator import attrgetter
from typing import Any, ClassVar

from django.db import migrations

AT_A_TIME = 1000


def _current(judgements: list[Any], state: str) -> dict[str, Any] | None:
    """Return what counts and what waits after these decisions about one mapping, in the order of their rounds."""
    row: dict[str, Any] = {"judgement": None, "countersignature": None, "proposed": None, "verdict": "", "standing": ""}
    for one in judgements:
        signature = getattr(one, "countersignature", None)
        row["proposed"] = None
        if one.standing == "trainee" and one.verdict == "met" and not (signature and signature.agrees):
            if signature is None:
                row["proposed"] = one
            elif state == "offered":
                row.update(judgement=None, countersignature=None, verdict="", standing="")
            continue
        row.update(judgement=one, countersignature=signature, verdict=one.verdict, standing=one.standing)
    return row if row["judgement"] or row["proposed"] else None


def fill(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Go through all judgements once, in bounded memory."""
    model = apps.get_model("assessments", "CurrentDecision")
    rows = apps.get_model("assessments", "Judgement").objects.select_related("countersignature", "mapping")
    made = []
    found = rows.order_by("mapping_id", "round").iterator(chunk_size=AT_A_TIME)
    for _mapping, judgements in groupby(found, attrgetter("mapping_id")):
        listed = list(judgements)
        last = listed[-1]
        current = _current(listed, last.mapping.state)
        if current:
            same = {
                name: getattr(last, name) for name in ("centre_id", "mapping_id", "learner_unit_id", "criterion_id")
            }
            made.append(model(**same, **current, changed_at=last.at))
        if len(made) >= AT_A_TIME:
            model.objects.bulk_create(made)
            made.clear()
    model.objects.bulk_create(made)


def say_whom_signed_units_rest_on(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """A unit signed before this was kept beside it says on which trainee it rests."""
    units = apps.get_model("centres", "LearnerUnit").objects
    decisions = apps.get_model("assessments", "CurrentDecision").objects
    entries = apps.get_model("assessments", "LedgerEntry").objects
    for unit in units.filter(state__in=["assessor_signed", "countersigned"]).iterator(chunk_size=AT_A_TIME):
        counts = decisions.filter(learner_unit=unit, verdict="met", standing="trainee", mapping__state="met")
        decision = counts.select_related("judgement").first()
        signed = entries.filter(learner_unit=unit, act="assessor_signed").order_by("-sequence").first()
        trainee = decision.judgement.assessor_id if decision else None
        if signed is not None and signed.standing == "trainee":
            trainee = signed.person_id
        if trainee is not None:
            units.filter(pk=unit.pk).update(rests_on_trainee_id=trainee)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessments", "0008_current_decision")]

    operations: ClassVar = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(say_whom_signed_units_rest_on, migrations.RunPython.noop),
    ]
