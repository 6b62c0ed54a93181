"""Who may change a centre's catalogue. Nobody lets their own draft through (R23)."""

from typing import Protocol

from audit.services import Who
from common.refusals import Forbidden
from qualifications.enums import EDITORS


class Editor(Who, Protocol):
    """What the catalogue needs to know of the person acting; `centres.actor.Actor` is one."""

    @property
    def roles(self) -> frozenset[str]: ...


def may_edit(actor: Editor) -> bool:
    """Say whether this person may bring in and publish qualifications for their centre (section 4)."""
    return bool(actor.roles & EDITORS)


def require_editor(actor: Editor, action: str) -> None:
    """Refuse an act of the centre's catalogue editors to everybody else."""
    if not may_edit(actor):
        raise Forbidden(action)


def may_decide(actor: Editor, author_id: int) -> bool:
    """Say whether this person may let through or send back what somebody brought in: never their own (R23)."""
    return may_edit(actor) and actor.person_id != author_id


def require_second(actor: Editor, author_id: int, action: str) -> None:
    """Refuse an act of the second person to the author, and to everybody who does not edit the catalogue."""
    if not may_decide(actor, author_id):
        raise Forbidden(action)


def may_explain(actor: Editor) -> bool:
    """Say whether this person may put criteria in plain words: editors, and assessors who need no countersigning."""
    return may_edit(actor) or ("assessor" in actor.roles and "trainee" not in actor.roles)


def require_note_writer(actor: Editor, action: str) -> None:
    """Refuse notes on criteria to everybody but editors and qualified assessors."""
    if not may_explain(actor):
        raise Forbidden(action)
