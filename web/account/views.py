"""One's own account, and opening it from an invitation."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.utils import perform_login
from allauth.core.ratelimit import consume, respond_429
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import queries, services
from common import clock
from common.refusals import Refused
from web.account.forms import AddressForm, FirstPasswordForm, KnownPersonForm, PreferencesForm
from web.shared.http import PersonRequest, see_other


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def index(request: PersonRequest) -> HttpResponse:
    """Show one's account; a post saves how the pages should look."""
    person = request.user
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        initial={
            "density": person.density,
            "appearance": person.appearance,
            "shortcuts": person.shortcuts_enabled,
        },
    )
    if form.is_valid():
        services.save_preferences(person=person, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Your choices are saved."))
        return see_other(reverse("web_account:index"))
    learns = any(place.learner_id for place in request.places)
    context = {"form": form, "person": person, "places": request.places, "learns": learns}
    return render(request, "web_account/index.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites to what; a post opens the account. Every link that does not work gets the same page."""
    invited = queries.open_invitation(token, clock.now())
    if invited is None:
        return render(request, "web_account/invitation_gone.html", status=404)
    form_class = KnownPersonForm if invited.has_password else FirstPasswordForm
    form: forms.Form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        person = _accept(form, token)
        if person is not None:
            return _welcome(request, person, known=invited.has_password)
    context = {"form": form, "invited": invited}
    return render(request, "web_account/invitation.html", context, status=422 if form.is_bound else 200)


def _accept(form: forms.Form, token: str) -> AbstractBaseUser | None:
    """Return the person whose account is open now, or None with the reasons in the form."""
    password = form.cleaned_data.get("password", "")
    try:
        return services.accept_invitation(token=token, password=password, at=clock.now())
    except Refused as refused:
        for refusal in refused.refusals:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return None


def _welcome(request: HttpRequest, person: AbstractBaseUser, *, known: bool) -> HttpResponse:
    """Let a new person straight in; one who had a password signs in with it, second step included."""
    if known:
        messages.success(request, _("The new place is in your menu once you are signed in."))
        return redirect("shared:front_door")
    if request.user.is_authenticated:
        logout(request)
    messages.success(request, _("Your account is open."))
    signed_in: HttpResponse = perform_login(request, person, email_verification="none", redirect_url="/")
    return signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def address(request: PersonRequest) -> HttpResponse:
    """Show the address one signs in with, and the wished one; a post wishes, writes again or keeps the old one."""
    if request.method == "POST" and not consume(request, action="manage_email"):
        too_often: HttpResponse = respond_429(request)
        return too_often
    form = AddressForm(request.POST if "action_add" in request.POST else None)
    if _address_act(request, form):
        return redirect("account_email")
    wished = queries.wished_address(request.user, clock.now())
    context = {"form": form, "wished": wished}
    return render(request, "account/email_change.html", context, status=422 if form.is_bound else 200)


def _address_act(request: PersonRequest, form: AddressForm) -> bool:
    """Do what was asked for and return True; False where a page has to be shown, with the reasons in the form."""
    wished = queries.wished_address(request.user, clock.now())
    if form.is_bound:
        return form.is_valid() and _wish(request, form)
    if "action_remove" in request.POST:
        services.keep_address(person=request.user, at=clock.now())
        messages.success(request, _("You go on signing in with %(email)s.") % {"email": request.user.email})
    elif "action_send" in request.POST and wished is not None:
        try:
            _write(request, wished.address)
        except Refused as refused:
            messages.error(request, refused.refusals[0].sentence)
    return request.method == "POST"


def _wish(request: PersonRequest, form: AddressForm) -> bool:
    """Ask for another address, once the person proved again who they are. False with the reasons in the form."""
    raise_if_reauthentication_required(request, app="allauth.account")
    try:
        _write(request, form.cleaned_data["email"])
    except Refused as refused:
        for refusal in refused.refusals:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return form.is_valid()


def _write(request: PersonRequest, wished: str) -> None:
    """Have a letter written to a wished address, and say only what is so."""
    if services.ask_for_address(person=request.user, address=wished, at=clock.now()):
        messages.success(request, _("We sent a letter to %(email)s.") % {"email": wished})
    else:
        messages.info(request, _("A letter went there a moment ago. Look among the unwanted mail as well."))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whether a wished address is one's own; a post makes it so. A link that does not work has its page."""
    wished = queries.change_to_confirm(key, clock.now())
    if request.method != "POST":
        return render(request, "account/email_confirm.html", {"wished": wished})
    try:
        person = services.confirm_address(key=key, seen_from=get_adapter().get_client_ip(request), at=clock.now())
    except Refused as refused:
        return render(request, "account/email_confirm.html", {"reasons": refused.refusals}, status=409)
    messages.success(request, _("You sign in with %(email)s from now on.") % {"email": person.email})
    return redirect("shared:front_door")
