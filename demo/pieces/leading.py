"""Linnea Yarrow and Tom Speedwell, who assess others and learn themselves."""

from demo.shapes import Answer, Course, File, Piece
from portfolio.enums import EvidenceKind

LEARNING, CHAMPION, REVIEW = "M-506-1962", "D-506-2153", "F-506-2176"

TEAM_PLAN = Piece(
    "A learning plan for my team",
    "What four new colleagues need to learn, how we agreed it with each of them, and how we shall see that it helped.",
    {LEARNING: "1.3@p1 2.2@p1 2.3@p1 2.4@p1"},
    EvidenceKind.WORK_PRODUCT,
    place="Northgate Training",
    people="Four colleagues, by initials; they agreed",
    files=(
        File(
            "pdf",
            "Learning plan.pdf",
            "A learning plan for the team",
            text="""
            I asked each of the four to bring one conversation that went well and one that did not. That told us more
            about what they need than the list of courses.

            A. wants to be surer on the telephone. We agreed two mornings beside Priya and a recorded call in March.
            No cost but my time.

            B. and D. need the new booking system. One of them goes on the course and shows the other.

            C. writes well and fears complaints. She answers one a week with me, then alone.

            We shall see it by: calls without a second call, hours until a complaint is answered, and what they say
            themselves in April.
            """,
        ),
    ),
)
CUSTOMERS_AT_THE_TABLE = Piece(
    "Bringing customers into the planning meeting",
    "I asked for ten minutes in every planning meeting in which a customer's letter is read out. The notes of three.",
    {CHAMPION: "3.1 3.2 3.5"},
    EvidenceKind.STATEMENT,
    place="Northgate Training",
    people="The planning group, which agreed",
    body="In the first meeting it was felt to be a waste of time. In the second one the letter was about our own "
    "opening hours, and we changed them the same day.\n\nSince then colleagues bring the letters themselves. I "
    "keep a list of what was decided because of them: five things in three months.",
)
QUALITY_REVIEW = Piece(
    "What our review of calls found",
    "I listened to twenty calls with two colleagues and wrote down what we found and what we propose.",
    {CHAMPION: "1.6 2.1 2.2"},
    EvidenceKind.WORK_PRODUCT,
    place="Northgate Training",
    people="Callers and colleagues are numbers, not names",
    files=(
        File(
            "docx",
            "Review of calls.docx",
            "What our review of calls found",
            text="""
            Twenty calls, chosen by lot from two weeks. In fourteen the caller got an answer in the first call.

            In five of the other six the caller was asked for something that we already had. That costs about four
            minutes a call and a good deal of trust.

            We propose to open the record before picking up, and to try it in one team for a month.
            """,
        ),
    ),
)

COURSES = (
    Course("linnea", CUSTOMERS_AT_THE_TABLE, 50, 49, "tom", 42, 42, Answer(
        "Five decisions in three months that would not have been made otherwise. That is championing.")),
    Course("linnea", TEAM_PLAN, 7, 6, clock="09:20"),
    Course("tom", QUALITY_REVIEW, 13, 12, clock="14:50"),
)  # fmt: skip
