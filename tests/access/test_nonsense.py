"""Nonsense to every address that takes a post, by whoever may: never a fault, and no sign gets in that no table keeps."""

import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.access.asking import _end
from tests.access.forms import forms_on
from tests.access.table import OF_A, ROUTES
from tests.access.test_matrix import address, check, expected, made, world  # noqa: F401 - fixtures
from tests.factories.world import A

pytestmark = pytest.mark.django_db

#: Who posts: whoever acts; where nobody but somebody's countersigner does, that one.
ACTORS = {name: next((who for who in OF_A if who in row.acts), "") for name, row in ROUTES.items()}
POSTED = sorted(name for name, who in ACTORS.items() if who)
#: Texts that a form may bring and that no column, rule or pattern was made for.
ODD = (
    "",
    " ",
    "0",
    "-1",
    "١",
    "１",
    "²",
    "99999999999",
    "9" * 400,
    "1e999",
    "NaN",
    "Infinity",
    "null",
    "true",
    "[]",
    "{}",
    "[" * 3000,
    "2026-02-30",
    "٢٠٢٦-٠١-٠١",
    "0000-00-00",
    "99999-01-01",
    "0" * 26,
    "0" * 26 + " " + "0" * 26,
    ":",
    "a:b:c",
    "%s %(x)s {0}",
    "' OR 1=1 --",
    "\\",
    "../../etc/passwd",
    "🧾" * 200,
    "\ufffd\u202e\u0085\u2028",
    "x" * 70_000,  # more than any field takes
)
#: Addresses that take JSON; the others see an empty form.
TAKES_JSON = ("learner:autosave", "assessor:feedback_draft")
BODIES = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"[]",
    b"null",
    b"7",
    b'"text"',
    b"{",
    b"[" * 100_000,
    b'{"revision": 1, "fields": ' + b"[" * 50_000,
    b'{"revision": 1e999, "fields": {}}',
    b'{"revision": NaN, "fields": {}}',
    b'{"revision": ' + b"9" * 4000 + b', "fields": {}}',
    b'{"revision": 99999999999, "fields": {}}',
    b'{"revision": true, "fields": {}}',
    b'{"revision": "1", "fields": {}}',
    b'{"revision": 1, "revision": 2, "fields": {}}',
    b'{"revision": 1, "fields": {"title": ["x"], "kind": {}, "description": 7}}',
    b'{"revision": 1, "fields": {"title": "a\\u0000b"}, "feedback": "a\\u0000b"}',
    b'{"revision": 1, "fields": {"title": "\\ud800"}, "feedback": "\\ud800"}',
    json.dumps({"revision": 1, "fields": {"title": "x" * 300_000}}).encode(),
)
FEW = settings(max_examples=2, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


#: Addresses of a learner's own piece, which is a draft there.
OF_A_DRAFT = {"evidence", "autosave", "shows", "send", "withdraw", "upload", "status"}


@pytest.fixture(scope="module")
def site(made, django_db_blocker):  # noqa: F811 - the fixture
    """{route: (its address, {name: value} of its form)}: of every form on every page that anybody of A reads."""
    from django.test import Client

    from tests.factories import portfolio as make
    from tests.fixtures import BACKEND

    here, of_a, found = made.world, made.of_a, {}
    with django_db_blocker.unblock():
        draft = make.draft(here).public_id
        of_a_draft = {**of_a, "evidence": draft}
        urls = {name: address(name, A, of_a_draft if name.partition(":")[2] in OF_A_DRAFT else of_a) for name in ROUTES}
        for who in ("LA1", "AA1", "CA", "QA"):
            client = Client()
            client.force_login(here.people[who], backend=BACKEND)
            for name, page in urls.items():
                if expected(name, who, "get") != "ok":
                    continue
                with transaction.atomic():
                    answer = client.get(page)
                    if answer.status_code == 200 and "html" in answer["Content-Type"]:
                        for target, names in forms_on(page, answer.content.decode()).items():
                            found.setdefault(target, {}).update(names)
                    _end(answer)
                    transaction.set_rollback(True)
    everything = {name: value for names in found.values() for name, value in names.items()}
    return {name: (url, found.get(url) or everything) for name, url in urls.items()}


def post(client, url, data, **how):
    """Send a form or a body; take back whatever it changed."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer = client.post(url, data, **how)
        if answer.streaming:
            b"".join(answer.streaming_content)
        _end(answer)
        transaction.set_rollback(True)
    return answer


def test_the_forms_of_the_pages_are_found(site):
    for name, field in {
        "assessor:decide": "feedback",
        "learner:send": "activity_date",
        "centre:register": "uln",
    }.items():
        assert field in site[name][1]
    assert any(name.startswith("verdict-") for name in site["assessor:decide"][1])


@pytest.mark.parametrize("name", POSTED)
def test_a_form_of_nonsense_is_no_fault(name, world, site, as_client):  # noqa: F811 - the fixture
    url, usual = site[name]
    client = as_client(ACTORS[name])

    @FEW
    @given(some.dictionaries(some.sampled_from(sorted(usual)), some.sampled_from(ODD), min_size=1), some.booleans())
    def every(odd, bare):
        assert post(client, url, odd if bare else {**usual, **odd}).status_code < 500, odd

    every()
    free = sorted(set(usual) - {"action", "csrfmiddlewaretoken", "way", "form"})
    for shift in (0, 1):  # every field gets something odd at once, each another thing each time
        data = {**usual, **{name: ODD[(at * 2 + shift) % len(ODD)] for at, name in enumerate(free)}}
        assert post(client, url, data).status_code < 500, data


@pytest.mark.parametrize("name", POSTED)
def test_a_real_form_in_other_hands_changes_no_row(name, world, site, made):  # noqa: F811 - the fixture
    url, usual = site[name]
    for who in OF_A:
        wanted = expected(name, who, "post")
        if wanted != "ok":
            check(made.ask(who, "post", url, usual), wanted, f"{name} {who}")


@pytest.mark.parametrize("name", POSTED)
def test_what_no_table_keeps_is_refused_at_the_door(name, world, site, as_client):  # noqa: F811 - the fixture
    (url, usual), client = site[name], as_client(ACTORS[name])
    assert post(client, url, {**usual, "anything": "what\x00ever"}).status_code == 422
    assert post(client, f"{url}?q=%00", usual).status_code == 400


@pytest.mark.parametrize("name", TAKES_JSON)
def test_a_body_of_nonsense_is_refused_in_words(name, world, site, as_client):  # noqa: F811 - the fixture
    (url, _usual), client = site[name], as_client(ACTORS[name])
    for body in BODIES:
        answer = post(client, url, body, content_type="application/json")
        assert answer.status_code in {200, 400, 409}, body[:60]
        assert answer.status_code != 400 or answer.json()["sentence"].startswith("This could not be read")


ODD_IN_ADDRESS = ("١", "9" * 400, "a:b:c", "-1", "")
ASKED = ("q", "page", "v", "t", "file", "tab", "find", "unit", "thing", "cell", "criterion", "group", "show", "units")


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_nonsense_in_an_address_is_no_fault(name, world, site, as_client):  # noqa: F811 - the fixture
    (url, _usual), client = site[name], as_client(next(iter(sorted(ROUTES[name].reads)), "CA"))
    client.raise_request_exception = False
    for shift in (0, 1):
        asked = {thing: ODD_IN_ADDRESS[(at + shift) % len(ODD_IN_ADDRESS)] for at, thing in enumerate(ASKED)}
        with transaction.atomic():
            answer = client.get(url, asked)
            _end(answer)
            transaction.set_rollback(True)
        assert answer.status_code < 500, asked
