"""The files' own host serves files and nothing else: no page, no sign-in, no cookie (E02)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from web.files.handing import is_files_host

PATH = "/handed/"


def only_files(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 404 on the files' host to everything but a ticket, before any session is looked at."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_files_host(request) and not request.path.startswith(PATH):
            return HttpResponse("Not found", status=404, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware
