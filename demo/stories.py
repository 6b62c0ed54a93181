"""What happens in the demo's centres: the usual way of most pieces, and what has a story of its own."""

import datetime as dt
from collections.abc import Iterator

from assessments.services import ask_purge, decide_purge
from demo import acts
from demo.moments import Story
from demo.pieces import calls, earlier, hotel, leading, shop, switching
from demo.shapes import Answer, Course, File, When
from demo.stage import Stage

COURSES: tuple[Course, ...] = (
    *shop.COURSES,
    *calls.COURSES,
    *hotel.COURSES,
    *leading.COURSES,
    *earlier.COURSES,
    *switching.COURSES,
)
PAID_TWICE_DAY = 15
#: Answers of so many days are not read by their learners yet.
UNREAD = 5


def happened_on(stage: Stage, course: Course) -> dt.date:
    """Return the day of a course's activity."""
    if course.happened is not None:
        return stage.calendar.day(course.happened)
    return stage.calendar.day(course.drafted) - dt.timedelta(days=1)


def files_wanted(stage: Stage) -> Iterator[tuple[File, dt.date]]:
    """Yield all files of all stories with their day, in the order in which they are needed."""
    days = [(happened_on(stage, course), course.piece) for course in COURSES]
    days.append((stage.calendar.day(PAID_TWICE_DAY), calls.PAID_TWICE))
    for day, piece in sorted(days, key=lambda pair: pair[0]):
        yield from ((file, day) for file in piece.files)


def stories(stage: Stage) -> Iterator[Story]:
    """Yield every story of the demo."""
    for course in COURSES:
        yield _usual(stage, course)
    yield _second_version(stage)
    yield _about_the_poster(stage)
    yield _names_of_guests(stage)
    yield _two_assessors(stage)
    yield from _countersigned(stage)
    yield from _units(stage)


def _usual(stage: Stage, course: Course) -> Story:
    """Draft, send, open, answer: as far as the course goes."""
    at = yield stage.calendar.at(course.drafted, course.clock)
    acts.draft(stage, course.who, course.piece, happened_on(stage, course), at)
    if course.sent is None:
        return
    at = yield stage.calendar.at(course.sent, course.clock)
    acts.send(stage, course.who, course.piece, at)
    if course.opened is None or course.answered is None or course.answer is None:
        return
    title = course.piece.title
    at = yield stage.calendar.at(course.opened, "16:20")
    acts.look(stage, course.by, course.who, title, at)
    at = yield stage.calendar.at(course.answered, "16:35")
    acts.answer(stage, course.by, course.who, title, said=course.answer, at=at)
    if isinstance(course.answered, str) or course.answered > UNREAD:
        at = yield stage.calendar.at(course.answered, "19:10")
        acts.look(stage, course.who, course.who, title, at)


def _second_version(stage: Stage) -> Story:
    """Sent back with a question, written again, waiting as version 2."""
    piece = shop.HARD_OF_HEARING_FIRST
    at = yield stage.calendar.at(28, "18:30")
    acts.draft(stage, "maya", piece, stage.calendar.day(29), at)
    at = yield stage.calendar.at(28, "18:55")
    acts.send(stage, "maya", piece, at)
    at = yield stage.calendar.at(20, "15:10")
    acts.look(stage, "priya", "maya", piece.title, at)
    at = yield stage.calendar.at(20, "15:25")
    acts.answer(stage, "priya", "maya", piece.title, said=shop.SAY_MORE, at=at)
    at = yield stage.calendar.at(7, "19:00")
    acts.look(stage, "maya", "maya", piece.title, at)
    at = yield stage.calendar.at(7, "19:05")
    description = "I helped somebody who could not hear well to choose a telephone, and made sure that he could use it."
    acts.rewrite(stage, "maya", piece.title, {"description": description, "body": shop.HARD_OF_HEARING_AGAIN}, at)
    at = yield stage.calendar.at(6, "18:40")
    acts.send(stage, "maya", piece, at)


def _about_the_poster(stage: Stage) -> Story:
    """A short talk about a piece that came back."""
    title = shop.COMPLAINTS_POSTER.title
    at = yield stage.calendar.at(4, "18:15")
    acts.talk(stage, "maya", "maya", title, words="Is it enough if I put a strip of paper over the list?", at=at)
    at = yield stage.calendar.at(3, "09:05")
    acts.talk(
        stage, "priya", "maya", title, words="Yes, if the paper is thick. The steps above it are what I need.", at=at
    )


def _names_of_guests(stage: Stage) -> Story:
    """Callum finds guests' names and rooms in a photo; the office agrees, and the photo is gone for good (R60)."""
    title = hotel.ARRIVALS_LIST.title
    at = yield stage.calendar.at(15, "16:10")
    evidence = acts.look(stage, "callum", "jack", title, at)
    purge = ask_purge(
        actor=stage.beside("callum", "jack", at),
        evidence=evidence,
        version_number=1,
        reason="Names and room numbers of eleven guests can be read on the screen.",
        words=False,
        at=at,
    )
    at = yield stage.calendar.at(14, "09:15")
    decide_purge(actor=stage.beside("rowan", "jack", at), purge=purge, agrees=True, at=at)


def _two_assessors(stage: Stage) -> Story:
    """Priya has half an answer typed when Linnea decides part of the same piece; both have it open now."""
    piece, title = calls.PAID_TWICE, calls.PAID_TWICE.title
    at = yield stage.calendar.at(14, "17:20")
    acts.draft(stage, "iris", piece, stage.calendar.day(PAID_TWICE_DAY), at)
    at = yield stage.calendar.at(14, "17:45")
    acts.send(stage, "iris", piece, at)
    at = yield stage.calendar.at(6, "14:00")
    acts.look(stage, "priya", "iris", title, at)
    at = yield stage.calendar.at(6, "14:12")
    words = "You rang back when you had said you would, even without news. That is what she will remember."
    acts.type_feedback(stage, "priya", "iris", title, code="15.2.1", words=words, at=at)
    at = yield stage.calendar.at(5, "09:40")
    acts.look(stage, "linnea", "iris", title, at)
    at = yield stage.calendar.at(5, "09:55")
    said = Answer(
        "Your notes show the cause and what you told her. I leave the rest to Priya.", left="8.3.1 8.3.3 15.2.6 15.2.8"
    )
    acts.answer(stage, "linnea", "iris", title, said=said, at=at)
    at = yield stage.calendar.now
    acts.stay(stage, "linnea", "iris", title, at)
    acts.stay(stage, "priya", "iris", title, at)


def _countersigned(stage: Stage) -> Iterator[Story]:
    """Priya agrees with most of what Callum decided, and with one decision she does not."""
    doubt = "The guest said it was hot; I would like Poppy to say how she checked with the kitchen too."
    yield _one_countersigned(stage, "jack", hotel.OPEN_QUESTIONS.title, 70)
    yield _one_countersigned(stage, "jack", hotel.HOUSEKEEPING.title, 31)
    yield _one_countersigned(stage, "poppy", hotel.PLANNING.title, 63)
    yield _one_countersigned(stage, "poppy", hotel.SHIFT_PLAN.title, 40)
    yield _one_countersigned(stage, "poppy", hotel.COLD_SOUP.title, 10, doubt)


def _one_countersigned(stage: Stage, who: str, title: str, when: When, doubt: str = "") -> Story:
    at = yield stage.calendar.at(when, "11:30")
    acts.countersign(stage, "priya", who, title, at=at, disagree=doubt)


def _units(stage: Stage) -> Iterator[Story]:
    """Units signed, confirmed, disputed, reopened; Amir's is ready and nobody has signed it yet."""
    unfair = "Two of the answers use a report that my colleague wrote. I want to say so before it counts."
    sampled = "The log of one week is missing from the copy I was sent. I shall sign again when it is here."
    yield _unit(stage, "priya", "maya", shop.CUSTOMERS, signed=104, confirmed=103)
    yield _unit(stage, "priya", "maya", shop.EMPLOYERS, signed=3)
    yield _unit(stage, "callum", "poppy", hotel.TIME, signed=20)
    yield _unit(stage, "tom", "owen", hotel.STAY, signed=40, confirmed=38, dispute=unfair)
    yield _unit(stage, "tom", "daisy", calls.HANDOVER, signed=60, confirmed=58, reopened=9, reason=sampled)
    yield _unit(stage, "priya", "reg", earlier.LANGUAGE, signed="2018-06-01", confirmed="2018-06-04")
    yield _unit(stage, "tom", "hazel", earlier.SERVICE, signed="2019-04-01", confirmed="2019-04-03")


def _unit(
    stage: Stage,
    by: str,
    who: str,
    unit: str,
    *,
    signed: When,
    confirmed: When | None = None,
    dispute: str = "",
    reopened: When | None = None,
    reason: str = "",
) -> Story:
    at = yield stage.calendar.at(signed, "17:10")
    acts.sign(stage, by, who, unit, at)
    if confirmed is None:
        return
    at = yield stage.calendar.at(confirmed, "19:30")
    acts.confirm(stage, who, unit, at, dispute=dispute)
    if reopened is not None:
        at = yield stage.calendar.at(reopened, "10:15")
        acts.reopen(stage, by, who, unit, reason=reason, at=at)
