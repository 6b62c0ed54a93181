"""The order of a learner's units, as the centre's admins set it (R45)."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from centres.access import learner_for
from centres.queries.schedule import schedules_of
from web.shared.http import ActorRequest, allow
from web.shared.idempotency import once
from web.shared.schedule import schedule_page


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def schedule(request: ActorRequest, centre: str, learner: str) -> HttpResponse:
    """Show the order of a learner's units, with target dates, and change it."""
    who = learner_for(request.actor, learner)
    back = reverse("centre:learner", args=[centre, learner])
    return schedule_page(request, schedules_of(request.actor, who), learner_name=who.full_name, back=back)
