"""The reader of pages sees what people could not read: at the width, in the colours and for the reason it is there."""

import pytest

from tests.reading import faults

PAGE = """<!doctype html><html lang="en"><head><title>A page</title><meta name="color-scheme" content="light dark">
<style>{style}</style></head><body><main><h1>A page</h1>{body}</main></body></html>"""


@pytest.fixture
def shown(open_page):
    page = open_page()

    def show(body="<p>Words.</p>", style=""):
        page.set_content(PAGE.format(body=body, style=style))
        return {(scheme, width, what) for _url, scheme, width, what, *_where in faults(page)}

    return show


def test_a_page_that_everybody_can_read_has_no_faults(shown):
    assert shown() == set()


def test_a_picture_without_words_is_found_at_both_layouts(shown):
    assert shown("<img src='data:,'>") == {("light", "320", "image-alt"), ("light", "1440", "image-alt")}


def test_pale_words_are_found_in_the_scheme_they_are_pale_in(shown):
    pale = "p { color: #999; background: #888 }"
    dark = f"@media (prefers-color-scheme: dark) {{ {pale} }}"
    assert shown(style=dark) == {("dark", "390", "color-contrast")}


def test_what_is_wide_is_found_where_it_does_not_fit(shown):
    wide = shown("<div style='width: 350px'>Wide</div>")
    assert wide == {("light", "320", "scrolls sideways")}


def test_another_page_in_the_same_tab_is_read_again(shown):
    assert shown("<img src='data:,'>") != set()
    assert shown() == set()
