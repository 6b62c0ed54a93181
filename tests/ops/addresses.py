"""Every address of the product, made from the list of addresses itself."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

ID = "01arz3ndektsv4rrffq69g5fav"
#: What the parts of addresses look like; a part that is not named is an id.
PARTS = {"centre": "12345", "uidb36": "1a", "key": "set-key", "pk": 7, "form": "yaml", "version": 1, "number": 1}
#: Parts that open something by themselves, for whoever holds them.
SECRETS = ("ticket", "token", "key")
OF_FILES_HOST = "handed"


def addresses(host: str | None = "", **parts: object) -> list[str]:
    """Return an address of each route: those of the site, with "handed" those of the files host, with None all."""
    found = []
    for names, name, wanted in routes():
        if host is not None and (OF_FILES_HOST in names) != (host == OF_FILES_HOST):
            continue
        given = {part: {**PARTS, **parts}.get(part, ID) for part in wanted}
        try:
            found.append(reverse(":".join([*names, name]), kwargs=given))
        except NoReverseMatch as error:
            raise AssertionError(f"say in PARTS what {wanted} of {name} look like") from error
    return sorted(set(found))


def routes(
    resolver: URLResolver | None = None, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, list[str]]]:
    """Yield (namespaces, name, parts) of every route that has a name."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = (*names, one.namespace) if one.namespace else names
            for found, name, parts in routes(one, inner):
                yield found, name, [*one.pattern.regex.groupindex, *parts]
        elif isinstance(one, URLPattern) and one.name:
            yield names, one.name, list(one.pattern.regex.groupindex)
