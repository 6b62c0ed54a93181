"""The files' own host serves files and nothing else: no page, no sign-in, no cookie (E02)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from web.files.handed_urls import app_name
from web.files.handing import is_files_host


def only_files(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 404 on the files' host to everything but a ticket, before any session is looked at."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_files_host(request) and not _is_ticket(request.path_info):
            return HttpResponse("Not found", status=404, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def _is_ticket(path: str) -> bool:
    try:
        return app_name in resolve(path).app_names
    except Resolver404:
        return False
