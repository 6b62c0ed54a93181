"""One form, one change: a double click, a retry or a reload gets the first answer again.

What counts as done is said by the view (`done`), never guessed from the status: a refusal that leads to another page,
or a person sent to prove again who they are, leaves the key unused.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from audit import idempotency
from audit.idempotency import Answer, Form, Other, Said
from common import clock
from web.shared import kept, retrying
from web.shared.http import ActorRequest, View
from web.shared.kept import KEY, new_key

__all__ = ["KEY", "Done", "content_digest", "done", "new_key", "once"]

P = ParamSpec("P")
LONGEST_KEY = 64
#: What a form carries for us, not for the person: a token that turns with every page, and the key itself.
NOT_CONTENT = frozenset({"csrfmiddlewaretoken", KEY})
#: A file up to this size is read whole for the digest. Of a larger one the beginning and the end are: a film is not
#: read twice for it, and one that differs in the middle alone, with the same key, name and size, is no other one.
WHOLE = 1024 * 1024


class Done(HttpResponseRedirect):
    """The act is done: "now look here" (303). The only answer that uses a key up."""

    status_code = 303


def done(request: HttpRequest, url: str, said: str = "", level: int = messages.SUCCESS) -> Done:
    """Answer a post that changed what it was to change: what was done in words, and the page to look at."""
    if said:
        messages.add_message(request, level, said)
    return Done(url)


def once(view: View[P]) -> View[P]:
    """Run a POST view at most once for each person, key, address and content; `done` is success, nothing else is.

    The view runs in one transaction with its key. It is tried a second time when the database broke it off because two
    acts met (`retrying`). The same key with other content, or for another address: 409, with what was typed.
    """

    @wraps(view)
    def inner(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = request.POST.get(KEY, "")[:LONGEST_KEY]
        form = Form(request.user.pk, key, request.path, content_digest(request)) if key else None
        return retrying.twice(request, lambda: _in_one(request, form, lambda: view(request, *args, **kwargs)))

    return inner


def _in_one(request: ActorRequest, form: Form | None, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Take the key, do the act and keep its answer, all or nothing."""
    with transaction.atomic():
        known = idempotency.begin(form, at=clock.now()) if form else None
        if isinstance(known, Answer):
            return _again(request, known)
        if isinstance(known, Other):
            return kept.sent_before(request, known.location, same_address=known.same_address)
        before = len(_queued(request))
        response = run()
        if form and isinstance(response, Done):
            idempotency.keep(form, Answer(response["Location"], _queued(request)[before:]))
        elif form:
            idempotency.forget(form)
        return response


def _again(request: ActorRequest, answer: Answer) -> HttpResponse:
    """Say and show what the first one was answered with."""
    for level, words in answer.said:
        messages.add_message(request, level, words)
    return Done(answer.location)


def _queued(request: ActorRequest) -> list[Said]:
    storage = get_messages(request)
    return [(one.level, str(one.message)) for one in getattr(storage, "_queued_messages", [])]


def content_digest(request: HttpRequest) -> str:
    """Return the SHA-256 of what a person sends: fields in the order of their names, and files."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_CONTENT)
    files = sorted((name, [_named(one) for one in given]) for name, given in request.FILES.lists())
    return hashlib.sha256(json.dumps([fields, files], separators=(",", ":")).encode()).hexdigest()


def _named(file: "UploadedFile[bytes]") -> list[object]:
    """Name a file by its name, its size and a hash of its bytes (see `WHOLE`); it is read from the start afterwards."""
    size, found = file.size or 0, hashlib.sha256()
    file.seek(0)
    found.update(file.read(WHOLE))
    if size > WHOLE:
        file.seek(max(WHOLE, size - WHOLE))
        found.update(file.read(WHOLE))
    file.seek(0)
    return [file.name, size, found.hexdigest()]
