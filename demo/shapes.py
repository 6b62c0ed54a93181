"""What the demo is made of, as plain data: people, pieces, files, answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from centres.enums import Role
from portfolio.enums import EvidenceKind, Setting

#: A moment of the demo: so many days before today, or a fixed day for those who came years ago ("2018-02-05").
When = int | str


@dataclass(frozen=True, slots=True)
class Seat:
    """A role in a centre from a moment on; `days` limits it (a visit), `codes` are the qualifications looked after."""

    centre: str
    role: Role
    since: When
    days: int | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in a centre. `first` says what to look at when signed in as them."""

    key: str
    given: str
    family: str
    email: str
    seats: tuple[Seat, ...]
    first: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A learner: who they are, what they are registered for and who looks after them."""

    key: str
    given: str
    family: str
    email: str
    centre: str
    entry_code: str
    since: When
    assessor: str
    born: str
    gender: str
    workplace: str
    units: tuple[str, ...] = ()
    uln: str = ""
    no_uln: str = ""
    joined: bool = True
    first: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be made by `media.samples`. "{stamp}" in the name becomes day and time, as phones write them.

    `taken` is the time of day; the day is that of the activity. `place` is degrees north and east.
    """

    kind: str
    name: str
    title: str
    text: str = ""
    rows: tuple[tuple[str | float, ...], ...] = ()
    scene: str = ""
    seed: int = 1
    taken: str = "14:05"
    seconds: int = 8
    place: tuple[float, float] | None = None
    model: str = "SM-A546B"

    @property
    def paragraphs(self) -> list[str]:
        """Return the text without the line ends of this source: an empty line begins a paragraph."""
        return [" ".join(paragraph.split()) for paragraph in self.text.strip().split("\n\n")]


@dataclass(frozen=True, slots=True)
class Piece:
    """What a learner writes and offers.

    `shows`: unit key → criteria, each with its place where there is one: "1.1 2.3@p2 4.2@0:15".
    """

    title: str
    description: str
    shows: Mapping[str, str] = field(default_factory=dict)
    kind: EvidenceKind = EvidenceKind.MEDIA
    setting: Setting | str = Setting.REAL_WORK
    place: str = ""
    people: str = ""
    organisation: str = ""
    body: str = ""
    location: str = ""
    custodian: str = ""
    ai_note: str = ""
    files: tuple[File, ...] = ()

    @property
    def unsure(self) -> bool:
        """The learner leaves the criteria to the assessor."""
        return not self.shows


@dataclass(frozen=True, slots=True)
class Answer:
    """What an assessor says to a piece: met, but for the exceptions named by code (15.2.6).

    `left` stays undecided. `next_in` is days from the decision.
    """

    feedback: str
    next_action: str = ""
    next_in: int | None = None
    not_yet: Mapping[str, str] = field(default_factory=dict)
    not_relevant: str = ""
    left: str = ""
    sending_back: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """The usual way of a piece: drafted, sent, opened and answered so many days ago; None: not yet.

    `happened` is the day of the activity; None: the day before the draft. `clock` is the time of day of all its acts.
    """

    who: str
    piece: Piece
    drafted: When
    sent: When | None = None
    by: str = ""
    opened: When | None = None
    answered: When | None = None
    answer: Answer | None = None
    happened: When | None = None
    clock: str = "10:40"
