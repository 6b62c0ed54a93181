"""The state of a registration: a break, a stop, going on, leaving, completed (3.5)."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assessments import services
from centres import access, rules
from centres.enums import REGISTRATION_TRANSITIONS, RegistrationState
from centres.queries import learners as learner_queries
from centres.queries.history import state_changes_of
from centres.queries.seen import registration_mark
from common import clock
from common.refusals import Refused
from common.seen import refuse_other
from web.centre.forms import add_refusals, posted
from web.centre.standing_forms import StateForm
from web.shared import kept
from web.shared.http import ActorRequest, allow, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.reauth import ask_again, recently, typed_before

#: What is offered here, in the order of the page. A move has a page of its own.
ACTS = {
    RegistrationState.ACTIVE: gettext_lazy("Go on"),
    RegistrationState.ON_BREAK: gettext_lazy("Put on a break"),
    RegistrationState.SUSPENDED: gettext_lazy("Suspend"),
    RegistrationState.WITHDRAWN: gettext_lazy("The learner leaves"),
    RegistrationState.COMPLETED: gettext_lazy("Completed"),
}
#: From completed, going on is another thing: it asks why, and who it is.
BACK = gettext_lazy("Take “completed” back")
BACK_MEANS = gettext_lazy(
    "Work goes on, and what was wrong can be put right: reopen a unit, withdraw an exemption. You say why, and are"
    " asked again who you are. Then record it as completed again."
)
SAID = {
    RegistrationState.ACTIVE: gettext_lazy("The registration goes on."),
    RegistrationState.ON_BREAK: gettext_lazy("The registration is on a break. Everything stays as it is."),
    RegistrationState.SUSPENDED: gettext_lazy("The registration is suspended. Everything stays as it is."),
    RegistrationState.WITHDRAWN: gettext_lazy("The learner has left this registration. What was signed off stays."),
    RegistrationState.COMPLETED: gettext_lazy("The registration is closed as completed."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def state(request: ActorRequest, centre: str, learner: str, registration: str) -> HttpResponse:
    """Show the state of a registration, how it came to it and what may follow; a post changes it."""
    who = access.learner_for(request.actor, learner)
    row = learner_queries.registration_of(request.actor, who, registration)
    may = REGISTRATION_TRANSITIONS[RegistrationState(row.state)]
    over = row.state == RegistrationState.COMPLETED
    form = StateForm(
        posted(request), acts=[(str(to), words) for to, words in ACTS.items()], initial=typed_before(request)
    )
    status = 422 if form.is_bound else 200
    try:
        refuse_other(seen_of(request), registration_mark(row))  # before all else: what was ticked may be gone by now
        if form.is_bound and form.is_valid():
            to = RegistrationState(form.cleaned_data["act"])
            if over and not recently(request):
                return ask_again(request, request.path, {"act": to.value, "reason": form.cleaned_data["reason"]})
            _change(request, row, to, form.cleaned_data)
            return done(request, reverse("centre:learner", args=[centre, learner]), str(SAID[to]))
    except Refused as refused:
        status = add_refusals(form, refused)
    acts = [(str(to), BACK if over else words) for to, words in ACTS.items() if to in may]
    form.offer(acts)
    context = {
        **(kept.context(request) if not may else {}),
        "form": form,
        "learner": who,
        "registration": row,
        "label": RegistrationState(row.state).label,
        "changes": state_changes_of(request.actor, who).get(row.public_id, ()),
        "meanings": [(words, BACK_MEANS if over else rules.what_it_means(RegistrationState(to))) for to, words in acts],
        "now": rules.what_it_means(RegistrationState(row.state)),
        "idempotency_key": new_key(),
        "seen": registration_mark(row),
    }
    return render(request, "web_centre/state.html", context, status=status)


def _change(request: ActorRequest, row: Any, to: RegistrationState, said: dict[str, Any]) -> None:
    common = {"actor": request.actor, "registration": row, "seen": seen_of(request), "at": clock.now()}
    reason, day = said["reason"], _day(request, said)
    if to == RegistrationState.ACTIVE:
        again = recently(request)  # asked only to take back that it was completed
        services.resume_registration(**common, reason=reason, reauthenticated=again)
    elif to == RegistrationState.ON_BREAK:
        services.put_on_break(**common, reason=reason)
    elif to == RegistrationState.SUSPENDED:
        services.suspend_registration(**common, reason=reason)
    elif to == RegistrationState.WITHDRAWN:
        services.withdraw_registration(**common, reason=reason, last_day=day)
    else:
        services.complete_registration(**common, reason=reason, on=day)


def _day(request: ActorRequest, said: dict[str, Any]) -> dt.date:
    return said["on"] or request.actor.on
