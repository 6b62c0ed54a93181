"""In which settings competence may be shown under stored versions (R61). See `qualifications.rules.settings`."""

from collections.abc import Iterable

from qualifications.models import Qualification
from qualifications.rules.settings import allowed_settings


def allowed_settings_of(qualification: Qualification) -> frozenset[str]:
    """Return the settings in which competence may be shown under this version. No query."""
    return allowed_settings(qualification.settings, qualification.awarding_body)


def allowed_settings_by(qualification_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return the same for several versions, by id. One query."""
    rows = Qualification.objects.filter(pk__in=set(qualification_ids))
    found = rows.values_list("pk", "settings", "awarding_body")
    return {pk: allowed_settings(stored, body) for pk, stored, body in found}
