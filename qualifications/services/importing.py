"""Bringing units and qualifications in: what a person does. Reading the bytes is the worker's (import_reading)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import F

from audit.services import record
from common.enqueue import enqueue
from common.refusals import Refusal, Refused, Stale
from common.storing import drop_unnamed, hash_of, keep, let_go
from common.text import _, say
from jobs.enums import Lane
from media.names import clean_name, extension_of
from media.names import storage_key as new_key
from media.reading import LARGEST
from qualifications.enums import DRAFT_TRANSITIONS, DraftState, Source
from qualifications.models import Draft
from qualifications.permissions import Editor, require_editor

READ = "qualifications.read_import"
#: What a file is, by its ending.
SOURCES = {
    "xlsx": Source.SHEET,
    "csv": Source.SHEET,
    "tsv": Source.SHEET,
    "yaml": Source.YAML,
    "yml": Source.YAML,
    "zip": Source.YAML,
    "json": Source.CASE,
}
PASTED_NAME = "pasted.txt"
#: Bytes, and rows as they were counted the first time. What is longer takes more than a few seconds to read.
QUICKLY_READ = 1024 * 1024
MANY_ROWS = 5000
#: States in which the same bytes are still the same piece of work.
_ALIVE = (DraftState.READING, DraftState.MATCHING, DraftState.BROKEN, DraftState.DRAFT, DraftState.SUBMITTED)
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Matching:
    """What the person said about a file: which sheet, where its headings stand, what each column is, and the rest."""

    sheet: str = ""
    header: int = 1
    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)


def stage_import(
    *, actor: Editor, name: str, content: "File[bytes]", given: Mapping[str, Any], at: dt.datetime
) -> Draft:
    """Take a file (or pasted text, named `PASTED_NAME`) in as a draft to be read; nothing of it counts yet.

    The bytes are kept privately with their hash, and a job is asked to read them. The same bytes with the same `given`
    answers of the same centre are the same draft. Refuses who does not edit the catalogue, an ending that we do not
    read, an empty file and one above 10 MB. Emits "import.staged".
    """
    require_editor(actor, "import.stage")
    shown = clean_name(name)
    source = _source_of(shown, content)
    sha256, _length = hash_of(content)
    storage_key = new_key(actor.centre_id, at)
    try:
        with transaction.atomic():
            before = _same(actor, source, sha256, given)
            if before is not None:
                return before
            keep(storage_key, content)
            return _staged(actor, (source, shown, sha256, storage_key), content, given, at)
    except BaseException:
        _drop(actor, storage_key)
        raise


def _source_of(shown: str, content: "File[bytes]") -> Source:
    source = Source.PASTED if shown == PASTED_NAME else SOURCES.get(extension_of(shown))
    if source is None:
        words = say(
            "We read .xlsx, .csv, .yaml, .zip (a folder of .yaml) and .json (CASE). Save the file as one of these."
        )
        raise Refused(Refusal("unknown-kind", words, "file"))
    if not content.size:
        raise Refused(Refusal("empty", say("There is nothing in this file. Check it on your device."), "file"))
    if content.size > LARGEST:
        words = say("This file is larger than 10 MB. Save it in parts of whole units and bring in one after the other.")
        raise Refused(Refusal("too-big", words, "file"))
    return source


def _same(actor: Editor, source: Source, sha256: str, given: Mapping[str, Any]) -> Draft | None:
    rows = Draft.objects.for_centre(actor.centre_id).filter(sha256=sha256, source=source, state__in=_ALIVE)
    return next((row for row in rows if row.columns.get("given") == dict(given)), None)


def _staged(
    actor: Editor,
    kind: tuple[Source, str, str, str],
    content: "File[bytes]",
    given: Mapping[str, Any],
    at: dt.datetime,
) -> Draft:
    source, shown, sha256, storage_key = kind
    draft = Draft.objects.create(
        centre_id=actor.centre_id,
        title=(str(given.get("title") or "") or shown)[:_LONGEST_TITLE],
        source=source,
        state=DraftState.READING,
        file_name=shown,
        storage_key=storage_key,
        sha256=sha256,
        columns={"given": dict(given)},
        author_id=actor.person_id,
        created_at=at,
        changed_at=at,
    )
    facts = {"source": source.value, "sha256": sha256, "size": content.size}
    record("import.staged", actor=actor, obj=draft, at=at, facts=facts)
    _ask_to_read(draft, long=(content.size or 0) > QUICKLY_READ)
    return draft


def _ask_to_read(draft: Draft, *, long: bool) -> None:
    """Ask for a file to be read: a long one where films wait, so that nobody's photo waits behind it."""
    enqueue(READ, of_centre=draft.centre_id, lane=Lane.SLOW if long else Lane.QUICK, draft_id=draft.pk)


@transaction.atomic
def match_import(*, actor: Editor, draft: Draft, revision: int, matching: Matching, at: dt.datetime) -> Draft:
    """Say what the columns of a file are, and what holds for all of it; it is read again with that.

    Refuses who does not edit the catalogue, and a file that somebody matched, mended or withdrew meanwhile (`Stale`).
    Emits "import.matched".
    """
    require_editor(actor, "import.match")
    columns = {
        **draft.columns,
        "sheet": matching.sheet,
        "header": matching.header,
        "match": dict(matching.columns),
        "answers": dict(matching.answers),
        "confirmed": True,
    }
    rows = draft.total
    _advance(draft, revision, DraftState.READING, at, columns=columns, problems=[], done=0, total=0)
    record("import.matched", actor=actor, obj=draft, at=at, facts={"columns": dict(matching.columns)})
    _ask_to_read(draft, long=rows > MANY_ROWS)
    return draft


def mend_import(
    *,
    actor: Editor,
    draft: Draft,
    revision: int,
    name: str,
    content: "File[bytes]",
    given: Mapping[str, Any],
    at: dt.datetime,
) -> Draft:
    """Take the mended file in the place of one that could not be read; what was said about it is kept.

    Refuses what `stage_import` refuses, a file of another kind than before, and a draft that moved on (`Stale`).
    Emits "import.mended".
    """
    require_editor(actor, "import.mend")
    shown = clean_name(name)
    if _source_of(shown, content) != draft.source:
        words = say("This is another kind of file than before. Bring it in as a new one.")
        raise Refused(Refusal("another-kind", words, "file"))
    sha256, _length = hash_of(content)
    old_key, storage_key = draft.storage_key, new_key(actor.centre_id, at)
    keep(storage_key, content)
    try:
        with transaction.atomic():
            facts = {"file_name": shown, "storage_key": storage_key, "sha256": sha256, "problems": []}
            columns = {**draft.columns, "given": {**draft.columns.get("given", {}), **given}}
            _advance(draft, revision, DraftState.READING, at, **facts, columns=columns, done=0, total=0)
            record("import.mended", actor=actor, obj=draft, at=at, facts={"sha256": sha256, "size": content.size})
            _ask_to_read(draft, long=(content.size or 0) > QUICKLY_READ)
            let_go([old_key])
    except BaseException:  # perhaps after the commit: the draft's own row says which of the two it names
        _drop(actor, storage_key)
        raise
    return draft


def _drop(actor: Editor, storage_key: str) -> None:
    """Delete the bytes of an import that no draft names."""
    rows = Draft.objects.for_centre(actor.centre_id).filter(storage_key=storage_key)
    drop_unnamed([storage_key], lambda _keys: rows.values_list("storage_key", flat=True))


def _advance(draft: Draft, revision: int, to: DraftState, at: dt.datetime, **facts: Any) -> None:
    """Change the state by compare-and-swap on state and revision, or raise `Stale`."""
    before = [state for state, after in DRAFT_TRANSITIONS.items() if to in after]
    rows = Draft.objects.for_centre(draft.centre_id).filter(pk=draft.pk, revision=revision, state__in=before)
    if not rows.update(state=to, revision=F("revision") + 1, changed_at=at, **facts):
        words = _(
            "Somebody changed this import meanwhile, or it is being read right now. Look at it again, then go on."
        )
        raise Stale(sentence=str(words))
    draft.refresh_from_db(from_queryset=Draft.objects.for_centre(draft.centre_id))
