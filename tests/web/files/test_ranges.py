"""Which part of a file a Range header asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.files.ranges import NotThere, Part, part_asked

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, 999),
        ("bytes=500-", 500, 999),
        ("bytes=10-19", 10, 19),
        ("bytes=990-5000", 990, 999),
        ("bytes=-1", 999, 999),
        ("bytes=-1000", 0, 999),
        ("bytes=-5000", 0, 999),
        (" bytes=1-2 ", 1, 2),
    ],
)
def test_one_range_is_a_part(header, start, end):
    part = part_asked(header, SIZE)
    assert part == Part(start, end, SIZE)
    assert part.length == end - start + 1
    assert part.content_range == f"bytes {start}-{end}/1000"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "items=0-1",
        "bytes 0-1",
        "bytes=5-2",
        "bytes=0x1-2",
        "bytes=²-3",
        "bytes=" + "9" * 400 + "-",
    ],
)
def test_everything_odd_gets_the_whole(header):
    assert part_asked(header, SIZE) is None


@pytest.mark.parametrize(
    ("header", "size"),
    [("bytes=1000-", SIZE), ("bytes=5000-6000", SIZE), ("bytes=-0", SIZE), ("bytes=0-", 0), ("bytes=-5", 0)],
)
def test_behind_the_end_there_is_nothing(header, size):
    with pytest.raises(NotThere):
        part_asked(header, size)


@given(st.text(max_size=40), st.integers(0, 10**13))
def test_no_header_leads_outside_the_file(header, size):
    for asked in (header, f"bytes={header}"):
        try:
            part = part_asked(asked, size)
        except NotThere:
            continue
        assert part is None or 0 <= part.start <= part.end < size
