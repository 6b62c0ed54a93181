"""Every form that changes something says who sent it once, and from which state it was made (docs/core-loop.md)."""

import ast
import re
from html.parser import HTMLParser

from tests.architecture import exceptions, sources
from web.shared.kept import BEGINNINGS, LABELS

FORM = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", re.DOTALL)
INCLUDE = re.compile(r"{%\s*include\s+\"([^\"]+)\"")
STATE = re.compile(r"{%\s*seen\s|name=\"(?:revision|round-)")
KEY = re.compile(r"name=\"(?:idempotency_key)\"")


def templates():
    return {
        path: sources.without_comments(text) for path, text in sources.templates().items() if path.endswith(".html")
    }


def whole(text, known, deep=4):
    """Return a template with what it includes."""
    if not deep:
        return text
    parts = [known.get(f"templates/{name}", "") for name in INCLUDE.findall(text)]
    return text + "".join(whole(part, known, deep - 1) for part in parts)


def forms():
    known = templates()
    return [(path, whole(form, known)) for path, text in known.items() for form in FORM.findall(text)]


def test_the_forms_are_found():
    assert len(forms()) > 60


def test_a_form_names_the_state_it_was_made_from_or_its_reason_stands_in_the_table():
    silent = {path for path, form in forms() if not STATE.search(form)}
    assert silent - set(exceptions.FORMS_WITHOUT_STATE) == set()


def test_every_exception_is_still_needed():
    silent = {path for path, form in forms() if not STATE.search(form)}
    assert set(exceptions.FORMS_WITHOUT_STATE) - silent == set()


def test_the_state_comes_from_one_helper():
    own = [path for path, text in templates().items() if re.search(r"name=\"seen\"", text)]
    assert own == []


def test_a_form_inside_a_centre_carries_a_key():
    inside = [(path, form) for path, form in forms() if re.match(r"templates/(web_(?!account)|components/)", path)]
    bare = {path for path, form in inside if not KEY.search(form)}
    notes = {"templates/web_assessor/_stage.html", "templates/web_learner/feedback_item.html"}
    assert bare == {"templates/components/person_menu.html", "templates/web_learner/_view.html", *notes}


def decorators(function):
    return [ast.unparse(one) for one in function.decorator_list]


def posting():
    """Every view that takes a post, with its decorators."""
    for source in sources.product():
        if source.path.startswith("web/"):
            for function in source.functions():
                found = decorators(function)
                if any(one.endswith("require_POST") or '"POST"' in one.replace("'", '"') for one in found):
                    yield f"{source.path}:{function.name}", found


def test_a_view_that_takes_a_post_takes_it_once_or_its_reason_stands_in_the_table():
    more = {view for view, found in posting() if "once" not in found}
    assert more == set(exceptions.POSTS_MORE_THAN_ONCE)


def test_success_is_said_in_one_way():
    """`done` uses the key up; a message and a redirect beside it would leave a form that can be sent again."""
    own = [
        source.path
        for source in sources.product()
        if source.path.startswith(("web/learner/", "web/assessor/", "web/centre/"))
        and "messages.success(" in source.text
    ]
    assert own == []


class _Fields(HTMLParser):
    """Names of the fields in which people type."""

    TYPED = frozenset({"text", "date", "email", "search", "number", "url", "tel", "time"})

    def __init__(self):
        super().__init__()
        self.names = set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        typed = tag == "textarea" or (tag == "input" and given.get("type", "text") in self.TYPED)
        if typed and given.get("name"):
            self.names.add(given["name"])


def typed_names(page):
    found = _Fields()
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", page, re.DOTALL):
        found.feed(form)
    return found.names


def has_a_label(name):
    return name in LABELS or any(name.startswith(start) for start in BEGINNINGS)
