"""A learner's record: corrected by an admin who is not the learner, with everything that was corrected before."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from centres import access, rules, services
from centres.enums import NUMBERED, ULN_STEPS, UlnStatus
from centres.queries.addresses import link_unused
from centres.queries.records import corrections_page, fields_in_words, record_of
from centres.queries.seen import record_mark
from common import clock
from common.refusals import Refused, Stale
from web.centre.forms import add_refusals
from web.centre.record_forms import NumberForm, RecordForm, as_typed
from web.centre.views.register import known_learners
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken

FIELD = {"fields": "fields_that_differ"}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def record(request: ActorRequest, centre: str, learner: str) -> HttpResponse:
    """Show a learner's record and what was corrected in it; a post corrects it (R27)."""
    who = access.learner_for(request.actor, learner)
    if request.method != "POST":
        return _page(request, who)
    form, extra, status = RecordForm(request.POST), dict[str, Any](), 422
    if form.is_valid() and not (extra := _look_again(form, who)):
        try:
            services.correct_record(
                actor=request.actor, learner=who, corrected=form.corrected(), seen=seen_of(request), at=clock.now()
            )
        except Stale as stale:
            return overtaken(request, reverse("centre:record", args=[centre, learner]), stale=stale)
        except Refused as refused:
            status = add_refusals(form, refused)
            extra = {"known": known_learners(centre, refused)}
        else:
            here = reverse("centre:learner", args=[centre, learner])
            return done(request, here, _("The record is corrected. The learner is told what was corrected."))
    return _page(request, who, form=form, status=status, **extra)


def _look_again(form: RecordForm, who: Any) -> dict[str, Any]:
    """Return what looks odd in what is new, until somebody says that they have looked."""
    new, old = rules.tidied_record(form.record()), record_of(who)
    if form.cleaned_data["looked"] or (new.name, new.uln) == (old.name, old.uln):
        return {}
    odd = rules.why_to_look_again(rules.tidied(form.identity()))
    return {"warnings": [one.sentence for one in odd]} if odd else {}


@require_POST
@allow(lambda actor: actor.is_admin)
@once
def number(request: ActorRequest, centre: str, learner: str) -> HttpResponse:
    """Say that a learner number was asked for, or compared with the Learning Records Service (R31, R33)."""
    who = access.learner_for(request.actor, learner)
    form, here = NumberForm(request.POST, steps=()), reverse("centre:record", args=[centre, learner])
    status = 422
    if form.is_valid():
        try:
            services.step_number(
                actor=request.actor, learner=who, step=form.number_step(), seen=seen_of(request), at=clock.now()
            )
        except Stale as stale:
            return overtaken(request, here, stale=stale)
        except Refused as refused:
            for one in refused.refusals:
                name = FIELD.get(one.field, one.field)
                form.add_error(name if name in form.fields else None, one.sentence)
        else:
            return done(request, here, _("The state of the learner number is kept."))
    return _page(request, who, number_form=form, status=status)


def _page(
    request: ActorRequest,
    who: Any,
    *,
    form: RecordForm | None = None,
    number_form: NumberForm | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    state = UlnStatus(who.uln_status)
    today = request.actor.on
    steps = ULN_STEPS[state] - {UlnStatus.NONE, UlnStatus.FORMAT_OK}
    context: dict[str, Any] = {
        "learner": who,
        "own": who.person_id == request.actor.person_id,
        "form": form or RecordForm(initial=as_typed(record_of(who), request.actor.name, today)),
        "number_form": number_form
        or NumberForm(steps=steps, initial=dict.fromkeys(("day", "notice_on"), request.actor.on)),
        "steps": steps,
        "numbered": state in NUMBERED,
        "wrong_address": link_unused(request.actor, who.person),
        "mismatch": fields_in_words(who.uln_mismatch),
        "corrections": corrections_page(request.actor, who, page_number(request)),
        "seen": record_mark(who),
        "idempotency_key": new_key(),
        "number_key": new_key(),
    }
    return render(request, "web_centre/record.html", context | extra, status=status)
