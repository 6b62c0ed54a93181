"""The world of an actor: a set of registrations (decision 11). Learners, units, evidence and decisions hang on them."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from centres.actor import Actor
from centres.enums import OVER, RegistrationState, UnitState
from centres.models import Allocation, Assurance, Countersigner, Learner, LearnerUnit, Registration
from centres.queries.core import on_day
from centres.queries.countersigners import assures_it, free_countersigners
from centres.queries.prepared import keys_for, prepared
from common.prepared import Prepared
from qualifications.models import Qualification


def visible_registrations(actor: Actor) -> QuerySet[Registration]:
    """Return the registrations this actor may see today, and no others (R13, R99, R126).

    An admin: all of the centre. A learner: their own. An assessor: `looked_after_registrations`, and those of signed
    units that they may countersign: as whoever is named for the trainee, or as any qualified assessor. A quality
    assurer: those of the qualifications they look after, within the days of their visit, unless withdrawn.
    """
    if actor.is_admin:
        return Registration.objects.for_centre(actor.centre_id)
    return _visible(actor)


def visible_keys(actor: Actor) -> Prepared:
    """Return the keys alone of `visible_registrations`, for a condition on something else; of no admin."""
    return keys_for(actor, _visible)


@prepared
def _visible(actor: Actor) -> QuerySet[Registration]:
    rows = Registration.objects.for_centre(actor.centre_id)
    allowed = Q(pk__in=[])
    for units in _signed_for(actor) if actor.qualified else ():  # the deepest first: SQLite's parser counts from there
        allowed |= Q(pk__in=units.order_by().values("registration_id"))
    if actor.is_learner:
        allowed |= Q(learner_id=actor.learner_id)
    if actor.assesses:
        allowed |= _looked_after(actor)
    if actor.assures:
        allowed |= Q(qualification__in=_assured(actor)) & ~Q(state=RegistrationState.WITHDRAWN)
    return rows.filter(allowed)


@prepared
def looked_after_registrations(actor: Actor) -> QuerySet[Registration]:
    """Return the registrations allocated today to this actor, or to a trainee they countersign for (R6, R13)."""
    rows = Registration.objects.for_centre(actor.centre_id)
    return rows.filter(_looked_after(actor)) if actor.assesses else rows.none()


@prepared
def assessed_registrations(actor: Actor) -> QuerySet[Registration]:
    """Return the registrations in which this actor judges today: allocated to them, never their own (R8, R13)."""
    rows = Registration.objects.for_centre(actor.centre_id)
    if not actor.assesses:
        return rows.none()
    return rows.filter(_covered(_allocated(actor))).exclude(learner__person_id=actor.person_id)


def visible_learners(actor: Actor) -> QuerySet[Learner]:
    """Return the learners of whom this actor may see a registration today; an admin all of the centre (R126)."""
    learners = Learner.objects.for_centre(actor.centre_id)
    if actor.is_admin:
        return learners
    allowed = Q(pk__in=visible_registrations(actor).values("learner_id"))
    return learners.filter(allowed | Q(pk=actor.learner_id) if actor.is_learner else allowed)


def assessed_learners(actor: Actor) -> QuerySet[Learner]:
    """Return the learners of whom this actor judges a registration today (R13), never themselves (R8)."""
    rows = Learner.objects.for_centre(actor.centre_id)
    return rows.filter(pk__in=assessed_registrations(actor).values("learner_id"))


def countersigned_by_any(actor: Actor) -> QuerySet[LearnerUnit]:
    """Return signed units that any qualified assessor but those who took part may countersign (R6).

    They rest on a trainee for whom nobody able is named: the countersigner left or assures the qualification, or
    decided or signed here themselves.
    """
    return _signed(actor).filter(Q(countersign_by_any=True) | Q(~Exists(_free(actor))))


def _signed_for(actor: Actor) -> Iterator[QuerySet[LearnerUnit]]:
    """Yield signed units that this actor may have to countersign, whoever looks after the learner by now (R6).

    One condition each: all of them in one is deeper than what SQLite's parser takes.
    """
    mine = Countersigner.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on), countersigner_id=actor.person_id, trainee_id=OuterRef("rests_on_trainee_id")
    )
    yield _signed(actor).filter(~Exists(_free(actor)))
    yield _signed(actor).filter(Q(countersign_by_any=True) | Q(Exists(mine)))


def _signed(actor: Actor) -> QuerySet[LearnerUnit]:
    rows = LearnerUnit.objects.for_centre(actor.centre_id)
    if not actor.qualified:
        return rows.none()
    signed = rows.filter(state=UnitState.ASSESSOR_SIGNED, rests_on_trainee__isnull=False)
    signed = signed.exclude(registration__state__in=OVER)  # nobody countersigns in what is over
    signed = signed.filter(~assures_it(actor))
    return signed.exclude(learner__person_id=actor.person_id)


def _free(actor: Actor) -> QuerySet[Countersigner]:
    return free_countersigners(actor).filter(trainee_id=OuterRef("rests_on_trainee_id"))


def covering(allocations: QuerySet[Allocation]) -> QuerySet[Allocation]:
    """Narrow allocations to those that cover the registration of the outer query: of its learner, naming none or it."""
    named = Q(registration=None) | Q(registration_id=OuterRef("pk"))
    return allocations.filter(named, learner_id=OuterRef("learner_id"))


def _looked_after(actor: Actor) -> Q:
    mine = _covered(_allocated(actor))
    return mine | _covered(_of_trainees(actor)) if actor.qualified else mine


def _covered(allocations: QuerySet[Allocation]) -> Q:
    """Say of registrations that one of these allocations covers them: one that names none covers all of its learner.

    One that names a registration covers all that this was moved from as well, however often: their work counts, or is
    judged again, from there (R34).
    """
    named = allocations.filter(registration__isnull=False)
    everything = Q(learner_id__in=allocations.filter(registration=None).values("learner_id"))
    return everything | Q(pk__in=WithEarlier(named.values("registration_id")))


class WithEarlier(Subquery):
    """Registrations by key, and all that they were moved from, back to the first: both databases follow the moves."""

    template = (
        "(WITH RECURSIVE moved(id) AS (%(subquery)s"
        " UNION SELECT earlier.moved_from_id FROM centres_registration earlier"
        " JOIN moved ON earlier.id = moved.id WHERE earlier.moved_from_id IS NOT NULL) SELECT id FROM moved)"
    )


def _allocated(actor: Actor) -> QuerySet[Allocation]:
    rows = Allocation.objects.for_centre(actor.centre_id)
    found: QuerySet[Allocation] = rows.filter(on_day(actor.on), assessor_id=actor.person_id)
    return found


def _of_trainees(actor: Actor) -> QuerySet[Allocation]:
    links = Countersigner.objects.for_centre(actor.centre_id)
    mine = links.filter(on_day(actor.on), countersigner_id=actor.person_id)
    rows = Allocation.objects.for_centre(actor.centre_id)
    found: QuerySet[Allocation] = rows.filter(on_day(actor.on), assessor_id__in=mine.values("trainee_id"))
    return found


def assurances(actor: Actor) -> QuerySet[Assurance]:
    """Return what this actor looks after today as a quality assurer: on the days of the role and of the visit (R99)."""
    rows: QuerySet[Assurance] = Assurance.objects.for_centre(actor.centre_id)
    return rows.filter(
        on_day(actor.on, "membership__"),
        Q(starts_on=None) | Q(starts_on__lte=actor.on),
        Q(ends_on=None) | Q(ends_on__gte=actor.on),
        membership__person_id=actor.person_id,
    )


def _assured(actor: Actor) -> QuerySet[Qualification]:
    """Return the qualifications, in every version, that this actor looks after today as a quality assurer."""
    mine = assurances(actor).filter(
        Q(awarding_body="") | Q(awarding_body=OuterRef("awarding_body")), entry_code=OuterRef("entry_code")
    )
    found: QuerySet[Qualification] = Qualification.objects.filter(Exists(mine))
    return found
