"""Fern Saxifrage and Lark Stitchwort, who moved to the diploma: from an old certificate, and from a level below."""

from demo.shapes import Answer, Course, File, Piece
from portfolio.enums import EvidenceKind, Setting

OLD_CALLS = "ocr-a11-deal-with-incoming-telephone-calls-from-customers"
NEW_CALLS, WRITING, CUSTOMERS = "H-506-2154", "T-506-2126", "F-506-2131"
LINE = "Example Leisure, booking line"

CHANGED_BOOKING = Piece(
    "A booking changed twice in one call",
    "A caller changed the day, then the number of people. I kept her with me while I looked, and read it all back.",
    {OLD_CALLS: "1.3 2.1 2.2 2.4 3.3 3.7"},
    EvidenceKind.MEDIA,
    place=LINE,
    people="One caller, who agreed",
    files=(File("mp3", "booking-{stamp}.mp3", "A booking changed", seed=81, taken="11:40", seconds=12),),
)
MESSAGE_FOR_THE_POOL = Piece(
    "A message for the pool",
    "A parent asked about swimming lessons. I took a message so that nobody had to ask her again.",
    {OLD_CALLS: "2.3 3.8 3.9 4.6"},
    EvidenceKind.STATEMENT,
    place=LINE,
    people="One caller, not named; my colleague at the pool agreed",
    body="I asked for her booking number and the first line of her address, as we do. I wrote down: how old, which "
    "days, whether he can float, and until when she can be rung.\n\nBefore closing I asked whether that was all. It "
    "was not: she needs a place for the pushchair. That went into the message too.\n\nThe pool rang her at four.",
)
LETTERS_BEFORE_WRITING = Piece(
    "Before I write to a guest",
    "What I ask myself before I begin, which form I choose and what may not be in a letter.",
    {WRITING: "1.1 1.2 1.3"},
    EvidenceKind.WRITING,
    Setting.CLASSROOM,
    organisation="Example Hotel",
    body="A text message says when the room is ready. An e-mail says what was agreed. A letter says that we are "
    "sorry.\n\nGood practice here: one subject, the name spelt as they spell it, who wrote it and how to reach "
    "them.\n\nNo card numbers, no room numbers with names, nothing about other guests. What we keep is deleted "
    "after two years.",
)
ANSWER_ABOUT_NOISE = Piece(
    "An answer about a noisy night",
    "The guest's question without the name, my notes, the first draft and what I sent.",
    {WRITING: "2.1 2.2 2.3 3.1 3.2 3.3 3.4 3.5"},
    EvidenceKind.WORK_PRODUCT,
    place="Example Hotel, reception",
    people="One guest, not named",
    files=(
        File(
            "pdf",
            "A noisy night.pdf",
            "An answer about a noisy night",
            text="""
            Aim: she knows what went wrong, what we changed, and that she is welcome.

            Gathered first: the log of the night, who was in the room above, what was offered at the desk.

            Draft, read by my manager: two sentences out, because they explained instead of helping.

            Sent: We are sorry that you were kept awake on Saturday. The room above you is no longer used for parties.
            If you stay with us again we shall give you a room on the garden side.

            Recorded: sent on Tuesday, no refund asked for, reason for offering the other side noted in the log.
            """,
        ),
    ),
)

COURSES = (
    Course("fern", CHANGED_BOOKING, 130, 128, "tom", 122, 122, Answer(
        "You never left her in silence. Reading it all back saved a third call.")),
    Course("fern", MESSAGE_FOR_THE_POOL, 75, 74, "tom", 68, 68, Answer(
        "Everything the pool needed was there, and the last question was the right one.")),
    Course("lark", LETTERS_BEFORE_WRITING, 88, 87, "tom", 82, 82, Answer(
        "Three forms, each with its purpose. That is what was asked.")),
    Course("lark", ANSWER_ABOUT_NOISE, 60, 58, "tom", 52, 52, Answer(
        "I see what you took out and why. Clear, kind and true.")),
)  # fmt: skip
