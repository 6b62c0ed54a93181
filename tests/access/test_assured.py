"""A quality assurer sees nothing of a learner's other qualification, whatever the address (B11, 4 of the abuse cases)."""

import pytest
from django.db import transaction
from django.urls import reverse

from assessments.models import Exemption, Judgement
from assessments.services import Certificate, record_exemption, reply
from centres.models import LearnerUnit, Registration
from centres.services import propose_exception
from common import clock
from portfolio.models import EvidenceFile
from portfolio.services import Chosen, set_mappings
from qualifications.models import Criterion
from tests.access.table import ROUTES
from tests.access.things import LOOK, things_of
from tests.assessments.conftest import judge
from tests.factories import moving
from tests.factories import portfolio as make
from tests.factories.world import A, two_centres

#: What an address can name that belongs to one registration of a learner.
HIDDEN = {
    "unit",
    "evidence",
    "file",
    "preview",
    "judgement",
    "registration",
    "moved",
    "moved_unit",
    "exemption",
    "rule",
}
PATHS = sorted(name for name, row in ROUTES.items() if set(row.ids.values()) & HIDDEN)
SECRET = "Only under the other qualification"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """LA1 with things of the diploma, and with the same things of a certificate that nobody assures."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = two_centres()
        yield world, things_of(world, "LA1", "AA1"), _elsewhere(world)
        transaction.set_rollback(True)


@pytest.fixture
def world(made, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield made[0]
        transaction.set_rollback(True)


def _elsewhere(world):
    moving.publish_more(world.at)
    registration = moving.register(world, moving.LEGACY, who="LA1")
    rows = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration=registration)
    unit, other = rows.select_related("unit", "learner", "registration").order_by("position")[:2]
    piece = make.draft(world, kind="media", title=SECRET)
    file = make.with_file(world, piece)
    criterion = Criterion.objects.filter(unit_id=unit.unit_id).order_by("position").first()
    ticks = [Chosen(unit.public_id, criterion.public_id)]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=ticks, unsure=False, at=clock.now())
    make.open_it(world, make.send(world, piece))
    judge(world, make.again(piece), by="AA1", verdict="not_yet")
    reply(actor=world.actor("AA1"), evidence=make.again(piece), text=SECRET, at=clock.now())
    moved = moving.register(world, moving.HIGHER, who="LA1")
    Registration.objects.across_centres(reason=LOOK).filter(pk=moved.pk).update(moved_from=registration)
    rule = propose_exception(
        actor=world.actor("CA"),
        learner_unit=unit,
        criterion="",
        asked={},
        eases=True,
        starts_on=world.today,
        reason="Their workplace closed in autumn.",
        at=clock.now(),
    )
    return {
        "registration": registration.public_id,
        "unit": unit.public_id,
        "evidence": piece.public_id,
        "file": EvidenceFile.objects.across_centres(reason=LOOK).get(pk=file.pk).public_id,
        "preview": file.previews.exclude(storage_key="").first().public_id,
        "judgement": Judgement.objects.across_centres(reason=LOOK).get(mapping__evidence=piece).public_id,
        "moved": moved.public_id,
        "moved_unit": LearnerUnit.objects.across_centres(reason=LOOK).filter(registration=moved)[0].public_id,
        "exemption": _exemption(world, other).public_id,
        "rule": rule.public_id,
    }


def _exemption(world, unit) -> Exemption:
    reference = unit.unit.reference or "A/506/2130"
    certificate = Certificate("OCR", reference, unit.unit.title, world.today, unit.public_id, "the paper itself")
    return record_exemption(actor=world.actor("CA"), learner_unit=unit, certificate=certificate, at=clock.now())


def status(client, method, url):
    with transaction.atomic():
        found = getattr(client, method)(url).status_code
        transaction.set_rollback(True)
    return found


def address(name, things):
    return reverse(
        name, kwargs={"centre": A, **{keyword: things[thing] for keyword, thing in ROUTES[name].ids.items()}}
    )


@pytest.mark.parametrize("who", ["QA", "EA"])
def test_no_address_leads_to_another_qualification(world, made, as_client, who):
    _world, here, elsewhere = made
    client, seen = as_client(who), []
    for name in PATHS:
        row = ROUTES[name]
        if who in row.reads | row.acts:
            assert status(client, "get", address(name, here)) not in {403, 404}, name
            seen.append(name)
        for method in ("get", "head", "post", "put", "patch", "delete"):
            wanted = {404} if who in (row.reads if method in {"get", "head"} else row.acts) else {403, 404, 405}
            found = status(client, method, address(name, {**here, **elsewhere}))
            no_page = method != "get" or status(client, "get", address(name, here)) == 405  # it takes posts only
            assert found in wanted | ({405} if no_page else set()), f"{name} {method}: {found}"
    assert len(seen) >= 8


@pytest.mark.parametrize("who", ["QA", "EA"])
def test_no_page_of_the_learner_says_what_else_they_do(world, made, as_client, who):
    _world, here, elsewhere = made
    client = as_client(who)
    pages = [("assessor:learners", {}), ("exemptions:list", {}), ("centre:rules", {}), ("catalogue:versions", "legacy")]
    pages += [(name, {"learner": here["learner"]}) for name in ("assessor:learner", "assessor:progression")]
    legacy = {"public_id": moving.qualification(moving.LEGACY).public_id}
    for name, ids in pages:
        answer = client.get(reverse(name, kwargs={"centre": A, **(legacy if ids == "legacy" else ids)}))
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert SECRET not in text
        if name == "catalogue:versions":
            assert "LA1" not in text
            continue
        assert not [kind for kind, public_id in elsewhere.items() if public_id in text], name
        if name.startswith("assessor:learner"):
            assert moving.LEGACY not in text
            assert moving.HIGHER not in text
    assert (
        SECRET in as_client("AA1").get(f"/c/{A}/assess/evidence/{elsewhere['evidence']}/?tab=versions").content.decode()
    )


def test_an_admin_and_the_learner_still_have_both(world, made, as_client):
    _world, here, elsewhere = made
    answer = as_client("CA").get(reverse("centre:learner", kwargs={"centre": A, "learner": here["learner"]}))
    assert elsewhere["registration"] in answer.content.decode()
    assert status(as_client("LA1"), "get", address("learner:unit", elsewhere)) == 200
