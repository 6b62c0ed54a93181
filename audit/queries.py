"""Reading what was recorded."""

from collections import Counter
from collections.abc import Collection

from django.db.models import Model

from audit.enums import Outcome
from audit.models import Event


def acts_of(row: Model, actions: Collection[str]) -> Counter[str]:
    """Return how often each of these acts is recorded of a row (a model with `public_id`). One query."""
    name = str(getattr(row, "public_id", row.pk))
    found = Event.objects.filter(object_type=row._meta.label, object_id=name, action__in=list(actions))
    return Counter(found.filter(outcome=Outcome.DONE).values_list("action", flat=True))


def not_recorded_once(row: Model, expected: dict[str, int]) -> list[str]:
    """Return a phrase for each act that is recorded of a row more or less often than its rows say (I5). One query."""
    recorded = acts_of(row, expected)
    return [
        f"{action} is recorded {recorded[action]} times and was done {times} times"
        for action, times in expected.items()
        if recorded[action] != times
    ]
