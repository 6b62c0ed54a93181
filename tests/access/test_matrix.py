"""Every address × every person × every method, on things of one's own centre and of the other one.

A denial is 404 (not in your world) or 403 (not your act), leaves a denied row, and changes nothing else.
"""

import pytest
from django.apps import apps
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.urls import URLResolver, get_resolver, reverse

from audit.models import Event
from common.ids import new_public_id
from tests.access.table import OF_A, OF_B, OUTSIDE, ROUTES
from tests.access.things import things_of
from tests.factories.world import A, B, two_centres

UNSAFE = ("post", "put", "patch", "delete")
METHODS = ("get", "head", *UNSAFE)
DENIALS = {403, 404}
#: What may change though nothing was allowed: the row that says so, and the session of whoever asks.
NOISE = {"audit_event", "django_session", "usersessions_usersession"}


def names(resolver=None, prefix=""):
    """Every name in the URLconf, with its namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name:
            yield f"{prefix}{entry.name}"


def test_every_address_is_in_the_table():
    library = {n for n in names() if n.startswith(("account_", "mfa_", "usersessions_", "allauth"))}
    known = set(ROUTES) | set(OUTSIDE) | library
    assert set(names()) - known == set()
    assert (set(ROUTES) | set(OUTSIDE)) - set(names()) == set()


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The world with things of LA1 in A and of LB1 in B: made once, because whatever a test does is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = two_centres()
        yield world, (things_of(world, "LA1", "AA1"), things_of(world, "LB1", "AB1"))
        transaction.set_rollback(True)


@pytest.fixture
def world(made, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield made[0]
        transaction.set_rollback(True)


@pytest.fixture
def both(world, made):
    return made[1]


def fingerprint():
    """The number of rows of every table, in one query."""
    tables = sorted({m._meta.db_table for m in apps.get_models(include_auto_created=True)} - NOISE)
    sql = " UNION ALL ".join(f"SELECT '{t}', COUNT(*) FROM \"{t}\"" for t in tables)  # noqa: S608 - names of our tables
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return dict(cursor.fetchall())


def address(name, centre, things):
    ids = {keyword: things[thing] for keyword, thing in ROUTES[name].ids.items()}
    return reverse(name, kwargs={"centre": centre, **ids})


def ask(client, method, url):
    """Send a request and take back whatever it changed."""
    with transaction.atomic():
        answer = getattr(client, method)(url)
        if answer.streaming:
            b"".join(answer.streaming_content)
        _end(answer)
        before = answer.status_code
        after = fingerprint() if before in DENIALS else None
        denied = Event.objects.filter(outcome="denied").count()
        transaction.set_rollback(True)
    return before, after, denied


def _end(answer):
    """Close what the answer holds open; the test's own connection stays."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)


def expected(name, who, method):
    """What the table says: 404, 403 or ok."""
    row = ROUTES[name]
    if who in row.hidden:
        return 404
    allowed = row.reads | row.acts if method in {"get", "head"} else row.acts
    return "ok" if who in allowed else 403


def check(answer, wanted, untouched, label):
    status, after, denied = answer
    assert status < 500, f"{label}: {status}"
    if wanted == "ok":
        assert status not in DENIALS, f"{label}: {status}"
        return
    if status == 405:  # there is no such act for anybody
        return
    assert status == wanted, f"{label}: {status}, not {wanted}"
    assert after == untouched, f"{label}: something changed"
    assert denied, f"{label}: no denied row"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_own_centre(name, both, as_client):
    of_a, _of_b = both
    url, untouched = address(name, A, of_a), fingerprint()
    for who in OF_A:
        client = as_client(who)
        for method in METHODS:
            check(ask(client, method, url), expected(name, who, method), untouched, f"{name} {who} {method}")


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_people_of_the_other_centre_see_nothing(name, both, as_client):
    url, untouched = address(name, A, both[0]), fingerprint()
    for who in OF_B:
        client = as_client(who)
        for method in METHODS:
            check(ask(client, method, url), 404, untouched, f"{name} {who} {method}")


GLOBAL = {"qualification", "catalogue_unit", "catalogue_criterion", "form"}


@pytest.mark.parametrize("name", sorted(n for n, r in ROUTES.items() if set(r.ids.values()) - GLOBAL))
def test_ids_of_the_other_centre_are_not_there(name, both, as_client):
    """G2: the right person, the right act, the id of somebody in B: as if it did not exist."""
    of_a, of_b = both
    row, untouched = ROUTES[name], fingerprint()
    unknown = dict.fromkeys(of_a, new_public_id())
    for who in sorted(row.reads | row.acts) or ["AA1"]:
        client = as_client(who)
        for method in METHODS:
            for keyword, thing in row.ids.items():
                for other in (of_b, unknown):
                    url = address(name, A, {**of_a, thing: other[thing]})
                    check(ask(client, method, url), 404, untouched, f"{name} {who} {method} {keyword}")


def test_foreign_and_unknown_look_the_same(both, as_client):
    """A22: body and headers of the two are equal but for what is random in each."""
    client = as_client("AA1")
    pages = []
    for evidence in (both[1]["evidence"], new_public_id()):
        answer = client.get(reverse("assessor:assess", kwargs={"centre": A, "evidence": evidence}))
        headers = {k: v for k, v in answer.headers.items() if k not in {"X-Request-ID", "Content-Length"}}
        body = answer.content.decode().replace(evidence, "ID")
        pages.append((answer.status_code, headers, body))
    assert pages[0] == pages[1]


def test_a_centre_that_is_not_there_looks_like_one_that_is_not_yours(world, as_client):
    client = as_client("AA1")
    answers = [client.get(f"/c/{number}/assess/") for number in (B, "99999", "nothing")]
    assert [a.status_code for a in answers] == [404] * 3
    assert len({a.content for a in answers}) == 1


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_stranger_is_asked_to_sign_in(name, both, client):
    url = address(name, A, both[0])
    for method in METHODS:
        answer = getattr(client, method)(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_access_that_ended_ends_at_the_next_click(world, as_client):
    """C07, C08: the session lives, the role does not."""
    from centres.models import Membership

    client = as_client("AA1")
    assert client.get(f"/c/{A}/assess/").status_code == 200
    yesterday = world.today.replace(year=world.today.year - 1)
    rows = Membership.objects.across_centres(reason="a test").filter(person=world.people["AA1"])
    rows.update(starts_on=yesterday, ends_on=yesterday)
    assert client.get(f"/c/{A}/assess/").status_code == 404
    people = type(world.people["AA1"]).objects.filter(pk=world.people["AA1"].pk)
    people.update(is_active=False)
    assert client.get(f"/c/{A}/assess/").status_code == 302
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("header", ["HTTP_X_CENTRE", "HTTP_X_FORWARDED_USER", "HTTP_X_ACCEL_REDIRECT"])
def test_headers_of_the_client_give_no_rights(world, as_client, header):
    """A20."""
    client = as_client("AA1")
    assert client.get(f"/c/{B}/assess/", **{header: B}).status_code == 404


def test_a_form_without_our_token_is_refused(both, as_client):
    """F01: every unsafe route, with a foreign token or none."""
    things = both[0]
    client = as_client("LA1", enforce_csrf_checks=True)
    untouched = fingerprint()
    for name in ROUTES:
        answer = client.post(address(name, A, things), {"csrfmiddlewaretoken": "x" * 64})
        assert answer.status_code == 403, name
    assert fingerprint() == untouched
