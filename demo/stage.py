"""Where the demo plays: who is who by key, and what a person of a centre is on a day."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.models import User
from centres.actor import Actor
from centres.models import Centre, Learner, LearnerUnit
from centres.queries import actor_at, places_of
from common import clock
from demo.moments import Calendar
from demo.people import LEARNERS
from demo.shapes import Enrolment, File
from portfolio.models import Evidence

ENROLMENTS = {enrolment.key: enrolment for enrolment in LEARNERS}


@dataclass(slots=True)
class Stage:
    """The people made so far, and where their files come from."""

    calendar: Calendar
    file: Callable[[File, dt.date], bytes]
    people: dict[str, User] = field(default_factory=dict)
    pieces: dict[tuple[str, str], int] = field(default_factory=dict)

    def actor(self, who: str, number: str, at: dt.datetime) -> Actor:
        """Return what the walls make of somebody in a centre on the day of `at`."""
        person, day = self.people[who], clock.london_date(at)
        found = actor_at(places_of(person.pk, day), person, number, on=day, request_id="demo")
        if found is None:
            raise LookupError(f"{who} is nobody in {number} on {day}")
        return found

    def beside(self, who: str, learner: str, at: dt.datetime) -> Actor:
        """Return somebody as they are in the centre of a learner; the learner too."""
        return self.actor(who, ENROLMENTS[learner].centre, at)

    def learner(self, key: str) -> Learner:
        """Return a learner's row."""
        centre = Centre.objects.get(number=ENROLMENTS[key].centre)
        return Learner.objects.for_centre(centre.pk).select_related("person").get(person=self.people[key])

    def unit(self, key: str, unit: str) -> LearnerUnit:
        """Return a chosen unit of a learner."""
        learner = self.learner(key)
        rows = LearnerUnit.objects.for_centre(learner.centre_id).select_related("unit")
        return rows.get(learner=learner, unit__key=unit)

    def piece(self, key: str, title: str) -> Evidence:
        """Return a learner's piece as it is now."""
        learner = self.learner(key)
        rows = Evidence.objects.for_centre(learner.centre_id).select_related("learner__person")
        return rows.get(pk=self.pieces[key, title])


def enrolment(key: str) -> Enrolment:
    """Return how a learner is enrolled."""
    return ENROLMENTS[key]
