"""Things of LA1's and of LB1's that an address can name, made by services."""

import datetime as dt

from django.core.files.base import ContentFile

from assessments.models import Exemption, Judgement
from assessments.services import Certificate, ask_purge, record_exemption
from centres.models import Allocation, LearnerUnit, Membership, Registration
from centres.services import add_registration, propose_exception, propose_external
from common import clock
from jobs.enums import JobState, Why
from jobs.services import enqueue
from portfolio.enums import FileState
from portfolio.models import EvidenceFile, Preview
from portfolio.services import receive_file
from qualifications.enums import DraftState
from qualifications.services import stage_import
from tests.assessments.conftest import KEY, judge, open_it, sender
from tests.factories import files
from tests.factories.drafts import draft_of
from tests.factories.world import found

LOOK = "a test names a thing"
#: A unit of the diploma that no piece here is about.
OTHER = "L-506-2133"


def things_of(world, who: str, assessor: str) -> dict[str, str]:
    """The public ids of everything of one learner that stands in an address."""
    learner, registration = world.learners[who], world.registrations[who]
    judged = sender(world)(who, numbers=["4.1"])
    open_it(world, judged, assessor)
    judged.refresh_from_db()
    judge(world, judged, by=assessor)
    waiting, file = _with_file(world, who)
    open_it(world, waiting, assessor)
    person, moved = world.people[who], _moved(world, who, registration)
    return {
        "unit": world.unit(who, KEY).public_id,
        "evidence": waiting.public_id,
        "file": file.public_id,
        "preview": _preview(file).public_id,
        "judgement": Judgement.objects.across_centres(reason=LOOK).get(mapping__evidence=judged).public_id,
        "learner": learner.public_id,
        "registration": registration.public_id,
        "moved": moved.public_id,
        "moved_unit": LearnerUnit.objects.across_centres(reason=LOOK).filter(registration=moved)[0].public_id,
        "exemption": _exemption(world, who).public_id,
        "allocation": Allocation.objects.across_centres(reason=LOOK).get(learner=learner).public_id,
        "person": person.public_id,
        "role": Membership.objects.across_centres(reason=LOOK).get(person=person, centre=learner.centre).public_id,
        "trainee": world.people["AT1" if who == "LA1" else assessor].public_id,
        "countersigner": world.people["AA2" if who == "LA1" else assessor].public_id,
        "rule": _rule(world, who).public_id,
        "external": _external(world, who).public_id,
        "purge": _purge(world, who, assessor).public_id,
        "qualification": world.diploma.public_id,
        "draft": draft_of(learner.centre, world.people[assessor], state=DraftState.SUBMITTED).public_id,
        "form": "case",
        "job": _job(world, file).public_id,
        "import": _import(world, "CA" if who == "LA1" else "CB").public_id,
        "catalogue_unit": world.unit(who, KEY).unit.public_id,
        "catalogue_criterion": world.criterion(KEY, "4.1").public_id,
    }


def _external(world, who: str):
    """Somebody who is to look in from outside, and whom nobody has let in yet."""
    return propose_external(
        actor=world.actor(_admin(who)),
        email=f"visitor-{who.lower()}@people.example",
        given_name="Vera",
        family_name="Visitor",
        entry_codes=[world.diploma.entry_code],
        starts_on=world.today,
        ends_on=world.today + dt.timedelta(days=14),
        proof="Letter of the awarding body of 2 November.",
        at=clock.now(),
    )


def _purge(world, who: str, assessor: str):
    """A request to remove a piece of this learner, which waits for a second person."""
    piece = sender(world)(who, numbers=["4.3"])
    open_it(world, piece, assessor)
    return ask_purge(
        actor=world.actor(assessor),
        evidence=piece,
        version_number=1,
        reason="It names a customer in the second line.",
        words=True,
        at=clock.now(),
    )


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


def _import(world, editor: str):
    """Something that an editor of the catalogue has brought in and that nobody has read yet."""
    content = ContentFile(b"Unit title,Criterion number,Criterion\n")
    return stage_import(actor=world.actor(editor), name="units.csv", content=content, given={}, at=clock.now())


def _job(world, file: EvidenceFile):
    """Background work on this learner's file that broke off so often that an admin has to look."""
    job = enqueue("portfolio.prepare_file", of_centre=file.centre_id, file_id=file.pk)
    dead = {"state": JobState.DEAD, "why": Why.CRASHED, "finished_at": clock.now()}
    type(job).objects.filter(pk=job.pk).update(**dead)
    return job


def _moved(world, who: str, registration: Registration) -> Registration:
    """A registration that follows the first one, which stays open for everything else there is to ask."""
    row = add_registration(
        actor=world.actor(_admin(who)),
        learner=world.learners[who],
        qualification_id=world.certificate.pk,
        place_ids=(),
        starts_on=world.today,
        initial=found(world, world.certificate.level),
        at=clock.now(),
    )
    Registration.objects.across_centres(reason=LOOK).filter(pk=row.pk).update(moved_from=registration)
    return row


def _exemption(world, who: str) -> Exemption:
    certificate = Certificate("OCR", "L/506/2133", "The same unit", world.today, f"C-{who}", "the paper itself")
    return record_exemption(
        actor=world.actor(_admin(who)), learner_unit=world.unit(who, OTHER), certificate=certificate, at=clock.now()
    )


def _admin(who: str) -> str:
    return "CA" if who == "LA1" else "CB"


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

    picture = files.jpeg()
    key = default_storage.save(f"{file.storage_key}-thumb", ContentFile(picture))
    return Preview.objects.create(
        centre_id=file.centre_id, file=file, kind="thumb", storage_key=key, content_type="image/jpeg", size=len(picture)
    )
