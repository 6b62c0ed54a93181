"""Things of LA1's and of LB1's that an address can name, made by services."""

from django.core.files.base import ContentFile

from assessments.models import Judgement
from centres.models import Allocation, Membership
from centres.services import propose_exception
from common import clock
from portfolio.enums import FileState
from portfolio.models import EvidenceFile, Preview
from portfolio.services import receive_file
from tests.assessments.conftest import KEY, judge, open_it, sender
from tests.factories import files

LOOK = "a test names a thing"


def things_of(world, who: str, assessor: str) -> dict[str, str]:
    """The public ids of everything of one learner that stands in an address."""
    learner, registration = world.learners[who], world.registrations[who]
    judged = sender(world)(who, numbers=["4.1"])
    open_it(world, judged, assessor)
    judged.refresh_from_db()
    judge(world, judged, by=assessor)
    waiting, file = _with_file(world, who)
    open_it(world, waiting, assessor)
    person = world.people[who]
    return {
        "unit": world.unit(who, KEY).public_id,
        "evidence": waiting.public_id,
        "file": file.public_id,
        "preview": _preview(file).public_id,
        "judgement": Judgement.objects.across_centres(reason=LOOK).get(claim__evidence=judged).public_id,
        "learner": learner.public_id,
        "registration": registration.public_id,
        "allocation": Allocation.objects.across_centres(reason=LOOK).get(learner=learner).public_id,
        "person": person.public_id,
        "role": Membership.objects.across_centres(reason=LOOK).get(person=person, centre=learner.centre).public_id,
        "trainee": world.people["AT1" if who == "LA1" else assessor].public_id,
        "countersigner": world.people["AA2" if who == "LA1" else assessor].public_id,
        "rule": _rule(world, who).public_id,
        "qualification": world.diploma.public_id,
        "catalogue_unit": world.unit(who, KEY).unit.public_id,
    }


def _rule(world, who: str):
    """An exception for this learner that waits for a second person."""
    unit, admin = world.unit(who, KEY), "CA" if who == "LA1" else "CB"
    return propose_exception(
        actor=world.actor(admin),
        learner_unit=unit,
        criterion="",
        asked={},
        eases=True,
        starts_on=world.today,
        reason="Their workplace closed in autumn.",
        at=clock.now(),
    )


def _with_file(world, who: str):
    """A piece with a photo: the file is received into the draft, checked, then the piece is sent."""
    box: list[EvidenceFile] = []

    def add(actor, piece):
        content = ContentFile(files.jpeg(seed=len(who) + ord(who[1])), name="photo.jpg")
        file = receive_file(actor=actor, evidence=piece, name="photo.jpg", content=content, at=clock.now())
        EvidenceFile.objects.for_centre(actor.centre_id).filter(pk=file.pk).update(
            state=FileState.READY, family="image"
        )
        box.append(file)

    piece = sender(world)(who, numbers=["4.2"], before_sending=add)
    return piece, box[0]


def _preview(file: EvidenceFile) -> Preview:
    from django.core.files.storage import default_storage

    key = default_storage.save(f"{file.storage_key}-thumb", ContentFile(files.jpeg()))
    return Preview.objects.create(
        centre_id=file.centre_id, file=file, kind="thumb", storage_key=key, content_type="image/jpeg", size=10
    )
