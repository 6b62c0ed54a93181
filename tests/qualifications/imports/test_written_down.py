"""How what was read is written down: once, for the row that was read, and told while it takes long."""

import datetime as dt

import pytest

from common import clock
from qualifications.enums import DraftState
from qualifications.rules.imports import Problem
from qualifications.services import import_reading, withdraw_draft
from qualifications.services.import_reading import _Outcome, give_up_import, read_import
from tests.qualifications.imports import files
from tests.qualifications.imports.test_reading import events
from tests.qualifications.imports.test_staging import again, bring, match, read

__all__ = ["bring", "read"]  # fixtures

AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)


def test_an_outcome_is_written_once_and_for_the_row_that_was_read(world, bring):
    draft = bring(files.csv(), name="a.csv")
    outcome = _Outcome(DraftState.BROKEN, [Problem(3, "B", "Mend this.", "Units")], rows=7)
    import_reading._settle(draft, outcome, AT)
    row = again(draft)
    assert (row.state, row.revision, row.changed_at) == (DraftState.BROKEN, draft.revision + 1, AT)
    assert row.problems == [{"row": 3, "column": "B", "sentence": "Mend this.", "place": "Units"}]
    assert (row.done, row.total, row.columns) == (7, 7, {"given": {"wording": "recalled"}})
    import_reading._settle(draft, _Outcome(DraftState.DRAFT), AT)
    assert again(draft).state == DraftState.BROKEN
    assert [action for action, _facts, _by in events(draft)] == ["import.staged", "import.broken"]


@pytest.mark.parametrize("state", [DraftState.SUBMITTED, DraftState.PUBLISHED, DraftState.READING])
def test_reading_comes_to_nothing_else(world, bring, state):
    with pytest.raises(ValueError, match="reading is not followed by"):
        import_reading._settle(bring(files.csv(), name="a.csv"), _Outcome(state), AT)


def test_the_rows_read_so_far_are_told_while_it_is_read(world, bring):
    draft = bring(files.csv(), name="a.csv")
    tick = import_reading._ticker(draft, 5000)
    tick(1000)
    assert (again(draft).done, again(draft).total) == (1000, 5000)
    withdraw_draft(actor=world.actor("CA"), draft=draft, revision=draft.revision, at=clock.now())
    tick(2000)
    assert again(draft).done == 1000


def test_a_long_sheet_ticks(world, bring, read, monkeypatch):
    told = []
    monkeypatch.setattr(import_reading, "_ticker", lambda _draft, total: lambda done: told.append((done, total)))
    rows = [[f"Unit {n}", 2, 3, 1, "Be able", "1.1", "Do"] for n in range(1000)]
    draft = read(bring(files.csv(rows, head=files.HEAD[1:]), name="a.csv"))
    read(match(world, draft))
    assert told == [(1000, 1001)]


def test_what_is_not_being_read_is_neither_read_nor_given_up(world, bring):
    draft = bring(files.csv(), name="a.csv")
    withdraw_draft(actor=world.actor("CA"), draft=draft, revision=draft.revision, at=clock.now())
    for act in (read_import, give_up_import):
        act(draft_id=draft.pk, at=clock.now())
        act(draft_id=0, at=clock.now())
    assert again(draft).state == DraftState.WITHDRAWN
    assert [action for action, _facts, _by in events(draft)] == ["import.staged", "import.withdrawn"]


def test_giving_up_says_that_the_whole_file_was_not_read(world, bring):
    draft = bring(files.csv(), name="a.csv")
    give_up_import(draft_id=draft.pk, at=AT)
    [problem] = again(draft).problems
    assert (problem["row"], problem["column"], problem["place"]) == (0, "", "")
    assert "Try again later or in parts." in problem["sentence"]
    assert events(draft)[-1] == ("import.broken", {"problems": 1, "units": 0}, None)
