"""What a centre says about criteria: its own themes (R68), and plain words for learners. A new row supersedes."""

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from django.db import IntegrityError, transaction

from audit.services import record
from common.refusals import Stale, refuse_if
from common.text import say
from qualifications import rules
from qualifications.models import AboutCriterion, Criterion, CriterionNote, CriterionTag
from qualifications.permissions import Editor, require_editor, require_note_writer
from qualifications.queries.guidance import guidance_on

A = TypeVar("A", bound=AboutCriterion)


@transaction.atomic
def tag_criterion(*, actor: Editor, criterion: Criterion, themes: Sequence[str], seen: int, at: dt.datetime) -> bool:
    """Put a centre's own themes in place of the published ones, and say whether that changed anything (R68).

    The published ones chosen again mean: as published, also when a later version has others. `seen` is the version the
    page showed. Refuses who edits no catalogue (403), unknown themes and too many; raises `Stale` when somebody was
    faster. Undone by choosing again. Emits "criterion.tagged" with what was before and after.
    """
    require_editor(actor, "criterion.tag")
    refuse_if(rules.why_not_tag(themes))
    now = guidance_on(criterion, actor.centre_id)
    wanted = rules.themes_in_order(themes)
    if set(wanted) == set(now.themes):
        return False
    own = None if set(wanted) == set(criterion.themes) else wanted
    row = _add(CriterionTag(**_about(actor, criterion, seen, at), themes=own), now.tag_version)
    record("criterion.tagged", actor=actor, obj=row, at=at, facts={"before": list(now.themes), "after": wanted})
    return True


@transaction.atomic
def write_note(*, actor: Editor, criterion: Criterion, words: str, examples: str, seen: int, at: dt.datetime) -> bool:
    """Say a criterion in plain words, with examples of good evidence; return whether that changed anything.

    Both empty take the note away; earlier ones stay. `seen` is the version the page showed. Refuses who is neither
    editor nor qualified assessor (403), nothing at all and texts too long; raises `Stale` when somebody was faster.
    Emits "criterion.explained".
    """
    require_note_writer(actor, "criterion.explain")
    words, examples = words.strip(), examples.strip()
    now = guidance_on(criterion, actor.centre_id)
    refuse_if(rules.why_not_note(words, examples, had=now.note is not None))
    stands = (now.note.words, now.note.examples) if now.note else ("", "")
    if (words, examples) == stands:
        return False
    row = _add(CriterionNote(**_about(actor, criterion, seen, at), words=words, examples=examples), now.note_version)
    record("criterion.explained", actor=actor, obj=row, at=at, facts={"taken_away": not (words or examples)})
    return True


def _about(actor: Editor, criterion: Criterion, seen: int, at: dt.datetime) -> dict[str, object]:
    return {
        "centre_id": actor.centre_id,
        "criterion": criterion,
        "unit_key": criterion.unit.key,
        "number": criterion.number,
        "version": seen + 1,
        "author_id": actor.person_id,
        "at": at,
    }


def _add(row: A, newest: int) -> A:
    """Write the next version after `newest`. Somebody who was faster has its number already: `Stale`, with who."""
    if row.version != newest + 1:
        raise _faster(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as lost:
        raise _faster(row) from lost
    return row


def _faster(row: AboutCriterion) -> Stale:
    rows = type(row).objects.for_centre(row.centre_id).filter(unit_key=row.unit_key, number=row.number)
    first = rows.select_related("author").order_by("-version").first()
    if first is None:
        return Stale()
    words = say("%(name)s changed this while you were working. Yours is kept below: look, then save again.")
    return Stale(who=first.author.full_name, at=first.at, sentence=words % {"name": first.author.full_name})
