"""Around the decision: who else is here, what is being typed, and the talk about a piece."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assessments.models import FeedbackDraft, Presence, Reply, Review
from audit.services import record
from centres.actor import Actor
from centres.models import LearnerUnit
from common.refusals import NotFound, Refusal, Refused, refuse_if, too_long
from common.text import say
from portfolio.models import Evidence, EvidenceMapping, EvidenceVersion
from portfolio.services import add_mapping, note_shown

HERE = dt.timedelta(minutes=2)
LONGEST_REPLY = 4000
LARGEST_DRAFT = 100_000  # characters of JSON: a long evening's typing


@dataclass(frozen=True, slots=True)
class PresenceView:
    """Somebody else who has this piece open."""

    name: str
    seen_at: dt.datetime


def enter(*, actor: Actor, evidence: Evidence, at: dt.datetime) -> list[PresenceView]:
    """Say that this person has the piece open now, and return who else had it open within two minutes."""
    mine = Presence.objects.for_centre(actor.centre_id).filter(evidence=evidence, person_id=actor.person_id)
    if not mine.update(seen_at=at):  # each is one statement: a page view needs no transaction
        new = Presence(centre_id=actor.centre_id, evidence=evidence, person_id=actor.person_id, seen_at=at)
        Presence.objects.bulk_create([new], ignore_conflicts=True)
    others = (
        Presence.objects.for_centre(actor.centre_id)
        .filter(evidence=evidence, seen_at__gte=at - HERE)
        .exclude(person_id=actor.person_id)
        .select_related("person")
        .order_by("-seen_at")
    )
    return [PresenceView(name=row.person.full_name, seen_at=row.seen_at) for row in others]


@transaction.atomic
def save_feedback_draft(
    *, actor: Actor, evidence: Evidence, content: Mapping[str, Any], at: dt.datetime
) -> list[PresenceView]:
    """Keep what an assessor is typing (R146), and return who else has the piece open: whoever types has it open too.

    One row a person and piece; the last save wins, it is their own. Refuses what no draft can hold.
    """
    if len(str(content)) > LARGEST_DRAFT:
        raise Refused(Refusal("too-long", say("This is too long to keep as a draft. Shorten it.")))
    FeedbackDraft.objects.for_centre(actor.centre_id).update_or_create(
        evidence=evidence,
        person_id=actor.person_id,
        defaults={"content": dict(content), "saved_at": at},
        create_defaults={"content": dict(content), "saved_at": at, "centre_id": actor.centre_id},
    )
    return enter(actor=actor, evidence=evidence, at=at)


def offer_criteria(
    *,
    actor: Actor,
    evidence: Evidence,
    offers: Sequence[tuple[LearnerUnit, str]],
    typed: Mapping[str, Any],
    at: dt.datetime,
) -> list[EvidenceMapping]:
    """Offer a sent piece for more criteria of a learner's units, all or none, and keep what is being typed (R67).

    `offers` holds units with public ids of criteria. Two transactions, because what was typed is kept also where an
    offer is refused. Refuses what `save_feedback_draft` and `add_mapping` refuse. Emits "mapping.added" for each.
    """
    save_feedback_draft(actor=actor, evidence=evidence, content=typed, at=at)
    with transaction.atomic():
        return [
            add_mapping(actor=actor, evidence=evidence, learner_unit=unit, criterion_id=criterion, at=at)
            for unit, criterion in offers
        ]


@transaction.atomic
def reply(*, actor: Actor, evidence: Evidence, text: str, at: dt.datetime) -> Reply:
    """Add a line to the talk about a piece (R77). Refuses an empty or endless text. Emits "evidence.replied"."""
    words = text.strip()
    if not words:
        raise Refused(Refusal("empty", say("Write something first."), "text"))
    refuse_if(too_long(words, "text", LONGEST_REPLY))
    row = Reply.objects.create(
        centre_id=actor.centre_id, evidence=evidence, author_id=actor.person_id, text=words, at=at
    )
    record("evidence.replied", actor=actor, obj=evidence, at=at)
    return row


@transaction.atomic
def read_feedback(*, actor: Actor, version: EvidenceVersion, at: dt.datetime) -> None:
    """Note that a learner has read what was said about a version of their own: it is no longer new (R77).

    Refuses everybody else (not found). Emits "evidence.opened".
    """
    if version.evidence.learner_id != actor.learner_id:
        raise NotFound("feedback.read", version.public_id)
    said = Review.objects.for_centre(actor.centre_id).filter(version=version).order_by("-at")
    note_shown(actor, version, None, at, since=said.values_list("at", flat=True).first())
