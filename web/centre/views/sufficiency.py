"""How much evidence the centre asks for: the rules that count, what came before, a new one, an exception (R71)."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres import access, services
from centres.actor import Actor
from centres.permissions import may_set_rules
from centres.queries import sufficiency as reads
from centres.queries.seen import rule_mark, rules_mark
from common import clock
from common.refusals import Forbidden, NotFound, Refused
from portfolio.queries.purges import seen_waiting
from web.centre.forms import add_refusals
from web.centre.rule_forms import DecideForm, ExceptionForm, RuleForm
from web.centre.second_person import listed, shown_of, take_answer
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once

if TYPE_CHECKING:
    from centres.models import SufficiencyRule

#: state → status cell, whose shape and colour stand beside the word.
CELLS: Final = {"counting": "met", "waiting": "sent", "later": "provisional", "over": "todo", "refused": "notyet"}


def _staff(actor: Actor) -> bool:
    return actor.is_admin or actor.assesses or actor.assures


def _words() -> Mapping[str, str]:
    return {
        "counting": _("Counts now"),
        "waiting": _("Waits for a second person"),
        "later": _("Agreed, not begun"),
        "over": _("No longer counts"),
        "refused": _("Not agreed"),
    }


@require_safe
@allow(_staff)
def rules(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List the rules that count, those that wait, and all there ever were. Quality assurers read them too."""
    show = shown_of(request, reads.SHOWS)
    found = reads.rules_page(request.actor, show, page_number(request))
    names = {"counting": _("Count now"), "waiting": _("Waiting"), "all": _("History")}
    context = listed(found.rows, found.page, show, CELLS, _words()) | {
        "chips": [(key, name, found.counts[key]) for key, name in names.items()],
        "may_set": may_set_rules(request.actor),
        "purges_waiting": seen_waiting(request.actor).count() if may_set_rules(request.actor) else 0,
        "overseer": request.actor.is_admin or request.actor.assures,
    }
    return render(request, "web_centre/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_set_rules)
@once
def propose(request: ActorRequest, centre: str) -> HttpResponse:
    """Propose what the centre asks, for a second person to agree to."""
    units = reads.units_to_rule(request.actor)
    posted = request.POST if request.method == "POST" else None
    form = RuleForm(posted, units=units, initial={"starts_on": request.actor.on})
    status = 200 if posted is None else 422
    if posted is not None and form.is_valid():
        said = form.cleaned_data
        try:
            row = services.propose_rule(
                actor=request.actor,
                unit_key=said["unit"],
                kind=said["kind"],
                asked=form.asked(),
                starts_on=said["starts_on"],
                reason=said["reason"],
                seen=seen_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return _proposed(request, centre, row.public_id)
    context = {"form": form, "seen": rules_mark(request.actor.centre_id), **_waiting_for_whom(request.actor)}
    return render(request, "web_centre/propose_rule.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_set_rules)
@once
def exception(request: ActorRequest, centre: str, learner: str, unit: str) -> HttpResponse:
    """Propose to ask less, or more, of one learner, with the reason."""
    who = access.learner_for(request.actor, learner)
    row = access.unit_for(request.actor, unit)
    if row.learner_id != who.pk:
        raise NotFound("unit.view", unit)
    posted = request.POST if request.method == "POST" else None
    initial = {"starts_on": request.actor.on, "criterion": request.GET.get("criterion", "")[:26]}
    form = ExceptionForm(posted, criteria=reads.criteria_to_rule(row), initial=initial)
    status = 200 if posted is None else 422
    if posted is not None and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.propose_exception(
                actor=request.actor,
                learner_unit=row,
                criterion=said["criterion"],
                asked=form.asked(),
                eases=said["eases"] == "less",
                starts_on=said["starts_on"],
                reason=said["reason"],
                seen=seen_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return _proposed(request, centre, made.public_id)
    context = {"form": form, "learner": who, "unit": row, **_waiting_for_whom(request.actor)}
    context["seen"] = rules_mark(request.actor.centre_id)
    return render(request, "web_centre/exception.html", context, status=status)


def _waiting_for_whom(actor: Actor) -> dict[str, Any]:
    return {"others": reads.others_who_decide(actor), "idempotency_key": new_key()}


def _proposed(request: ActorRequest, centre: str, public_id: str) -> HttpResponse:
    return done(
        request, reverse("centre:rule", args=[centre, public_id]), _("Proposed. It counts once a second person agrees.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(_staff)
@once
def rule(request: ActorRequest, centre: str, rule: str) -> HttpResponse:
    """Show one rule with its reason; take a second person's yes or no while it waits."""
    row = reads.rule_of(request.actor, rule)
    if request.method != "POST":
        return _page(request, row, DecideForm())
    if not may_set_rules(request.actor):
        raise Forbidden("sufficiency.decide", rule)
    form = DecideForm(request.POST)
    said = _("Agreed. It counts from its first day on."), _("Not agreed. Nothing changes.")
    here = reverse("centre:rule", args=[centre, rule])
    answer = take_answer(request, form, partial(services.decide_rule, rule=row), here=here, said=said)
    if not isinstance(answer, int):
        return answer
    return _page(request, reads.rule_of(request.actor, rule), form, answer)


def _page(request: ActorRequest, row: "SufficiencyRule", form: DecideForm, status: int = 200) -> HttpResponse:
    shown = reads.rule_row(request.actor, row)
    context = {
        "row": shown,
        "cell": CELLS[shown.state],
        "word": _words()[shown.state],
        "form": form,
        "seen": rule_mark(row, getattr(row, "decision", None)),
        "may_decide": shown.state == "waiting" and may_set_rules(request.actor) and not shown.mine,
        **_waiting_for_whom(request.actor),
    }
    return render(request, "web_centre/rule.html", context, status=status)
