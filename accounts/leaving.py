"""Ending what a person has open: their sessions, a link on its way to them."""

import datetime as dt

from allauth.usersessions.models import UserSession

from accounts.models import Invitation, User
from audit.services import record_person


def end_sessions(*, person: User, at: dt.datetime) -> int:
    """Sign a person out everywhere at once and return how many sessions that were (C07)."""
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    record_person("account.sessions_ended", person_id=person.pk, obj=person, at=at, facts={"sessions": len(sessions)})
    return len(sessions)


def revoke_invitations(*, person: User, centre_name: str, at: dt.datetime) -> int:
    """Spend the open links of a person to this centre and return how many there were."""
    return Invitation.objects.filter(person=person, centre_name=centre_name, used_at=None).update(used_at=at)
