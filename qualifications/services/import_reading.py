"""What the worker does with a file that was brought in: read it apart, understand it. Safe to run twice."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from audit.services import record_person
from common.faults import Away
from common.storing import on_disk
from common.text import say
from media.flaws import Flaw
from media.reading import Contents, Sheet, read_apart
from qualifications import queries
from qualifications.enums import DRAFT_TRANSITIONS, DraftState, Source
from qualifications.models import Draft
from qualifications.queries.files import unit_file
from qualifications.rules.files import UnitFile
from qualifications.rules.imports import (
    Answers,
    Brought,
    Guess,
    Problem,
    Table,
    guess_columns,
    letter_of,
    problems_of,
    read_case,
    read_documents,
    read_pasted,
    read_sheets,
)
from qualifications.rules.imports.asking import unanswered
from qualifications.rules.imports.groups import GROUPS_SHEET, QUALIFICATION_SHEET

SAMPLE_ROWS = 6
_SAMPLE_CELL = 80
ONE_WORKER = "background work on one import"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a reading came to: the next state and what is written beside it."""

    state: DraftState
    problems: Sequence[Problem] = ()
    brought: Brought = field(default_factory=Brought)
    columns: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0


def read_import(*, draft_id: int, at: dt.datetime) -> None:
    """Read a file that was brought in, and make it a draft, a question about its columns, or a list of problems.

    Does nothing to one that is not being read any more: a second delivery finds the state and the revision changed.
    Raises what is the machine's fault and not the file's, as `media.sandbox` and the store do: it is read later then.
    Emits "import.draft", "import.matching" or "import.broken".
    """
    draft = Draft.objects.across_centres(reason=ONE_WORKER).filter(pk=draft_id, state=DraftState.READING).first()
    if draft is None:
        return
    with on_disk(draft.storage_key) as path:
        contents = read_apart(path, name=draft.file_name)
        if contents.flaws:
            _require_as_brought_in(draft, path)
    _settle(draft, _understood(draft, contents), at)


def _require_as_brought_in(draft: Draft, path: Path) -> None:
    """Blame a file only if these are its bytes."""
    with path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != draft.sha256:
            raise Away("the stored bytes are not those that were brought in")


def give_up_import(*, draft_id: int, at: dt.datetime) -> None:
    """Say so when a file broke off again and again whoever read it. An admin may have it read again (`read_again`)."""
    draft = Draft.objects.across_centres(reason=ONE_WORKER).filter(pk=draft_id, state=DraftState.READING).first()
    if draft is not None:
        words = say(
            "We could not read this file; the fault is ours. Nothing was brought in. Try again later or in parts."
        )
        _settle(draft, _Outcome(DraftState.BROKEN, [Problem(0, "", words)]), at)


@transaction.atomic
def read_again(*, draft_id: int, at: dt.datetime) -> None:
    """Undo what `give_up_import` said, so that the job which comes again finds the file waiting.

    Emits "import.read_again". Does nothing to an import that is not broken.
    """
    draft = Draft.objects.across_centres(reason=ONE_WORKER).filter(pk=draft_id, state=DraftState.BROKEN).first()
    if draft is None:
        return
    rows = Draft.objects.for_centre(draft.centre_id).filter(pk=draft.pk, revision=draft.revision)
    if rows.update(state=DraftState.READING, revision=F("revision") + 1, problems=[], changed_at=at):
        record_person("import.read_again", person_id=None, obj=draft, at=at)


@transaction.atomic
def _settle(draft: Draft, outcome: _Outcome, at: dt.datetime) -> None:
    if outcome.state not in DRAFT_TRANSITIONS[DraftState.READING]:
        raise ValueError(f"import: reading is not followed by {outcome.state}")
    rows = Draft.objects.for_centre(draft.centre_id).filter(
        pk=draft.pk, state=DraftState.READING, revision=draft.revision
    )
    fine = outcome.state == DraftState.DRAFT
    brought = outcome.brought
    written = rows.update(
        state=outcome.state,
        revision=draft.revision + 1,
        changed_at=at,
        content={"units": brought.units, "qualifications": brought.qualifications} if fine else {},
        problems=[_as_row(problem) for problem in outcome.problems],
        columns={**draft.columns, **outcome.columns},
        done=outcome.rows,
        total=outcome.rows,
    )
    if written:
        facts = {"problems": len(outcome.problems), "units": len(brought.units)}
        record_person(f"import.{outcome.state}", person_id=None, obj=draft, at=at, facts=facts)


def _as_row(problem: Problem) -> dict[str, Any]:
    return {"row": problem.row, "column": problem.column, "sentence": problem.sentence, "place": problem.place}


# --- understanding


def _understood(draft: Draft, contents: Contents) -> _Outcome:
    notes = {"notes": list(contents.notes)}
    if contents.flaws:
        rows = sum(len(sheet.rows) for sheet in contents.sheets)
        return _Outcome(DraftState.BROKEN, [_problem(flaw) for flaw in contents.flaws], columns=notes, rows=rows)
    outcome = _READERS[Source(draft.source)](draft, contents)
    return replace(outcome, columns={**outcome.columns, **notes})


def _problem(flaw: Flaw) -> Problem:
    return Problem(flaw.row, flaw.column, flaw.sentence, flaw.place)


def answers_of(draft: Draft) -> Answers:
    """Return what the person said about the whole file, when staging it and when matching it."""
    given, said = draft.columns.get("given", {}), draft.columns.get("answers", {})
    return Answers(
        level=said.get("level"),
        credit=said.get("credit"),
        kind=said.get("kind") or given.get("kind") or "",
        generation=said.get("generation") or given.get("generation") or "2014",
        sector=said.get("sector") or given.get("sector") or "generic",
        wording=given.get("wording") or "recalled",
        source=draft.file_name if draft.source != Source.PASTED else "",
        qualification=said.get("qualification") or {},
        groups=said.get("groups") or {},
    )


def _checked(draft: Draft, brought: Brought, rows: int, columns: Mapping[str, Any] | None = None) -> _Outcome:
    problems = problems_of(brought, _known(draft.centre_id, brought))
    state = DraftState.BROKEN if problems else DraftState.DRAFT
    return _Outcome(state, problems, brought, columns or {}, rows)


def _known(centre_id: int, brought: Brought) -> dict[str, UnitFile]:
    """Return the published units that the qualifications name and the import does not bring itself."""
    own = {str(unit.get("key")) for unit in brought.units}
    named = {key for q in brought.qualifications for key in _unit_keys(q)} - own
    if not named:
        return {}
    rows = queries.current_units(centre_id).filter(key__in=named).prefetch_related("outcomes__criteria")
    return {row.key: unit_file(row) for row in rows}


def _unit_keys(qualification: Mapping[str, Any]) -> Iterable[str]:
    groups = qualification.get("groups")
    for group in groups if isinstance(groups, list) else []:
        units = group.get("units") if isinstance(group, dict) else None
        yield from (str(u.get("unit")) for u in (units if isinstance(units, list) else []) if isinstance(u, dict))


def _yaml(draft: Draft, contents: Contents) -> _Outcome:
    documents = [(one.name, one.data, one.lines) for one in contents.documents]
    return _checked(draft, read_documents(documents), len(documents))


def _case(draft: Draft, contents: Contents) -> _Outcome:
    package = contents.documents[0].data if contents.documents else None
    items = package.get("CFItems") if isinstance(package, dict) else None
    rows = len(items) if isinstance(items, list) else 0
    brought = read_case(package, answers_of(draft))
    groups = unanswered(brought)
    if groups or (brought.asks and not draft.columns.get("confirmed")):
        asked = {"asks": sorted(brought.asks), "groups": groups, "confirmed": False}
        return _Outcome(DraftState.MATCHING, columns=asked, rows=rows)
    return _checked(draft, brought, rows)


def _pasted(draft: Draft, contents: Contents) -> _Outcome:
    given = draft.columns.get("given", {})
    facts = {key: given.get(key) for key in ("title", "reference", "level", "credit", "glh")}
    brought = read_pasted(contents.text, facts, answers_of(draft))
    return _checked(draft, brought, len(contents.text.splitlines()))


def _sheet(draft: Draft, contents: Contents) -> _Outcome:
    by_name = {sheet.name: sheet for sheet in contents.sheets}
    data = [sheet for sheet in contents.sheets if sheet.name not in {QUALIFICATION_SHEET, GROUPS_SHEET}]
    if not any(sheet.rows for sheet in data):
        return _Outcome(DraftState.BROKEN, [Problem(0, "", say("There are no rows in this file."))])
    sheet = by_name.get(draft.columns.get("sheet", "")) or max(data, key=_promise)
    guess = _guess(draft, sheet)
    shown = [sheet.name, guess.header, _headings(sheet, guess.header)]
    if not draft.columns.get("confirmed") or shown != draft.columns.get("shown"):
        return _to_match(draft, data, sheet, guess, facts=QUALIFICATION_SHEET in by_name)
    table = Table(sheet.rows, guess.header, draft.columns["match"], sheet.name)
    facts, groups = (_table(by_name.get(name)) for name in (QUALIFICATION_SHEET, GROUPS_SHEET))
    brought = read_sheets(table, answers_of(draft), facts=facts, groups=groups, tick=_ticker(draft, len(sheet.rows)))
    unsaid = unanswered(brought)
    if unsaid:
        asked = _to_match(draft, data, sheet, guess, facts=QUALIFICATION_SHEET in by_name)
        return replace(asked, columns={**asked.columns, "groups": unsaid})
    return _checked(draft, brought, len(sheet.rows))


def _guess(draft: Draft, sheet: Sheet) -> Guess:
    """Guess the columns; a row that the person named as that of the headings is taken at its word."""
    if not draft.columns.get("confirmed"):
        return guess_columns(sheet.rows)
    header = draft.columns["header"]
    return Guess(header, guess_columns([row for row in sheet.rows if row[0] == header]).columns)


def _promise(sheet: Sheet) -> int:
    return len(guess_columns(sheet.rows).columns) * 100_000 + len(sheet.rows)


def _table(sheet: Sheet | None) -> Table | None:
    return Table(sheet.rows, name=sheet.name) if sheet else None


def _ticker(draft: Draft, total: int) -> Callable[[int], None]:
    """Write down now and then how many rows are read, for the page that waits."""
    rows = Draft.objects.for_centre(draft.centre_id).filter(
        pk=draft.pk, state=DraftState.READING, revision=draft.revision
    )

    def tick(done: int) -> None:
        rows.update(done=done, total=total)

    return tick


def _headings(sheet: Sheet, header: int) -> dict[str, str]:
    cells: Sequence[str] = next((cells for number, cells in sheet.rows if number == header), ())
    return {letter_of(n): text for n, text in enumerate(cells) if text}


def _to_match(draft: Draft, data: Sequence[Sheet], sheet: Sheet, guess: Guess, *, facts: bool) -> _Outcome:
    """Ask which column is what. What was said before of a column with the same heading stands."""
    *_seen, said = draft.columns.get("shown", [{}])
    before = {said.get(at): what for at, what in draft.columns.get("match", {}).items()}
    headings = _headings(sheet, guess.header)
    kept = {at: before[text] for at, text in headings.items() if before.get(text)}
    match = {**guess.columns, **kept}
    below = [row for row in sheet.rows if row[0] > guess.header][:SAMPLE_ROWS]
    columns = {
        "sheet": sheet.name,
        "sheets": [one.name for one in data],
        "header": guess.header,
        "shown": [sheet.name, guess.header, headings],
        "match": match,
        "sample": [[number, [text[:_SAMPLE_CELL] for text in texts]] for number, texts in below],
        "width": max((len(texts) for _number, texts in sheet.rows), default=0),
        "facts": facts,
        "confirmed": False,
    }
    return _Outcome(DraftState.MATCHING, columns=columns, rows=len(sheet.rows))


_READERS: Mapping[Source, Callable[[Draft, Contents], _Outcome]] = {
    Source.YAML: _yaml,
    Source.SHEET: _sheet,
    Source.CASE: _case,
    Source.PASTED: _pasted,
}
