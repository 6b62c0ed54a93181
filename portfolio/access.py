"""Loading evidence, versions, files and previews for somebody: in their world, or not found (architecture, idea 1).

A learner opens what is theirs, in every state. Others open what was sent for a registration in their world (decision
11); never a draft, nor what was taken back before anybody had opened it. Running a centre opens nobody's evidence: an
admin needs another role for that.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from centres.actor import Actor
from centres.enums import Role
from centres.queries import actor_at, places_of
from centres.queries.prepared import prepared
from common.refusals import Forbidden, NotFound
from common.scoping import CentreOwned
from portfolio.enums import OPENABLE, FileState
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion, Preview, VersionFile
from portfolio.queries.core import assessable_evidence, named_in_version, readable_versions, seen_evidence

EvidenceAction = Literal["view", "edit", "assess"]
FileAction = Literal["view", "open"]
#: Its own learner may have a file back while our checks go on; nobody gets one with a virus.
OWN_OPENABLE = frozenset({FileState.RECEIVED, FileState.CHECKING})
M = TypeVar("M", bound=CentreOwned)


def evidence_for(actor: Actor, public_id: str, action: EvidenceAction = "view") -> Evidence:
    """Return a piece this actor may see, with its learner and person; anything else is not found.

    "edit" is the learner's own alone, "assess" that of whoever judges what it was sent for today; on a piece one may
    see the other acts are forbidden. Whether its state lets it be changed is for the services to say. Staff read what
    was sent from `version_for`: the fields of the piece itself may be a draft of the next version.
    """
    found = _first(actor, lambda who: _readable_piece(who, public_id=_id(public_id)).select_related("learner__person"))
    if found is None:
        raise NotFound(f"evidence.{action}", public_id)
    if action == "edit" and not is_own(actor, found):
        raise Forbidden("evidence.edit", public_id)
    if action == "assess" and not may_assess_piece(actor, found):
        raise Forbidden("evidence.assess", public_id)
    return found


def _first(actor: Actor, rows: Callable[[Actor], QuerySet[M]]) -> M | None:
    """Return what somebody may load, as a learner or else as staff: another query only for who is both.

    One condition for both is deeper than the parser of SQLite goes.
    """
    if not (actor.is_learner and actor.is_staff):
        return rows(actor).first()
    own = rows(replace(actor, roles=frozenset({Role.LEARNER}))).first()
    return own or rows(replace(actor, roles=actor.roles - {Role.LEARNER}, learner_id=None)).first()


def _id(public_id: str) -> str:
    """Return an id as it can be asked for: what no database stores is no id of ours."""
    return public_id if public_id.isascii() and public_id.isalnum() else ""


def is_own(actor: Actor, evidence: Evidence) -> bool:
    """Say whether the piece is this actor's, as the learner they are here today."""
    return actor.is_learner and evidence.learner_id == actor.learner_id


def may_assess_piece(actor: Actor, evidence: Evidence) -> bool:
    """Say whether this actor judges today something that the piece was sent for, or the piece while it is for nothing.

    Which of its criteria are theirs to judge, `centres.access.may_assess_in` says of each registration.
    """
    return _assessable_piece(actor, pk=evidence.pk).exists()


@prepared
def _assessable_piece(actor: Actor, *, pk: int) -> QuerySet[Evidence]:
    return assessable_evidence(actor).filter(pk=pk)


@prepared
def _readable_piece(actor: Actor, *, public_id: str) -> QuerySet[Evidence]:
    return _readable(actor).filter(public_id=public_id)


def _readable(actor: Actor) -> QuerySet[Evidence]:
    if not actor.is_learner:
        return seen_evidence(actor)
    return Evidence.objects.for_centre(actor.centre_id).filter(Q(learner_id=actor.learner_id))


def version_for(actor: Actor, evidence: Evidence, number: int | None = None) -> EvidenceVersion:
    """Return a version of a piece that `evidence_for` let this actor see: the one numbered so, or the latest.

    One that was taken back unopened is its learner's alone.
    """
    own = is_own(actor, evidence)
    everything = EvidenceVersion.objects.for_centre(actor.centre_id)
    rows = (everything if own else readable_versions(actor.centre_id)).filter(evidence_id=evidence.pk)
    rows = rows.filter(number=number) if number is not None else rows
    found = rows.select_related("submitted_by").order_by("-number").first()
    if found is None:
        raise NotFound("evidence.view", evidence.public_id)
    found.evidence = evidence
    return found


def sent_version_for(actor: Actor, public_id: str, number: int | None = None) -> EvidenceVersion:
    """Return a version of a piece this actor may see, with the piece, its learner and person, in one query.

    What `evidence_for` to view and `version_for` return together; anything else is not found. The id stands outside the
    subquery as well: so the database begins with one piece, not with every learner and account.
    """
    found = _first(actor, lambda who: _versions(who, _id(public_id), number))
    if found is None:
        raise NotFound("evidence.view", public_id)
    return found


def _versions(actor: Actor, public_id: str, number: int | None) -> QuerySet[EvidenceVersion]:
    everything = EvidenceVersion.objects.for_centre(actor.centre_id)
    rows = (everything if actor.is_learner else readable_versions(actor.centre_id)).filter(
        evidence__public_id=public_id, evidence__in=_readable_piece(actor, public_id=public_id).values("pk")
    )
    rows = rows.filter(number=number) if number is not None else rows
    return rows.select_related("submitted_by", "evidence__learner__person").order_by("-number")


def actor_of(person: str, centre: str, *, on: dt.date, request_id: str = "") -> Actor:
    """Return who a person (public id) is in a centre (number) on a day, for a ticket that says both; else not found."""
    found = User.objects.filter(public_id=person, is_active=True).first()
    actor = actor_at(places_of(found.pk, on), found, centre, on=on, request_id=request_id) if found else None
    if actor is None:
        raise NotFound("centre.enter", centre)
    return actor


def file_for(actor: Actor, public_id: str, action: FileAction = "view") -> EvidenceFile:
    """Return a file this actor may know of ("view"), or whose bytes they may have ("open"); else not found.

    Its learner knows of it in every state, and may open what is not refused or infected. Others: only what a version
    names that they may read, and only once our checks let it through (5.4.3 of the ASVS).
    """
    found = _first(actor, lambda who: _file(who, public_id=_id(public_id)).select_related("evidence__learner"))
    if found is None or (action == "open" and not _may_open(actor, found)):
        raise NotFound(f"file.{action}", public_id)
    return found


def _files(actor: Actor) -> QuerySet[EvidenceFile]:
    rows = EvidenceFile.objects.for_centre(actor.centre_id)
    if actor.is_learner:
        named = VersionFile.objects.for_centre(actor.centre_id).filter(file_id=OuterRef("pk"))
        return rows.filter(Q(removed_at=None) | Q(Exists(named)), Q(evidence__learner_id=actor.learner_id))
    read = named_in_version(actor.centre_id).filter(file_id=OuterRef("pk"))
    return rows.filter(Exists(read), state__in=OPENABLE, evidence__in=seen_evidence(actor).values("pk"))


@prepared
def _file(actor: Actor, *, public_id: str) -> QuerySet[EvidenceFile]:
    return _files(actor).filter(public_id=public_id)


def _may_open(actor: Actor, file: EvidenceFile) -> bool:
    return file.state in OPENABLE or (is_own(actor, file.evidence) and file.state in OWN_OPENABLE)


def preview_for(actor: Actor, public_id: str) -> Preview:
    """Return a preview of a file whose bytes this actor may have (A05); anything else is not found."""
    found = _first(actor, lambda who: _previews(who, _id(public_id)))
    if found is None or not _may_open(actor, found.file):
        raise NotFound("preview.open", public_id)
    return found


def _previews(actor: Actor, public_id: str) -> QuerySet[Preview]:
    rows = Preview.objects.for_centre(actor.centre_id).filter(public_id=public_id, file__in=_files(actor))
    return rows.exclude(storage_key="").select_related("file__evidence__learner")
