"""Short functions, short files, short templates (docs/architecture.md, Style)."""

import statistics

from tests.architecture import exceptions, sources

FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MAX = 8, 25, 60
FILE_MAX = 400
TEMPLATE_MEDIAN, TEMPLATE_MAX = 25, 150
#: Characters of a line of a template, and the share of lines that may have more: one long sentence, one long address.
TEMPLATE_WIDTH, TEMPLATE_WIDE = 120, 0.03


def function_lengths():
    return {
        f"{source.path}:{node.name}": node.end_lineno - node.lineno + 1
        for source in sources.product()
        for node in source.functions()
    }


def over(lengths, limit, allowed):
    """Return what is longer than the limit or than what its exception allows."""
    return {name: n for name, n in lengths.items() if n > allowed.get(name, (limit, ""))[0]}


def idle(lengths, limit, allowed):
    """Return exceptions that nothing needs any more."""
    return [name for name in allowed if lengths.get(name, 0) <= limit]


def test_functions_are_short_on_the_whole():
    lengths = sorted(function_lengths().values())
    assert statistics.median(lengths) <= FUNCTION_MEDIAN
    assert lengths[int(len(lengths) * 0.9)] <= FUNCTION_P90


def test_no_function_is_long():
    lengths = function_lengths()
    assert over(lengths, FUNCTION_MAX, exceptions.LONG_FUNCTIONS) == {}
    assert idle(lengths, FUNCTION_MAX, exceptions.LONG_FUNCTIONS) == []


def test_no_file_is_long():
    files = (*sources.product(), *sources.tests())
    lengths = {source.path: len(source.lines) for source in files}
    assert over(lengths, FILE_MAX, exceptions.LONG_FILES) == {}
    assert idle(lengths, FILE_MAX, exceptions.LONG_FILES) == []


def test_templates_are_short():
    lengths = {path: len(text.splitlines()) for path, text in sources.templates().items()}
    assert over(lengths, TEMPLATE_MAX, exceptions.LONG_TEMPLATES) == {}
    assert idle(lengths, TEMPLATE_MAX, exceptions.LONG_TEMPLATES) == []
    assert statistics.median(lengths.values()) <= TEMPLATE_MEDIAN


def test_lines_of_templates_are_read_without_scrolling():
    texts = {path: text for path, text in sources.templates().items() if path.endswith(".html")}
    lines = [line for text in texts.values() for line in text.splitlines()]
    wide = [line for line in lines if len(line) > TEMPLATE_WIDTH]
    assert len(wide) <= TEMPLATE_WIDE * len(lines), f"{len(wide)} of {len(lines)}"


def test_every_exception_has_a_reason():
    reasons = [
        *(reason for table in (exceptions.LONG_FUNCTIONS, exceptions.LONG_FILES) for _, reason in table.values()),
        *(reason for _, reason in exceptions.LONG_TEMPLATES.values()),
        *exceptions.SIGNALS.values(),
        *exceptions.INLINE.values(),
        *exceptions.SCREENS_ASKING.values(),
    ]
    assert [reason for reason in reasons if len(reason.split()) < 3] == []
