"""Acts that meet on one learner's work: the scenes they start from, the acts, and what must hold afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assessments import services
from assessments.models import CurrentDecision, Exemption, Judgement
from assessments.rules.certificates import Certificate
from centres import services as centres
from centres.enums import Role
from centres.models import LearnerUnit, Registration
from common import clock
from portfolio import services as portfolio
from portfolio.models import Evidence
from qualifications.models import Criterion, Place
from tests.assessments.conftest import GOOD, KEY, mappings_of, open_it, sender
from tests.assessments.test_sign_off import complete, sign
from tests.assessments.test_undoing import lead
from tests.factories import moving as made
from tests.factories.world import World

LOOK = "a race is looked at afterwards"
WHY = "The film shows somebody else."


@dataclass
class Scene:
    """A world with one learner's work in it, and the rows as a page had loaded them before anybody pressed."""

    world: World
    who: str = "LA1"
    by: str = "AA1"
    pieces: dict[str, Evidence] = field(default_factory=dict)

    def unit(self) -> LearnerUnit:
        return self.world.unit(self.who, KEY)

    def registration(self) -> Registration:
        return Registration.objects.across_centres(reason=LOOK).get(pk=self.world.registrations[self.who].pk)

    def shared(self) -> LearnerUnit:
        return self.world.unit(self.who, made.SHARED[0])

    def second(self) -> LearnerUnit:
        rows = LearnerUnit.objects.across_centres(reason=LOOK).exclude(registration=self.registration())
        return rows.select_related("unit", "registration", "learner").get(
            learner=self.world.learners[self.who], unit__key=made.SHARED[0]
        )

    def waiting(self) -> Judgement:
        rows = CurrentDecision.objects.across_centres(reason=LOOK).filter(proposed__isnull=False)
        found = rows.select_related("proposed__mapping__evidence").order_by("pk").first()
        assert found is not None
        assert found.proposed is not None
        return found.proposed


def ready(world: World) -> Scene:
    """Everything in a unit is met by one piece; another piece is a draft for the same unit; a certificate waits."""
    scene = Scene(world)
    draft = portfolio.start_evidence(actor=world.actor("LA1"), kind="writing", at=clock.now())
    words = {"title": "More", "body": "More.", "description": "More.", "setting": "real_work"}
    fields = words | {"activity_date": world.today}
    draft = portfolio.save_draft(actor=world.actor("LA1"), evidence=draft, revision=1, fields=fields, at=clock.now())
    tick = portfolio.Chosen(scene.unit().public_id, world.criterion(KEY, "4.1").public_id)
    portfolio.set_mappings(actor=world.actor("LA1"), evidence=draft, chosen=[tick], unsure=False, at=clock.now())
    scene.pieces = {"done": complete(world), "draft": draft}
    for piece in scene.pieces.values():
        piece.refresh_from_db()
    return scene


def signed(world: World) -> Scene:
    """The unit is signed and waits for its learner."""
    scene = Scene(world, pieces={"done": complete(world)})
    scene.pieces["done"].refresh_from_db()
    sign(world)
    return scene


def trainee(world: World) -> Scene:
    """A trainee decided; a qualified assessor stands beside them and countersigns."""
    centres.allocate(
        actor=world.actor("CA"),
        learner=world.learners["LA3"],
        assessor_id=world.people["AA2"].pk,
        starts_on=world.today,
        alongside=True,
        at=clock.now(),
    )
    scene = Scene(world, who="LA3", by="AT1", pieces={"done": complete(world, "LA3", "AT1")})
    scene.pieces["done"].refresh_from_db()
    open_it(world, scene.pieces["done"], "AA2")
    return scene


def sent(world: World) -> Scene:
    """A piece is sent and nobody has opened it."""
    numbers = list(Criterion.objects.filter(unit__key=KEY).order_by("position").values_list("number", flat=True))
    piece = sender(world)("LA1", numbers=numbers)
    return Scene(world, pieces={"done": piece})


def beside(world: World) -> Scene:
    """A unit is signed off; a second registration beside has the same one, where it may be let count."""
    made.publish_more(world.at)
    scene = Scene(world)
    made.achieved(world, scene.shared(), "LA1", "AA1")
    made.register(world, made.HIGHER, "LA1")
    return scene


def completed(world: World) -> Scene:
    """An award is complete, with a unit exempt by a certificate, and its registration closed as completed."""
    scene, row = Scene(world), made.whole_award(world, but=1)
    unit = made.unit_of(row, made.HIGHER_UNITS[3])
    paper = Certificate("OCR", unit.unit.reference or "", "The same unit", world.today, "123", "the paper itself")
    put = services.record_exemption(actor=world.actor("CA"), learner_unit=unit, certificate=paper, at=clock.now())
    services.settle_exemption(
        actor=_second_person(scene), exemption=put, approves=True, reauthenticated=True, at=clock.now()
    )
    services.complete_registration(actor=world.actor("CA"), registration=row, on=world.today, at=clock.now())
    return scene


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
    decider = _second_person(scene)
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


def _second_person(scene: Scene) -> Any:
    if not scene.world.actor("QA").holds(Role.LEAD_IQA):
        lead(scene.world)
    return scene.world.actor("QA")


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
