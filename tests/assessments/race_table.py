"""Acts that meet on one learner's work, by the scene they start from."""

from collections.abc import Callable
from typing import Any

from assessments import services
from assessments.models import Exemption
from assessments.rules.certificates import Certificate
from centres import services as centres
from centres.models import Registration
from common import clock
from portfolio import services as portfolio
from qualifications.models import Criterion, Place
from tests.assessments.conftest import GOOD, KEY, mappings_of
from tests.assessments.race_scenes import (
    LOOK,
    WHY,
    Scene,
    beside,
    completed,
    ready,
    second_person,
    sent,
    signed,
    trainee,
)
from tests.factories import moving as made
from tests.factories.world import World

#: From a scene to what presses the button: with actor and rows as the page had loaded them.
Act = Callable[[Scene], Any]


def _decide(verdict: str, by: str = "") -> Act:
    def act(scene: Scene) -> Any:
        piece = scene.pieces["done"]
        given = [services.VerdictGiven(m.public_id, m.round, verdict, "Not shown.") for m in mappings_of(piece)[:1]]
        actor = scene.world.actor(by or scene.by)
        return lambda: services.decide(
            actor=actor,
            evidence=piece,
            version_number=piece.version_number,
            verdicts=given,
            answers=GOOD,
            at=clock.now(),
        )

    return act


def _send_back(scene: Scene) -> Any:
    piece = scene.pieces["done"]
    actor = scene.world.actor(scene.by)
    return lambda: services.send_back(
        actor=actor,
        evidence=piece,
        version_number=piece.version_number,
        verdicts=[],
        answers=services.ReviewAnswers(feedback="Please look again."),
        at=clock.now(),
    )


def _ask_purge(scene: Scene) -> Any:
    actor, piece = scene.world.actor("QA"), scene.pieces["done"]
    return lambda: services.ask_purge(
        actor=actor, evidence=piece, version_number=1, reason="It names a customer.", words=True, at=clock.now()
    )


def _countersign(*, agrees: bool) -> Act:
    def act(scene: Scene) -> Any:
        judgement = scene.waiting()
        actor = scene.world.actor("AA2")
        return lambda: services.countersign(actor=actor, judgement=judgement, agrees=agrees, reason=WHY, at=clock.now())

    return act


def _sign(by: str = "") -> Act:
    def act(scene: Scene) -> Any:
        unit = scene.unit()
        actor = scene.world.actor(by or scene.by)
        return lambda: services.sign_off(
            actor=actor,
            learner_unit=unit,
            declared=True,
            reauthenticated=True,
            at=clock.now(),
        )

    return act


def _reopen(scene: Scene) -> Any:
    unit = scene.unit()
    actor = scene.world.actor(scene.by)
    return lambda: services.reopen_unit(
        actor=actor, learner_unit=unit, reason=WHY, reauthenticated=True, at=clock.now()
    )


def _carry(scene: Scene) -> Any:
    unit, actor = scene.second(), scene.world.actor(scene.by)
    return lambda: services.carry_over(actor=actor, learner_unit=unit, reauthenticated=True, at=clock.now())


def _reopen_first(scene: Scene) -> Any:
    unit, actor = scene.shared(), scene.world.actor(scene.by)
    return lambda: services.reopen_unit(
        actor=actor, learner_unit=unit, reason=WHY, reauthenticated=True, at=clock.now()
    )


def _answer(*, agrees: bool) -> Act:
    def act(scene: Scene) -> Any:
        unit = scene.unit()
        actor = scene.world.actor(scene.who)
        return lambda: services.confirm_unit(
            actor=actor,
            learner_unit=unit,
            agrees=agrees,
            reason=WHY,
            reauthenticated=True,
            at=clock.now(),
        )

    return act


def _own(service: Callable[..., Any], piece: str = "done") -> Act:
    def act(scene: Scene) -> Any:
        evidence = scene.pieces[piece]
        actor = scene.world.actor(scene.who)
        return lambda: service(actor=actor, evidence=evidence, at=clock.now())

    return act


def _send(scene: Scene) -> Any:
    draft = scene.pieces["draft"]
    answers = portfolio.Declaration(declared=True, no_customer_named=True, ai_use="none")
    actor = scene.world.actor(scene.who)
    return lambda: portfolio.submit_evidence(
        actor=actor, evidence=draft, revision=draft.revision, answers=answers, at=clock.now()
    )


def _add(scene: Scene) -> Any:
    other = scene.world.unit(scene.who, "J-506-2132")
    criterion = Criterion.objects.filter(unit_id=other.unit_id).first()
    assert criterion is not None
    actor = scene.world.actor(scene.by)
    return lambda: portfolio.add_mapping(
        actor=actor,
        evidence=scene.pieces["done"],
        learner_unit=other,
        criterion_id=criterion.public_id,
        at=clock.now(),
    )


def _allocate(scene: Scene) -> Any:
    actor = scene.world.actor("CA")
    return lambda: centres.allocate(
        actor=actor,
        learner=scene.world.learners[scene.who],
        assessor_id=scene.world.people["DUO"].pk,
        starts_on=scene.world.today,
        reason="moves",
        at=clock.now(),
    )


def _end_access(scene: Scene) -> Any:
    actor = scene.world.actor("CA")
    return lambda: centres.end_access(actor=actor, person=scene.world.people[scene.by], at=clock.now())


def _change_units(scene: Scene) -> Any:
    row = scene.registration()
    places = Place.objects.filter(group__qualification=row.qualification_id).exclude(unit__key=KEY)
    actor = scene.world.actor("CA")
    return lambda: portfolio.change_choice(
        actor=actor,
        registration=row,
        place_ids=list(places.values_list("pk", flat=True)),
        reason="The job changed.",
        at=clock.now(),
    )


def _move(scene: Scene) -> Any:
    made.publish_more(scene.world.at)
    row = scene.registration()
    return lambda: made.move(scene.world, row, made.HIGHER)


def _leave(scene: Scene) -> Any:
    row, actor = scene.registration(), scene.world.actor("CA")
    last = scene.world.today
    return lambda: services.withdraw_registration(
        actor=actor, registration=row, last_day=last, reason=made.WHY, at=clock.now()
    )


def _pause(scene: Scene) -> Any:
    row, actor = scene.registration(), scene.world.actor("CA")
    return lambda: services.put_on_break(actor=actor, registration=row, reason=made.WHY, at=clock.now())


def _exempt(scene: Scene) -> Any:
    certificate = Certificate("OCR", "A/506/2130", "The same unit", scene.world.today, "123", "the paper itself")
    waiting = Exemption.objects.across_centres(reason=LOOK).filter(learner_unit=scene.unit())
    if not waiting.exists():  # two who decide, decide about the same one
        services.record_exemption(
            actor=scene.world.actor("CA"), learner_unit=scene.unit(), certificate=certificate, at=clock.now()
        )
    found = waiting.get()
    decider = second_person(scene)
    return lambda: services.settle_exemption(
        actor=decider, exemption=found, approves=True, reauthenticated=True, at=clock.now()
    )


def _award(scene: Scene) -> Registration:
    rows = Registration.objects.across_centres(reason=LOOK).select_related("qualification", "learner")
    return rows.get(learner=scene.world.learners[scene.who], qualification__entry_code=made.SHAPED)


def _take_back(scene: Scene) -> Any:
    row, actor = _award(scene), scene.world.actor("CA")
    return lambda: services.resume_registration(
        actor=actor, registration=row, reason=WHY, reauthenticated=True, at=clock.now()
    )


def _taken_back_then(act: Act) -> Act:
    """What follows at once, by somebody whose page was made when it was taken back."""

    def both(scene: Scene) -> Any:
        first, then = _take_back(scene), act(scene)
        return lambda: (first(), then())

    return both


def _complete(scene: Scene) -> Any:
    row, actor = _award(scene), scene.world.actor("CA")
    return lambda: services.complete_registration(actor=actor, registration=row, on=scene.world.today, at=clock.now())


def _revoke(scene: Scene) -> Any:
    row = Exemption.objects.across_centres(reason=LOOK).get(learner_unit__registration=_award(scene))
    actor = scene.world.actor("QA")
    return lambda: services.revoke_exemption(
        actor=actor, exemption=row, reason=WHY, reauthenticated=True, at=clock.now()
    )


def _reopen_in_it(scene: Scene) -> Any:
    unit, actor = made.unit_of(_award(scene), made.SHARED[0]), scene.world.actor(scene.by)
    return lambda: services.reopen_unit(
        actor=actor, learner_unit=unit, reason=WHY, reauthenticated=True, at=clock.now()
    )


COMMON: dict[str, Act] = {
    "decide": _decide("not_yet"),
    "send back": _send_back,
    "withdraw": _own(portfolio.withdraw_evidence),
    "add criterion": _add,
    "allocate": _allocate,
    "end access": _end_access,
    "move": _move,
    "leave": _leave,
}
SCENES: dict[str, tuple[Callable[[World], Scene], dict[str, Act]]] = {
    "ready": (
        ready,
        {
            **COMMON,
            "sign": _sign(),
            "ask purge": _ask_purge,
            "send": _send,
            "revise": _own(portfolio.revise_evidence),
            "change units": _change_units,
            "exempt": _exempt,
            "break": _pause,
        },
    ),
    "signed": (
        signed,
        {
            **COMMON,
            "reopen": _reopen,
            "confirm": _answer(agrees=True),
            "dispute": _answer(agrees=False),
            "revise": _own(portfolio.revise_evidence),
            "change units": _change_units,
        },
    ),
    "trainee": (
        trainee,
        {
            "decide again": _decide("not_yet"),
            "decide beside": _decide("met", by="AA2"),
            "countersign": _countersign(agrees=True),
            "refuse": _countersign(agrees=False),
            "sign": _sign(by="AA2"),
            "withdraw": _own(portfolio.withdraw_evidence),
            "end access": _end_access,
            "move": _move,
            "leave": _leave,
        },
    ),
    "sent": (
        sent,
        {
            "recall": _own(portfolio.recall_evidence),
            "withdraw": _own(portfolio.withdraw_evidence),
            "sign": _sign(),
            "ask purge": _ask_purge,
            "add criterion": _add,
            "allocate": _allocate,
            "move": _move,
            "leave": _leave,
        },
    ),
    "beside": (beside, {"carry": _carry, "reopen": _reopen_first, "leave": _leave, "break": _pause}),
    "completed": (
        completed,
        {
            "take back": _take_back,
            "complete": _complete,
            "withdraw exemption": _taken_back_then(_revoke),
            "reopen": _taken_back_then(_reopen_in_it),
        },
    ),
}
