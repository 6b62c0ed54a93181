"""What the centre keeps of the learner, and what was corrected in it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.access import learner_of_actor
from centres.queries.records import corrections_page
from web.shared.http import ActorRequest, allow, page_number


@require_safe
@allow(lambda actor: actor.is_learner)
def record(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show the learner their own record as certificates will print it, and who corrected what in it."""
    mine = learner_of_actor(request.actor)
    corrections = corrections_page(request.actor, mine, page_number(request))
    return render(request, "web_learner/record.html", {"learner": mine, "corrections": corrections})
