"""Templates obey the content policy, and their words are the product's own."""

import ast
import re

import pytest

from tests.architecture import exceptions, sources

BANNED = re.compile(r"\b(failed|invalid|pending|submit|submitted|utili[sz]e\w*|click here|oops)\b", re.IGNORECASE)
TRANSLATE = re.compile(r"""{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"{%\s*blocktranslate.*?%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
#: Blocks whose content is a value of an attribute, not words.
VALUES = r"{%\s*block (density|theme_color|\w*_class|\w*_attributes)\s*%}.*?{%\s*endblock\s*%}"
BUTTON = re.compile(r"<button\b.*?</button>", re.DOTALL)


def pages():
    return {
        path: sources.without_comments(text) for path, text in sources.templates().items() if path.endswith(".html")
    }


def said(text):
    """Return the sentences a template says through translation."""
    return [one or two for one, two in TRANSLATE.findall(text)] + BLOCK.findall(text)


@pytest.mark.parametrize(
    "forbidden",
    [
        pytest.param(r"<style\b", id="style element"),
        pytest.param(r"\sstyle=", id="style attribute"),
        pytest.param(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", id="inline script"),
        pytest.param(r"\son[a-z]+\s*=\s*[\"']", id="event attribute"),
        pytest.param(r"\bhx-on\b", id="htmx event attribute"),
        pytest.param(r"javascript:", id="javascript address"),
        pytest.param(r"\|safe\b|{%\s*autoescape\s+off", id="unescaped text"),
    ],
)
def test_nothing_inline_and_nothing_unescaped(forbidden):
    found = [path for path, text in pages().items() if re.search(forbidden, text) and path not in exceptions.INLINE]
    assert found == []


def test_every_exception_is_still_needed():
    assert [path for path in exceptions.INLINE if path not in pages()] == []


def test_every_word_in_a_template_can_be_translated():
    bare = {path: left for path, text in pages().items() if (left := untranslated(text))}
    assert bare == {}


def untranslated(text):
    """Return the words of a template that stand outside translation: tags, variables and addresses taken away."""
    for pattern in (VALUES, BLOCK.pattern, r"{%.*?%}", r"{{.*?}}", r"<(script|style|code|kbd)\b.*?</\1>", r"<[^>]*>"):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return [word for word in re.findall(r"[A-Za-z]{3,}", re.sub(r"&\w+;", " ", text)) if word not in exceptions.NAMES]


def test_templates_do_not_say_banned_words():
    found = [(path, line) for path, text in pages().items() for line in said(text) if BANNED.search(line)]
    assert found == []


def test_buttons_do_not_beg():
    found = [
        (path, line)
        for path, text in pages().items()
        for button in BUTTON.findall(text)
        for line in said(button)
        if "please" in line.lower()
    ]
    assert found == []


def test_code_does_not_say_banned_words():
    found = [
        (source.path, node.lineno, text)
        for source in sources.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"_", "say", "count", "gettext", "gettext_lazy"}
        for text in [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if BANNED.search(text)
    ]
    assert found == []
