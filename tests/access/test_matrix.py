"""Every address × every person × every method, on things of one's own centre and of the other one.

A denial is 404 (not in your world) or 403 (not your act), leaves a denied row, and changes nothing else. A new address
gets its row in table.py and, where it names a new kind of thing, its id in things.py; nothing else.
"""

from dataclasses import dataclass
from itertools import product

import pytest
from django.db import connection, transaction
from django.urls import URLResolver, get_resolver, reverse

from common.ids import new_public_id
from tests.access.asking import NOISE, Asking
from tests.access.table import OF_A, OF_B, OUTSIDE, ROUTES
from tests.access.things import things_of
from tests.database import tables
from tests.factories.world import A, B, World, two_centres

UNSAFE = ("post", "put", "patch", "delete")
METHODS = ("get", "head", *UNSAFE)
DENIALS = {403, 404}
LOGIN = "/accounts/login/"


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


@dataclass(frozen=True)
class Made:
    """The world, the things of LA1 in A and of LB1 in B, and a way to ask as anybody in it."""

    world: World
    of_a: dict[str, str]
    of_b: dict[str, str]
    ask: Asking


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Made once, because whatever a test does is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = two_centres()
        things = things_of(world, "LA1", "AA1"), things_of(world, "LB1", "AB1")
        yield Made(world, *things, Asking(world.people))
        transaction.set_rollback(True)


@pytest.fixture
def world(made, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield made.world
        transaction.set_rollback(True)


@pytest.fixture
def both(world, made):
    return made


def address(name, centre, things):
    ids = {keyword: things[thing] for keyword, thing in ROUTES[name].ids.items()}
    return reverse(name, kwargs={"centre": centre, **ids})


def expected(name, who, method):
    """What the table says: 404, 403 or ok."""
    row = ROUTES[name]
    if who in row.hidden:
        return 404
    allowed = row.reads | row.acts if method in {"get", "head"} else row.acts
    return "ok" if who in allowed else 403


def check(answer, wanted, label):
    assert answer.status < 500, f"{label}: {answer.status}"
    assert not answer.location.startswith(LOGIN), f"{label}: asked to sign in"
    if wanted == "ok":
        assert answer.status not in DENIALS, f"{label}: {answer.status}"
        return
    if answer.status == 405:  # there is no such act for anybody
        return
    assert answer.status == wanted, f"{label}: {answer.status}, not {wanted}"
    assert answer.changed == frozenset(), f"{label}: something changed"
    assert answer.denied, f"{label}: no denied row"


def methods(name, both):
    """The methods an address has an act for, as it says itself to whoever may do most there, and those it has none for."""
    answer = both.ask(most_of(name), "put", address(name, A, both.of_a))
    assert answer.status == 405, f"{name}: nobody puts"
    has = [method for method in METHODS if method.upper() in answer.allow]
    return has, [method for method in METHODS if method not in has]


def most_of(name):
    """Who may do most at an address."""
    row = ROUTES[name]
    return min(row.acts or row.reads or {"AA1"})


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_own_centre(name, both):
    url, (has, has_not) = address(name, A, both.of_a), methods(name, both)
    assert has, f"{name} has an act for somebody"
    for who, method in product(OF_A, has):
        check(both.ask(who, method, url), expected(name, who, method), f"{name} {who} {method}")
    for who, method in product(OF_A[::9], has_not):  # a learner and the admin: what is not there is there for nobody
        assert both.ask(who, method, url).status in {405, expected(name, who, method)}, f"{name} {who} {method}"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_people_of_the_other_centre_see_nothing(name, both):
    """The walls stand before any view, whatever the method: a method without an act is asked for by one person."""
    url, (has, has_not) = address(name, A, both.of_a), methods(name, both)
    for who, method in (*product(OF_B, has), *product(OF_B[:1], has_not)):
        check(both.ask(who, method, url), 404, f"{name} {who} {method}")


GLOBAL = {"qualification", "catalogue_unit", "catalogue_criterion", "form"}


@pytest.mark.parametrize("name", sorted(n for n, r in ROUTES.items() if set(r.ids.values()) - GLOBAL))
def test_ids_of_the_other_centre_are_not_there(name, both):
    """G2: the right person, the right act, the id of somebody in B, or one of nobody: as if it did not exist."""
    row, (has, _has_not) = ROUTES[name], methods(name, both)
    unknown = dict.fromkeys(both.of_a, new_public_id())
    asked = [(both.of_b, sorted(row.reads | row.acts) or ["AA1"]), (unknown, [most_of(name)])]
    for thing in row.ids.values():
        for other, people in asked:
            url = address(name, A, {**both.of_a, thing: other[thing]})
            for who, method in product(people, has):
                check(both.ask(who, method, url), 404, f"{name} {who} {method} {thing}")


def test_foreign_and_unknown_look_the_same(both, as_client):
    """A22: body and headers of the two are equal but for what is random in each."""
    client = as_client("AA1")
    pages = []
    for evidence in (both.of_b["evidence"], new_public_id()):
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
def test_a_stranger_is_asked_to_sign_in(name, both):
    url = address(name, A, both.of_a)
    for method in METHODS:
        answer = both.ask("", method, url)
        assert answer.status == 302
        assert answer.location.startswith(LOGIN)
        assert answer.changed == frozenset()


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
    client = as_client("LA1", enforce_csrf_checks=True)
    before = tables.counts(connection)
    for name in ROUTES:
        answer = client.post(address(name, A, both.of_a), {"csrfmiddlewaretoken": "x" * 64})
        assert answer.status_code == 403, name
    after = tables.counts(connection)
    assert {name for name in before if before[name] != after[name]} <= NOISE


def test_what_asking_notes_is_what_was_written(both):
    """The table rests on it: an act that is allowed is seen to change its rows, and is taken back."""
    url = reverse("centre:end_access", kwargs={"centre": A, "person": both.of_a["person"]})
    before = tables.counts(connection)
    answer = both.ask("CA", "post", url)
    assert (answer.status, answer.changed) == (303, frozenset({"centres_membership"}))
    assert both.ask("CA", "post", url) == answer
    assert tables.counts(connection) == before
