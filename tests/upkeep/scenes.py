"""Work in many states, reached by calling services only: what the doctor must find nothing wrong with."""

import datetime as dt

from assessments import services
from assessments.models import Judgement
from common import clock
from portfolio.models import Evidence
from portfolio.services import recall_evidence, revise_evidence, withdraw_evidence
from tests.assessments.conftest import judge
from tests.assessments.test_exempting import put, settle
from tests.assessments.test_purging import ask, decide
from tests.assessments.test_sign_off import WHY, complete, confirm, reopen, sign
from tests.factories import moving
from tests.factories import portfolio as made
from tests.factories.world import World

KEY = "A-506-2130"


def sent(world: World) -> Evidence:
    return made.sent(world).evidence


def decided(world: World) -> Evidence:
    return complete(world)


def signed(world: World) -> Evidence:
    piece = complete(world)
    sign(world)
    return piece


def achieved(world: World) -> None:
    complete(world)
    sign(world)
    confirm(world)


def disputed(world: World) -> None:
    complete(world)
    sign(world)
    confirm(world, agrees=False, reason=WHY)


def answered_and_reopened(world: World) -> None:
    disputed(world)
    unit = world.unit("LA1", KEY)
    services.answer_dispute(
        actor=world.actor("AA1"), learner_unit=unit, answer="It is yours after all.", at=clock.now()
    )
    sign(world)
    reopen(world)


def in_training(world: World) -> Judgement:
    """A trainee's "met" that waits."""
    piece = made.opened(world, "LA3", "AT1").evidence
    judge(world, piece, by="AT1")
    return Judgement.objects.for_centre(piece.centre_id).get()


def countersigned(world: World, *, agrees: bool = True) -> Judgement:
    row = in_training(world)
    made.open_it(world, row.version, "AA2")
    reason = "" if agrees else "The end is missing."
    services.countersign(actor=world.actor("AA2"), judgement=row, agrees=agrees, reason=reason, at=clock.now())
    return row


def not_agreed(world: World) -> None:
    countersigned(world, agrees=False)


def signed_in_training(world: World) -> None:
    """A unit that rests on a trainee, countersigned."""
    piece = complete(world, who="LA3", by="AT1")
    made.open_it(world, piece.versions.get(), "AA2")
    for row in Judgement.objects.for_centre(piece.centre_id).order_by("pk"):
        services.countersign(actor=world.actor("AA2"), judgement=row, agrees=True, at=clock.now())
    sign(world, who="LA3", by="AT1")
    unit = world.unit("LA3", KEY)
    services.countersign_unit(
        actor=world.actor("AA2"), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now()
    )


def sent_back_and_again(world: World) -> Evidence:
    """Not yet, sent again, taken back, sent once more, met."""
    piece = made.opened(world).evidence
    judge(world, piece, verdict="not_yet")
    for taken_back in (True, False):
        draft = made.again(piece)
        if draft.state != "draft":
            draft = revise_evidence(actor=world.actor("LA1"), evidence=draft, at=clock.now())
        version = made.send(world, draft)
        if taken_back:
            recall_evidence(actor=world.actor("LA1"), evidence=made.again(piece), at=clock.now())
    made.open_it(world, version)
    judge(world, made.again(piece))
    return made.again(piece)


def withdrawn(world: World) -> Evidence:
    piece = made.opened(world).evidence
    judge(world, piece, verdict="not_yet")
    return withdraw_evidence(actor=world.actor("LA1"), evidence=made.again(piece), at=clock.now())


def with_photo(world: World) -> Evidence:
    return made.opened(world, kind="media").evidence


def purged(world: World) -> None:
    version = made.opened(world, kind="media")
    decide(world, ask(world, version, words=True))


def exempt(world: World) -> None:
    settle(world, put(world))


def moved(world: World) -> None:
    """A piece judged in one qualification, one that waits, then another qualification."""
    moving.publish_more(world.at)
    old = moving.register(world, moving.LEGACY, "LA1")
    phone = moving.unit_of(old, moving.PHONE)
    moving.judged(world, phone, ["1.2", "1.3", "2.1"], "LA1", "AA1")
    moving.piece(world, phone, ["2.2"], "LA1", title="The second call")
    moving.piece(world, phone, ["2.4"], "LA1", send=False, title="Not sent yet")
    moving.move(world, old, moving.HIGHER)


def left(world: World) -> None:
    """A piece waits when its learner is withdrawn."""
    made.opened(world)
    services.withdraw_registration(
        actor=world.actor("CA"),
        registration=world.registrations["LA1"],
        last_day=world.today - dt.timedelta(days=1),
        reason="They moved away.",
        at=clock.now(),
    )


def on_a_break(world: World) -> None:
    said = {"actor": world.actor("CA"), "at": clock.now()}
    row = services.put_on_break(registration=world.registrations["LA1"], reason="Parental leave.", **said)
    services.resume_registration(registration=row, **said)


ALL = [
    sent,
    decided,
    signed,
    achieved,
    disputed,
    answered_and_reopened,
    in_training,
    countersigned,
    not_agreed,
    signed_in_training,
    sent_back_and_again,
    withdrawn,
    with_photo,
    purged,
    exempt,
    moved,
    left,
    on_a_break,
]
