"""The scenes from which acts on one learner's work meet: a world with rows as a page had loaded them."""

from dataclasses import dataclass, field
from typing import Any

from assessments import services
from assessments.models import CurrentDecision, Judgement
from assessments.rules.certificates import Certificate
from centres.enums import Role
from centres.models import LearnerUnit, Registration
from common import clock
from portfolio import services as portfolio
from portfolio.models import Evidence
from qualifications.models import Criterion
from tests.assessments.conftest import KEY, beside_the_trainee, open_it, sender
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
    beside_the_trainee(world)
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
        actor=second_person(scene), exemption=put, approves=True, reauthenticated=True, at=clock.now()
    )
    services.complete_registration(actor=world.actor("CA"), registration=row, on=world.today, at=clock.now())
    return scene


def second_person(scene: Scene) -> Any:
    """A quality assurer who may decide about certificates."""
    if not scene.world.actor("QA").holds(Role.LEAD_IQA):
        lead(scene.world)
    return scene.world.actor("QA")
