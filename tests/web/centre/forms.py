"""Addresses and forms of the centre admin, and what they may change."""

from audit.models import Event
from centres import queries
from centres.models import Allocation, Countersigner, Learner, LearnerUnit, Membership, Registration
from jobs.models import Job
from tests.factories.world import A

BASE = f"/c/{A}/centre"


def state():
    """Count and sum up everything that these forms may change."""
    tables = (Membership, Allocation, Countersigner, Learner, Registration, LearnerUnit)
    rows = {t.__name__: list(t.objects.across_centres(reason="a test counts").order_by("pk").values()) for t in tables}
    return rows, Job.objects.count(), Event.objects.exclude(outcome="denied").count()


def roles(world, code):
    return next(iter(queries.places_of(world.people[code].pk, world.today)), None)


def person_url(world, code, rest=""):
    return f"{BASE}/people/{world.people[code].public_id}/{rest}"


def learner_url(world, code, rest=""):
    return f"{BASE}/learners/{world.learners[code].public_id}/{rest}"


def invitation(world, **changed):
    return {
        "given_name": "Nadia",
        "family_name": "Newcomer",
        "email": "new@people.example",
        "roles": ["assessor"],
        "starts_on": world.today.isoformat(),
        "ends_on": "",
    } | changed


def registration(world, **changed):
    return {
        "given_names": "Zoë",
        "family_name": "Fernwick",
        "date_of_birth": "2003-02-28",
        "gender": "F",
        "email": "zoe@people.example",
        "uln": "9276308686",
        "qualification": world.diploma.public_id,
        "starts_on": world.today.isoformat(),
        "initial_on": world.today.isoformat(),
        "outcome_level": "2",
        "assessor": world.people["AA1"].public_id,
    } | changed


def move(world, *codes, **changed):
    return {
        "learners": [world.learners[code].public_id for code in codes],
        "assessor": world.people["AA2"].public_id,
        "starts_on": world.today.isoformat(),
        "reason": "longer leave",
    } | changed


def paper(world, **changed):
    return {
        "awarding_body": "OCR",
        "unit_reference": "L/506/2133",
        "unit_title": "Work with others",
        "awarded_on": world.today.isoformat(),
        "certificate_number": "C-100",
        "checked_at": "the paper itself",
        **changed,
    }


def record(world, who, **changed):
    row = world.learners[who]
    return {
        "given_names": row.given_names,
        "family_name": row.family_name,
        "date_of_birth": row.date_of_birth.isoformat(),
        "gender": row.gender,
        "workplace": row.workplace,
        "uln": row.uln or "",
        "uln_missing_reason": row.uln_missing_reason,
        "reason": "typed wrongly when they joined",
        **changed,
    }
