"""The matrix as facts: columns over everything, rows by the page."""

import pytest

from assessments.queries.matrix import MOST_CELLS, matrix, rows_a_page
from tests.factories import portfolio as made
from tests.web.assessor.conftest import judged


def of(world, number=1):
    return matrix(world.actor("AA1"), world.unit("LA1", made.UNIT), number)


def column(found, number):
    return next(c for c in found.columns if c.number == number)


@pytest.mark.parametrize("columns", [1, 20, 41, 100, 2500, 4000])
def test_a_page_never_has_more_than_2500_cells(columns):
    assert rows_a_page(columns) >= 1
    assert rows_a_page(columns) == 1 or rows_a_page(columns) * columns <= MOST_CELLS


def test_columns_count_what_met_them_and_know_gaps(world):
    judged(world, made.sent(world, numbers=("1.1", "1.2")), not_yet=(1,))
    judged(world, made.sent(world, numbers=("1.1",)))
    made.sent(world, numbers=("1.3",))
    found = of(world)
    assert (column(found, "1.1").met, column(found, "1.1").gap, column(found, "1.1").status) == (2, False, "met")
    assert (column(found, "1.2").met, column(found, "1.2").gap, column(found, "1.2").status) == (0, True, "notyet")
    assert (column(found, "1.3").gap, column(found, "1.3").status) == (False, "sent")
    assert (column(found, "1.4").gap, column(found, "1.4").status) == (True, "todo")
    assert found.met == 1
    assert len(found.gaps) == 18
    assert [o.columns for o in found.outcomes] == [6, 4, 2, 6, 2]
    assert [c.number for c in found.columns if c.first_of_outcome] == ["1.1", "2.1", "3.1", "4.1", "5.1"]


def test_what_was_never_sent_or_is_sent_back_shows_as_it_is(world):
    piece = made.draft(world)
    made.choose(world, piece)
    assert of(world).rows == ()
    judged(world, made.sent(world, numbers=("1.5",)), not_yet=(0,))
    assert column(of(world), "1.5").status == "back"


def test_the_next_gap_comes_after_this_one_and_starts_again(world):
    found = of(world)
    first, second, *_middle, last = found.gaps
    assert found.next_gap("") == first
    assert found.next_gap(first.public_id) == second
    assert found.next_gap(last.public_id) == first


def test_without_gaps_there_is_no_next_one(world):
    numbers = tuple(c.number for c in of(world).columns)
    made.sent(world, numbers=numbers)
    assert of(world).next_gap("") is None


def test_older_evidence_is_paged_away_and_still_counts(world, monkeypatch):
    monkeypatch.setattr("assessments.queries.matrix.MOST_ROWS", 2)
    for n in range(3):
        made.sent(world, title=f"Piece {n}", numbers=("1.1",))
    first, second = of(world), of(world, 2)
    assert [row.title for row in first.rows] == ["Piece 2", "Piece 1"]
    assert [row.title for row in second.rows] == ["Piece 0"]
    assert len(column(first, "1.1").cells) == len(column(second, "1.1").cells) == 3
    hidden = column(first, "1.1").cells[-1]
    assert first.cell(hidden.key) == hidden, "a chosen cell is found on whatever page it stands"


def test_cells_stand_under_their_columns(world):
    made.sent(world, numbers=("1.2", "4.1"))
    [row] = of(world).rows
    shown = [c.number for c, cell in zip(of(world).columns, row.cells, strict=True) if cell]
    assert shown == ["1.2", "4.1"]
    assert of(world).cell("nonsense") is None
    assert of(world).column("nonsense") is None
