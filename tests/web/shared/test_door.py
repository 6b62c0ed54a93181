"""The door: what no database keeps is refused with a sentence before anything is looked up; what was typed is shown."""

import io
import json

import pytest
from django.test import RequestFactory
from django.urls import reverse

from config.wsgi import application
from portfolio.models import Evidence
from tests.assessments.conftest import mappings_of, open_it, sender
from tests.factories import portfolio as make
from tests.factories.world import A
from web.shared.http import DEEPEST, Unreadable, number_of, object_of, read_json
from web.shared.numbers import WholeNumberField

FORM = "application/x-www-form-urlencoded"
LONG = "What happened that day, in my own words."


def sent(body, content_type="application/json"):
    return RequestFactory().post("/", body, content_type=content_type)


# --- addresses and headers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["%00", "q=%00", "q=a%00b", "%00=1", "q=%ff", "q=%ed%a0%80", "q=\x00"])
def test_an_address_that_no_table_could_be_asked_with_is_refused(client, db, asked):
    answer = client.get("/accounts/login/", QUERY_STRING=asked)
    assert answer.status_code == 400
    assert "did not arrive whole" in answer.content.decode()


@pytest.mark.parametrize("asked", ["", "q=", "q=%C3%A9", "q=%F0%9F%A7%BE", "q=100%", "q=%zz", "next=/c/10001/"])
def test_an_address_that_is_text_is_not(client, db, asked):
    assert client.get("/accounts/login/", QUERY_STRING=asked).status_code == 200


@pytest.mark.parametrize("charset", ["base64", "utf-16", "unicode_escape", "punycode", "rot13", "latin-1", "\x00", "é"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_charset_is_refused(db, charset, method):
    """The library would read the address with it while it makes the request, where nothing catches what that raises."""
    kind = f"text/plain; charset={charset}"
    environ = RequestFactory().generic(method, "/accounts/login/?q=%5Cud800", "a=1").environ
    said: list[str] = []
    body = application({**environ, "CONTENT_TYPE": kind}, lambda status, _headers, _exc=None: said.append(status))
    assert said[0].startswith("400 ")
    assert "did not arrive whole" in b"".join(body).decode()


def test_a_cookie_that_spells_a_nul_is_refused(client, db):
    """A quoted cookie may: the session would be looked up with it."""
    assert client.get("/accounts/login/", HTTP_COOKIE='attest="aaaaaaaaaaaa\\000"').status_code == 400


def test_the_site_stands_where_it_stands(client, db):
    answer = client.get("/", SCRIPT_NAME="/evil", HTTP_SCRIPT_NAME="/evil")
    assert "/evil" not in answer.headers.get("Location", "")


# --- forms --------------------------------------------------------------------------------------------------------


def test_what_was_typed_is_given_back_without_the_sign_and_without_secrets(world, as_client):
    piece = make.draft(world)
    url = reverse("learner:send", args=[A, piece.public_id])
    typed = {"description": f"{LONG}\x00", "password": "Top secret", "setting": "real_work", "people": "<b>Zoë</b>"}
    answer = as_client("LA1").post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert f">{LONG}</textarea>" in page
    assert "&lt;b&gt;Zoë&lt;/b&gt;" in page
    assert "Top secret" not in page
    assert "real_work" not in page
    before = piece.description
    piece.refresh_from_db()
    assert piece.description == before


def test_a_script_gets_the_sentence(world, as_client):
    url = reverse("learner:send", args=[A, make.draft(world).public_id])
    for header in ("HTTP_HX_REQUEST", "HTTP_X_REQUESTED_WITH"):
        answer = as_client("LA1").post(url, {"description": "\x00"}, **{header: "true"})
        assert answer.status_code == 400
        assert answer.json() == {"sentence": "There is a sign in this that cannot be kept."}


def test_a_form_in_parts_is_looked_at_too(world, as_client):
    url = reverse("learner:add", args=[A])
    before = Evidence.objects.for_centre(world.actor("LA1").centre_id).count()
    answer = as_client("LA1").post(url, {"title": "a\x00b", "files": io.BytesIO(b"\x00\xff")})
    assert answer.status_code == 422
    assert Evidence.objects.for_centre(world.actor("LA1").centre_id).count() == before


def test_the_bytes_of_a_file_are_nobodys_text(world, as_client):
    url = reverse("learner:add", args=[A])
    assert as_client("LA1").post(url, {"title": "ab", "files": io.BytesIO(b"\x00\xff")}).status_code == 303


def test_a_form_to_a_thing_of_somebody_else_is_not_there_whatever_it_holds(world, as_client):
    url = reverse("learner:send", args=[A, make.draft(world).public_id])
    assert as_client("LA2").post(url, {"description": "\x00"}).status_code in {404, 422}
    assert as_client("LB1").post(url, {"description": "\x00"}).status_code == 404


def test_strange_signs_that_can_be_kept_are_kept(world, as_client):
    piece = make.draft(world)
    text = "\ufffd\u202e\u0085 ١٢٣ 🧾 Ł̂"
    data = {"title": "A", "description": text, "revision": piece.revision, "action": "stay"}
    assert as_client("LA1").post(reverse("learner:evidence", args=[A, piece.public_id]), data).status_code == 303
    piece.refresh_from_db()
    assert piece.description == text


# --- the cases that were found ------------------------------------------------------------------------------------


def test_nul_in_the_reason_of_a_verdict(world, as_client):
    piece = sender(world)("LA1", numbers=["4.1"])
    open_it(world, piece, "AA1")
    mapping = mappings_of(piece)[0]
    data = {
        "version": 1,
        f"verdict-{mapping.public_id}": "not_yet",
        f"round-{mapping.public_id}": mapping.round,
        f"reason-{mapping.public_id}": "what\x00ever",
        "feedback": "Please show more.",
    }
    answer = as_client("AA1").post(reverse("assessor:decide", args=[A, piece.public_id]), data)
    assert answer.status_code == 422
    assert "Please show more.</textarea>" in answer.content.decode()


@pytest.mark.parametrize("number", ["99999999999", "9" * 500, "١", "-1", "1.0", "x", ""])
def test_a_version_that_no_column_holds(world, as_client, number):
    piece = sender(world)("LA1", numbers=["4.1"])
    open_it(world, piece, "AA1")
    data = {"version": number, "feedback": "Please show more."}
    answer = as_client("AA1").post(reverse("assessor:decide", args=[A, piece.public_id]), data)
    assert answer.status_code == 422
    assert "Please show more.</textarea>" in answer.content.decode()


def test_days_are_written_in_our_digits(world, as_client):
    piece = make.draft(world)
    data = {"activity_date": "٢٠٢٦-٠١-٠١", "description": LONG, "revision": piece.revision}
    answer = as_client("LA1").post(reverse("learner:send", args=[A, piece.public_id]), data)
    assert answer.status_code == 422
    assert "This is not a day." in answer.content.decode()
    assert LONG in answer.content.decode()


# --- JSON ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "7",
        "null",
        "{",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": -1e999}',
        '{"a": 9223372036854775808}',
        '{"a": -9223372036854775808}',
        '{"a": 1' + "0" * 5000 + "}",
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 1}}',
        '{"a": "\\u0000"}',
        '{"\\u0000": 1}',
        '{"a": ["\\ud800"]}',
        '{"a": ' + "[" * DEEPEST + "]" * DEEPEST + "}",
        "[" * 100_000,
        '{"a": ' + '{"a":' * 50_000,
        b'{"a": "\xff"}',
        b"\xff\xfe{\x00}\x00",
    ],
)
def test_json_that_nobody_can_read_is_refused(body):
    with pytest.raises(Unreadable):
        read_json(sent(body), 1_000_000)


def test_json_is_read_up_to_its_limit():
    body = json.dumps({"a": "é" * 10}, ensure_ascii=False).encode()
    assert read_json(sent(body), len(body)) == {"a": "é" * 10}
    with pytest.raises(Unreadable):
        read_json(sent(body), len(body) - 1)


def test_json_keeps_what_a_table_keeps():
    given = {"a": 9223372036854775807, "b": -9223372036854775807, "c": [1.5, True, None, {"d": "🧾"}]}
    assert read_json(sent(json.dumps(given)), 1000) == given
    nested = '{"a": ' + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1) + "}"
    assert "a" in read_json(sent(nested), 1000)


def test_a_form_where_json_belongs_is_refused():
    with pytest.raises(Unreadable):
        read_json(sent("a=1", FORM), 1000)


@pytest.mark.parametrize("value", [True, "1", 1.0, -1, 2147483648, None, [1]])
def test_a_number_of_the_wrong_kind_is_refused(value):
    with pytest.raises(Unreadable):
        number_of({"n": value}, "n")


def test_a_number_and_an_object_are_returned():
    assert number_of({"n": 2147483647}, "n") == 2147483647
    assert object_of({"o": {}}, "o") == {}
    for value in ([], "x", None):
        with pytest.raises(Unreadable):
            object_of({"o": value}, "o")
    with pytest.raises(Unreadable):
        object_of({}, "o")


def test_autosaving_something_that_is_no_text_says_so_and_keeps_the_rest(world, as_client):
    piece = make.draft(world)
    url = reverse("learner:autosave", args=[A, piece.public_id])
    fields = {"title": ["x"], "description": LONG, "kind": {"a": 1}}
    body = json.dumps({"revision": piece.revision, "fields": fields})
    answer = as_client("LA1").post(url, body, content_type="application/json")
    assert answer.status_code == 200
    assert set(answer.json()["errors"]) == {"title", "kind"}
    piece.refresh_from_db()
    assert piece.description == LONG
    assert "[" not in piece.title


# --- numbers in forms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), (" 7 ", 7), ("2147483647", 2147483647), ("", None), (None, None), (7, 7)]
)
def test_a_form_reads_whole_numbers(text, number):
    assert WholeNumberField(required=False).clean(text) == number


@pytest.mark.parametrize("text", ["١", "１", "²", "-1", "+1", "1.0", "1e3", "x", "2147483648", "9" * 500])
def test_a_form_refuses_what_is_none(text):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        WholeNumberField().clean(text)
