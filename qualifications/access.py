"""Loading a centre's drafts for somebody: in their centre and theirs to work on, or not found."""

from common.refusals import NotFound
from qualifications.models import Draft
from qualifications.permissions import Editor, require_editor, require_second


def draft_for(actor: Editor, public_id: str) -> Draft:
    """Return a draft of the actor's centre. Refuses everybody who does not edit its catalogue; unknown is not found."""
    require_editor(actor, "draft.view")
    row = Draft.objects.for_centre(actor.centre_id).filter(public_id=public_id).first()
    if row is None:
        raise NotFound("draft.view", public_id)
    return row


def draft_to_decide(actor: Editor, public_id: str) -> Draft:
    """Return a draft that this person may let through or send back. Refuses its author: four eyes, not two (R23)."""
    row = draft_for(actor, public_id)
    require_second(actor, row.author_id, "draft.decide")
    return row
