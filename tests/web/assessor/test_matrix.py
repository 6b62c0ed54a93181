"""The matrix: cells, gaps, the chosen cell, the list, and the walls."""

import pytest
from django.utils.html import escape

from tests.factories import portfolio as made
from tests.web.assessor.conftest import ASSESS, judged, statements, text_of


def unit_url(world, tail="", who="LA1"):
    return f"{ASSESS}units/{world.unit(who, made.UNIT).public_id}/{tail}"


def test_cells_say_evidence_criterion_and_status(world, assessor):
    made.sent(world, title="Waiting piece", numbers=("1.1",))
    judged(world, made.sent(world, title="Judged piece", numbers=("1.2", "1.3")), not_yet=(1,))
    text = text_of(assessor.get(unit_url(world)))
    assert 'aria-label="Waiting piece, 1.1: To assess"' in text
    assert 'aria-label="Judged piece, 1.2: Met"' in text
    assert 'aria-label="Judged piece, 1.3: Not yet"' in text
    assert text.count(">Gap<") == 18
    assert text.index("Judged piece") < text.index("Waiting piece"), "newest first"


def test_the_chosen_cell_is_explained_with_the_way_to_it(world, assessor):
    version = made.sent(world, title="Waiting piece", numbers=("1.1",))
    criterion = world.criterion(made.UNIT, "1.1")
    cell = f"?cell={version.evidence.public_id}.{criterion.public_id}"
    text = text_of(assessor.get(unit_url(world, cell)))
    assert escape(criterion.text) in text
    assert "Judge this" in text
    part = text_of(assessor.get(unit_url(world, cell), headers={"HX-Request": "true", "HX-Target": "chosen"}))
    assert "Judge this" in part
    assert "<html" not in part
    assert "Choose a cell" in text_of(assessor.get(unit_url(world, "?cell=nonsense")))


def test_a_gap_is_explained_and_the_next_one_follows(world, assessor):
    second, third = (world.criterion(made.UNIT, number).public_id for number in ("1.2", "1.3"))
    text = text_of(assessor.get(unit_url(world, f"?criterion={second}")))
    assert "Nothing met and nothing sent." in text
    assert f'href="?criterion={third}" data-next-gap' in text


def test_the_list_says_the_same_without_a_grid(world, assessor):
    judged(world, made.sent(world, title="Judged piece", numbers=("1.2",)))
    text = text_of(assessor.get(unit_url(world, "list/")))
    assert "Judged piece" in text
    assert text.count("at-flag--look") == 19
    assert 'role="grid"' not in text


def test_an_assurer_looks_and_does_not_judge(world, as_client):
    version = made.sent(world, numbers=("1.1",))
    cell = f"?cell={version.evidence.public_id}.{world.criterion(made.UNIT, '1.1').public_id}"
    text = text_of(as_client("QA").get(unit_url(world, cell)))
    assert "Judge this" not in text
    assert "Go to sign-off" not in text
    assert "To assess" in text


@pytest.mark.parametrize(("who", "status"), [("AA2", 404), ("AT1", 404), ("CA", 403), ("LA1", 403), ("AB1", 404)])
@pytest.mark.parametrize("tail", ["", "list/"])
def test_the_matrix_has_walls(world, as_client, who, status, tail):
    assert as_client(who).get(unit_url(world, tail)).status_code == status


@pytest.mark.parametrize("tail", ["", "list/"])
def test_the_matrix_asks_the_same_for_one_piece_and_many(world, assessor, tail):
    made.sent(world)
    assessor.get(unit_url(world, tail))
    one = len(statements(assessor, unit_url(world, tail)))
    for n in range(12):
        made.sent(world, title=f"Piece {n}", numbers=("1.1", "1.2", "4.1"))
    assert len(statements(assessor, unit_url(world, tail))) == one <= 15


def test_a_hostile_title_stays_text(world, assessor):
    version = made.sent(world, title='"><script>alert(1)</script>')
    cell = f"?cell={version.evidence.public_id}.{world.criterion(made.UNIT, '1.1').public_id}"
    for tail in ("", "list/", cell):
        assert "<script>alert(1)" not in text_of(assessor.get(unit_url(world, tail)))
