"""One form, one change: a double click, a retry or a reload gets the first answer again."""

from functools import wraps
from typing import ParamSpec

from django.contrib import messages
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpResponse

from audit import idempotency
from audit.idempotency import Answer
from common import clock
from common.ids import new_token
from web.shared.http import ActorRequest, View, see_other

P = ParamSpec("P")
REDIRECTS = range(300, 400)


def new_key() -> str:
    """Return a key for a hidden field `idempotency_key`."""
    return new_token()[:40]


def once(view: View[P]) -> View[P]:
    """Run a POST view at most once for each (person, key). Success is a redirect; anything else gives the key back."""

    @wraps(view)
    def inner(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = request.POST.get("idempotency_key", "")[:64]
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            person_id = request.user.pk
            earlier = idempotency.begin(person_id=person_id, key=key, path=request.path, at=clock.now())
            if earlier is not None:
                return _again(request, earlier)
            response = view(request, *args, **kwargs)
            if response.status_code in REDIRECTS:
                answer = Answer(location=response["Location"], message=_said(request))
                idempotency.keep(person_id=person_id, key=key, answer=answer)
            else:
                idempotency.forget(person_id=person_id, key=key)
            return response

    return inner


def _again(request: ActorRequest, answer: Answer) -> HttpResponse:
    if answer.message:
        messages.success(request, answer.message)
    return see_other(answer.location or request.path)


def _said(request: ActorRequest) -> str:
    storage = get_messages(request)
    return " ".join(str(m) for m in getattr(storage, "_queued_messages", []))
