"""Who moved: an old certificate left for the diploma, and a level left for the next one (R34)."""

from collections.abc import Iterator

from assessments.queries.transferring import offers_of
from assessments.services import accept_offers, transfer_registration
from centres.models import Registration
from demo import acts
from demo.arrivals import ENTRY_CONFIRMED
from demo.moments import Story
from demo.people import FIRST_ADMINS
from demo.pieces import switching
from demo.shapes import When
from demo.stage import Stage, enrolment
from qualifications.models import Place
from qualifications.queries import current_versions

DIPLOMA = "10379"


def moves(stage: Stage) -> Iterator[Story]:
    """Yield what became of two learners: one offers pieces again, of the other a whole unit may be let through."""
    yield _signed_before(stage)
    yield _moved(
        stage,
        "fern",
        (switching.NEW_CALLS, switching.WRITING, "A-506-2158"),
        21,
        "The booking line now asks for the diploma.",
        offered=16,
    )
    yield _moved(
        stage,
        "lark",
        (switching.WRITING, switching.NEW_CALLS, "T-506-2157"),
        9,
        "He answers for the desk now; level 2 fits his work.",
    )


def _signed_before(stage: Stage) -> Story:
    at = yield stage.calendar.at(45, "17:10")
    acts.sign(stage, "tom", "lark", switching.WRITING, at)
    at = yield stage.calendar.at(44, "19:30")
    acts.confirm(stage, "lark", switching.WRITING, at)


def _moved(
    stage: Stage, who: str, units: tuple[str, ...], when: When, reason: str, *, offered: When | None = None
) -> Story:
    """Move somebody's one registration; later they tick what one piece may show now, and leave the rest."""
    at = yield stage.calendar.at(when, "09:20")
    number, learner = enrolment(who).centre, stage.learner(who)
    row = Registration.objects.for_centre(learner.centre_id).select_related("qualification").get(learner=learner)
    diploma = current_versions(learner.centre_id).get(entry_code=DIPLOMA)
    places = Place.objects.filter(group__qualification=diploma, unit__key__in=units)
    new = transfer_registration(
        actor=stage.actor(FIRST_ADMINS[number], number, at),
        registration=row,
        qualification_id=diploma.pk,
        place_ids=list(places.values_list("pk", flat=True)),
        reason=reason,
        entry_confirmed=ENTRY_CONFIRMED,
        at=at,
    )
    if offered is None:
        return
    at = yield stage.calendar.at(offered, "18:20")
    actor = stage.beside(who, who, at)
    new = Registration.objects.for_centre(learner.centre_id).select_related("learner").get(pk=new.pk)
    piece = offers_of(actor, new)[0]
    accept_offers(actor=actor, registration=new, values=[offer.value for offer in piece.offers[:2]], at=at)
