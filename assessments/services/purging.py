"""Personal data of others in a version: sent back at once, removed for good once a second person agrees (R60)."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from assessments.access import may_send_back_alone
from assessments.enums import ReviewKind, Verdict
from assessments.models import CurrentDecision, Review
from audit.services import record
from centres.actor import Actor
from centres.enums import FROZEN_UNITS, OVER, Role
from centres.permissions import require_rule_setter
from common.refusals import Forbidden, NotFound, refuse_if
from common.seen import refuse_other
from common.text import say
from portfolio import rules
from portfolio.access import may_assess_piece
from portfolio.enums import DECIDED_MET, EvidenceState
from portfolio.models import Evidence, EvidenceVersion, PurgeDecision, PurgeRequest
from portfolio.queries.core import readable_versions, seen_evidence
from portfolio.queries.purges import (
    decision_of,
    is_repeated,
    is_waiting,
    is_withheld,
    left_files,
    purge_for,
    purge_mark,
    titles_resting,
)
from portfolio.queries.seen import piece_mark
from portfolio.queries.state_facts import live, standing_mappings
from portfolio.services import advance_evidence
from portfolio.services.holding import hold_piece
from portfolio.services.purging import bury

#: In these a piece is with its learner already, or for nobody to send back.
STAYS = frozenset({EvidenceState.DRAFT, EvidenceState.RETURNED, EvidenceState.WITHDRAWN})


@transaction.atomic
def ask_purge(
    *,
    actor: Actor,
    evidence: Evidence,
    version_number: int,
    reason: str,
    words: bool,
    seen: str | None = None,
    at: dt.datetime,
) -> PurgeRequest:
    """Send a piece back because it shows personal data of others, and ask to remove that version for good (R60).

    For whoever judges the piece today and for internal quality assurers who see it. All files of the version are meant,
    with `words` what its learner wrote as well. Refuses what `why_not_ask_purge` says, a signed unit that rests on
    the piece among it; stale when it is another piece than the page showed (`seen`, of `piece_mark`). A piece that its
    learner has in hand stays there, and so does one whose newest version shows none of it; what is met and counts goes
    back at once only where a qualified assessor asks who judges it, else with the second person's answer (R6). Emits
    "evidence.purge_asked".
    """
    _require_finder(actor, evidence)
    now = hold_piece(evidence).evidence
    refuse_other(seen, piece_mark(now))
    version = readable_versions(actor.centre_id).filter(evidence=now, number=version_number).first()
    if version is None:  # its learner took it back meanwhile
        raise NotFound("evidence.purge", evidence.public_id)
    facts = rules.AskFacts(
        own=now.learner.person_id == actor.person_id,
        files=len(left_files(version)),
        words=words,
        withheld=is_withheld(version),
        waiting=is_waiting(version),
        reason=reason.strip(),
        rests_on=_rests_on(now),
    )
    refuse_if(rules.why_not_ask_purge(facts))
    row: PurgeRequest = PurgeRequest.objects.create(
        centre_id=actor.centre_id,
        version=version,
        reason=facts.reason,
        words=words,
        asked_by_id=actor.person_id,
        asked_by_name=actor.name,
        at=at,
    )
    shows = is_repeated(version, words=words) or _decided_on(version)
    if shows and _in_hand(now) and may_send_back_alone(actor, now):
        _send_back(actor, now, version, facts.reason, at)
    record("evidence.purge_asked", actor=actor, obj=now, at=at, facts={"version": version.number, "words": words})
    return row


def _require_finder(actor: Actor, evidence: Evidence) -> None:
    """Let only those ask who may have found it. One's own piece is refused with a sentence."""
    assures = actor.holds(Role.IQA, Role.LEAD_IQA) and seen_evidence(actor).filter(pk=evidence.pk).exists()
    own = evidence.learner.person_id == actor.person_id
    if not (own or assures or may_assess_piece(actor, evidence)):
        raise Forbidden("evidence.purge", evidence.public_id)


def _rests_on(evidence: Evidence) -> tuple[str, ...]:
    """Return the titles of signed units that rest on a piece and can be reopened. What is over is history (R60)."""
    mappings = live(standing_mappings(evidence))
    return titles_resting([m for m in mappings if m.state in DECIDED_MET and m.learner_unit.state in FROZEN_UNITS])


def _in_hand(evidence: Evidence) -> bool:
    """Say whether a piece can go back to its learner: not where it is, nor when it served what is over alone."""
    mappings = standing_mappings(evidence)
    history = bool(mappings) and not live(mappings)
    return evidence.state not in STAYS and not history


def _decided_on(version: EvidenceVersion) -> bool:
    """Say whether what counts was decided on this version: it has to be judged on the next one."""
    rows = CurrentDecision.objects.for_centre(version.centre_id).filter(mapping__evidence_id=version.evidence_id)
    rows = rows.exclude(mapping__learner_unit__registration__state__in=OVER)
    counts = Q(verdict=Verdict.MET, judgement__version=version) | Q(proposed__version=version)
    return rows.filter(counts).exists()


def _still_shows(purge: PurgeRequest, evidence: Evidence) -> bool:
    """Say whether a piece did not go back when this was asked, or came again with the same."""
    decided = evidence.state == EvidenceState.ACCEPTED and _decided_on(purge.version)
    return _in_hand(evidence) and (decided or is_repeated(purge.version, words=purge.words))


def _send_back(actor: Actor, evidence: Evidence, version: EvidenceVersion, reason: str, at: dt.datetime) -> None:
    words = say(
        "This shows personal data of somebody else, so that version is being removed. %(reason)s "
        "Cover or leave out what shows who it is, then send it again."
    )
    if evidence.state == EvidenceState.SUBMITTED:
        advance_evidence(evidence=evidence, to=EvidenceState.IN_REVIEW, at=at)
    advance_evidence(evidence=evidence, to=EvidenceState.RETURNED, at=at)
    Review.objects.create(
        centre_id=actor.centre_id,
        evidence=evidence,
        version=version,
        kind=ReviewKind.RETURNED,
        assessor_id=actor.person_id,
        feedback=words % {"reason": reason},
        at=at,
    )
    record("evidence.returned", actor=actor, obj=evidence, at=at, facts={"version": version.number, "verdicts": {}})


@transaction.atomic
def decide_purge(
    *, actor: Actor, purge: PurgeRequest, agrees: bool, note: str = "", seen: str | None = None, at: dt.datetime
) -> PurgeDecision:
    """Agree that a version is removed, which removes it, or do not, with a note (R60).

    For an admin or lead quality assurer who did not ask. Refuses what `why_not_decide_purge` says: a unit that was
    signed on the piece meanwhile is reopened first. Agreed, a piece that still shows it goes back to its learner.
    Stale when somebody answered since the page was made (`seen`, of `purge_mark`). Emits "evidence.purged" or
    "evidence.purge_refused".
    """
    require_rule_setter(actor, "purge.decide")
    evidence = hold_piece(purge.version.evidence).evidence
    now = purge_for(actor, purge.public_id)
    words = say("Somebody answered this while you had the page open.")
    refuse_other(seen, purge_mark(now), sentence=words)
    facts = rules.PurgeFacts(
        asked_by_self=now.asked_by_id == actor.person_id,
        own_piece=evidence.learner.person_id == actor.person_id,
        decided=decision_of(now) is not None,
        agrees=agrees,
        note=note.strip(),
        rests_on=_rests_on(evidence),
    )
    refuse_if(rules.why_not_decide_purge(facts))
    if agrees and _still_shows(now, evidence):
        _send_back(actor, evidence, now.version, now.reason, at)
    row: PurgeDecision = PurgeDecision.objects.create(
        centre_id=actor.centre_id,
        request=now,
        agrees=agrees,
        note=facts.note,
        asked_by_id=now.asked_by_id,
        decided_by_id=actor.person_id,
        decided_by_name=actor.name,
        at=at,
    )
    stones = bury(now.version, row, words=now.words, at=at) if agrees else []
    said = {"version": now.version.number, "removed": [stone.sha256 for stone in stones]}
    record("evidence.purged" if agrees else "evidence.purge_refused", actor=actor, obj=evidence, at=at, facts=said)
    return row
