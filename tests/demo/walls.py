"""No row points across a wall: walked generically, so that a new table is watched from its first day."""

from django.apps import apps
from django.db.models import F, ForeignKey

from common.scoping import CentreOwned


def owned_models():
    """Every table whose rows belong to a centre."""
    return [model for model in apps.get_models() if issubclass(model, CentreOwned)]


def crossings():
    """Yield "app.Model.field: n" for every relation between rows of different centres."""
    for model in owned_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and issubclass(field.related_model, CentreOwned):
                rows = model.objects.across_centres(reason="a test walks the walls")
                strays = rows.exclude(**{f"{field.name}__isnull": True}).exclude(
                    **{f"{field.name}__centre": F("centre")}
                )
                if found := strays.count():
                    yield f"{model._meta.label}.{field.name}: {found}"
