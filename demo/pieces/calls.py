"""Amir, Iris and Daisy at Example Direct: a contact centre for parcels and orders."""

from demo.shapes import Answer, Course, File, Piece
from portfolio.enums import EvidenceKind, Setting

CUSTOMERS, CALLS, TALK, PROBLEMS = "F-506-2131", "H-506-2154", "D-506-2119", "A-506-2158"
HANDOVER = "ocr-b8-maintain-customer-service-through-effective-handover"
OLD_CALLS = "ocr-a11-deal-with-incoming-telephone-calls-from-customers"
FLOOR = "Example Direct, second floor"
#: The day and the shot are the same in two portfolios.
SAME_BOARD = File("photo", "IMG_{stamp}.jpg", "Team goals this month", scene="noticeboard", seed=31, taken="13:10")

CALLERS = Piece(
    "The people who ring us",
    "Inside and outside customers, culture, and how I hear on the telephone that somebody is not happy.",
    {CUSTOMERS: "1.1 1.2 1.3 1.4"},
    EvidenceKind.WRITING,
    Setting.CLASSROOM,
    organisation="Example Direct",
    body="Outside customers ring the number on the parcel. Inside customers are the drivers and the warehouse: they "
    "ring the same number and need a shorter answer.\n\nCulture: some callers want to talk about their family "
    "first. If I cut them short they think that I do not care. Others feel that small talk wastes their "
    "time.\n\nA challenging caller for me has been passed on three times. I start by saying that it stays with me "
    "now.\n\nI cannot see a face, so I listen for shorter answers, sighs, and for the moment when somebody stops "
    "using my name.",
)
LOYALTY = Piece(
    "What a caller is worth",
    "What we gain when people stay with us and what a bad call costs, with the figures our team leader gave us.",
    {CUSTOMERS: "2.1@p1 2.2@p1 2.3@p1 2.4@p1 2.5@p1"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Direct",
    files=(
        File(
            "pdf",
            "What a caller is worth.pdf",
            "What a caller is worth",
            text="""
            Our offer is: answered within 60 seconds, one person until it is solved. Callers who were promised a call
            back and got it ordered again in eight of ten cases.

            In the month with most call backs on time, complaints went down by a third and the team reached its
            target. Satisfaction comes first, the numbers follow.

            After the newspaper wrote about lost parcels, callers were angry before I had said a word. The same
            service looked worse to them.

            If people are not happy they ring again, and again. Each repeat call costs us about four pounds, and it
            takes the place of somebody else's call.

            We win people by being reachable on Sundays. We keep them by ringing first when we know that a parcel will
            be late. That costs two minutes and saves ten.
            """,
        ),
    ),
)
LATE_PARCEL = Piece(
    "A call about a parcel that is late",
    "A recorded call; the caller agreed and the name is beeped out. I find out what he needs it for and promise a "
    "time.",
    {CALLS: "2.1@0:01 2.2@0:03 2.3@0:05 2.4@0:07 3.2@0:11 3.3@0:14"},
    EvidenceKind.MEDIA,
    place=FLOOR,
    people="One caller, not named",
    files=(File("mp3", "call-{stamp}.mp3", "Late parcel", seed=32, taken="10:17", seconds=18),),
)
PRACTICE_CALL = Piece(
    "Practice call with my coach",
    "My coach played an angry caller. I kept calm, said that I would put the telephone down if he went on shouting, "
    "and offered to begin again.",
    {CALLS: "1.6@0:02 2.3@0:06"},
    EvidenceKind.MEDIA,
    Setting.SIMULATION,
    place="Training room",
    people="My coach, who agreed",
    files=(File("wav", "practice-{stamp}.wav", "Practice", seed=33, taken="15:00", seconds=10),),
)
SCORE_CARDS = Piece(
    "My call quality score cards",
    "Twelve cards of my team leader on twelve calls, kept with my file. They show greeting, identity check and record.",
    {CALLS: "2.1 2.2 3.7 3.8"},
    EvidenceKind.IN_SITU,
    place=FLOOR,
    location="Locked cabinet 2, second floor, Example Direct",
    custodian="Gill Mugwort, team leader",
)
OPENING_WORDS = Piece(
    "How I open and close a call",
    "The words I use, why I use them, and what our telephone system does while I use them.",
    {CALLS: "1.1 1.2 1.3 1.4 1.7"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Direct",
    files=(
        File(
            "docx",
            "How I open and close a call.docx",
            "How I open and close a call",
            text="""
            I answer within three rings: good morning, Example Direct, Amir speaking, how can I help? I smile, because
            one can hear it.

            While I look for the order I use mute, not silence, and I say how long it will take. Nobody likes to hold
            without knowing what for. If I put somebody through I stay until my colleague has answered.

            I never say whether somebody has an account with us before I know who is asking. A voice is no proof.

            At the end I repeat what we agreed and ask whether there is anything else. Then I let the caller put the
            telephone down first.
            """,
        ),
    ),
)
TEAM_GOALS = Piece(
    "Our goals on the board",
    "What the team agreed this month, and which of the goals are mine.",
    {TALK: "1.1 1.3"},
    EvidenceKind.MEDIA,
    place=FLOOR,
    files=(SAME_BOARD,),
)
TEAM_GOALS_AGAIN = Piece(
    "Team goals",
    "A picture of our board with what we want to reach this month and why talking clearly is on it.",
    {TALK: "1.1 1.2"},
    EvidenceKind.MEDIA,
    place=FLOOR,
    files=(SAME_BOARD,),
)
PAID_TWICE = Piece(
    "Sorting out a double payment",
    "A customer was charged twice. I found out why, told her what I may do myself and what accounts has to do, rang "
    "her back twice and wrote it all down.",
    {PROBLEMS: "2.1@p1 2.2@p1 2.5@p1 2.6@p1 2.8@p1", CALLS: "3.1 3.3"},
    EvidenceKind.WORK_PRODUCT,
    place=FLOOR,
    people="One customer, whose name and card are blacked out",
    files=(
        File(
            "pdf",
            "Case notes double payment.pdf",
            "Case notes: paid twice",
            text="""
            Monday 9.12. Customer rings: two payments of 38.40 on her statement, one order. I check both numbers. The
            first was kept open because our page froze; the second went through.

            9.20. I tell her that I can see both, that one is ours to give back, and that accounts has to do it. I
            say: by Wednesday, and that I will ring on Tuesday whatever happens.

            9.31. Message to accounts with both numbers and the screen print, name covered. Copy to my team leader,
            because it is the third one since the new page.

            Tuesday 16.05. Accounts have it but the bank is slow. I ring her. She says: nobody ever rings back.

            Wednesday 11.40. Money is on its way. I ring her again and close the case with her agreement.
            """,
        ),
        File("m4a", "call back {stamp}.m4a", "Call back Wednesday", seed=34, taken="11:40", seconds=12),
    ),
)
CALM_VOICE = Piece(
    "A caller who shouted",
    "What I said to somebody who shouted about a lost birthday present, and how it became quiet.",
    {TALK: "2.2 2.5 2.6"},
    EvidenceKind.STATEMENT,
    place=FLOOR,
    people="One caller, not named",
    body="He shouted for about a minute. I did not answer until he took a breath. Then I said: it was for your "
    "daughter's birthday and it is not there. He said: yes. After that he spoke normally, because somebody had "
    "said the thing that mattered. I found the parcel in the depot and asked the driver to come before school was "
    "over.",
)
HANDOVER_LOG = Piece(
    "The handover log of my shift",
    "Two weeks of cases that I handed to the evening shift: who took them, what I told the customer, and what came of "
    "it.",
    {HANDOVER: "1.1 1.2 1.3 2.2 2.3 2.4 3.1"},
    EvidenceKind.WORK_PRODUCT,
    place=FLOOR,
    people="Initials of colleagues, who agreed",
    files=(
        File(
            "xlsx",
            "Handover log.xlsx",
            "Handover",
            rows=(
                ("Day", "Case", "Handed to", "Customer told", "Accepted", "Done"),
                ("Mon", "Address wrong", "K.", "yes, by telephone", "17:55", "Tue"),
                ("Tue", "Refund waits", "K.", "yes, by e-mail", "17:50", "Wed"),
                ("Thu", "Two parcels mixed", "S.", "yes, by telephone", "18:02", "reminded Fri, done Fri"),
                ("Fri", "Complaint", "team leader", "yes, who and why", "17:40", "Mon"),
            ),
        ),
    ),
)
WHO_TAKES_OVER = Piece(
    "Telling a customer who takes over",
    "What I said to a customer at the end of my shift, and the meeting where we made it easier for the next ones.",
    {HANDOVER: "2.1 3.2 3.3"},
    EvidenceKind.STATEMENT,
    place=FLOOR,
    people="One customer and my colleague S., who agreed",
    body="I said: my shift ends in ten minutes, and this will take longer. Sanna takes over. She has your number and "
    "knows about both parcels. She rings you at half past six.\n\nOn Friday I saw that nothing had been done, so "
    "I asked Sanna whether she wanted me to ring the depot, and she was glad.\n\nIn the team meeting we agreed "
    "that the one who takes over writes OK in the log. It has not been forgotten since.",
)
WHY_HANDOVER = Piece(
    "Why a good handover matters",
    "What goes wrong when nobody knows whose turn it is, our procedure, and how to remind somebody kindly.",
    {HANDOVER: "4.1 4.2 4.3 4.4 4.5 4.6"},
    EvidenceKind.WRITING,
    Setting.CLASSROOM,
    organisation="Example Direct",
    body="The customer tells the story twice and trusts us half as much.\n\nEvening shift closes cases, the team "
    "leader decides on money, the depot finds parcels.\n\nWe write it in the log before 18:00, say it aloud at "
    "the desk, and put a note on anything with a time.\n\nMoney goes in writing, feelings go by word of "
    "mouth.\n\nIf two people are in charge nobody is.\n\nTo remind somebody I ask: what do you need from me so "
    "that it can go out?",
)
OLD_STYLE_CALL = Piece(
    "An order taken by telephone",
    "I take an order from a customer who spells a long name, and read it back to her.",
    {OLD_CALLS: "1.2 1.3 2.1 2.2 3.3 3.7"},
    EvidenceKind.MEDIA,
    place=FLOOR,
    people="One customer, who agreed",
    files=(File("mp3", "order-{stamp}.mp3", "Order by telephone", seed=35, taken="09:25", seconds=14),),
)

COURSES = (
    Course("amir", CALLERS, 115, 114, "priya", 110, 110, Answer(
        "You listen for what people do not say. The line about being passed on three times is worth telling new "
        "colleagues.")),
    Course("amir", LOYALTY, 96, 95, "priya", 90, 90, Answer(
        "Figures from your own team, used to make a point. All five are met.")),
    Course("amir", OPENING_WORDS, 70, 69, "priya", 63, 63, Answer(
        "Clear, and it is your own way of speaking. A voice is no proof: keep that sentence.")),
    Course("amir", SCORE_CARDS, 48, 47, "priya", 43, 38, Answer(
        "I read the twelve cards at your desk. Greeting and identity check are right in all of them; two records were "
        "short in July, the later ones are complete.")),
    Course("amir", TEAM_GOALS, 30, 30, "priya", 26, 26, Answer(
        "The board shows the goals; your words say which are yours. Enough for what you know, and next time show me "
        "how you do it."), happened=31),
    Course("amir", LATE_PARCEL, 21, 20, clock="11:05"),
    Course("amir", PRACTICE_CALL, 4, 2, clock="15:30"),
    Course("iris", CALM_VOICE, 83, 82, "priya", 77, 77, Answer(
        "You said the thing that mattered to him. That is listening.")),
    Course("iris", TEAM_GOALS_AGAIN, 12, 12, happened=31, clock="13:40"),
    Course("daisy", OLD_STYLE_CALL, 250, 249, "tom", 244, 244, Answer(
        "Unhurried and exact. You read the name back letter by letter.")),
    Course("daisy", HANDOVER_LOG, 120, 118, "tom", 112, 112, Answer(
        "The log shows who, when and what came of it. I asked your team leader about Friday: it was as you wrote.")),
    Course("daisy", WHO_TAKES_OVER, 104, 103, "tom", 98, 98, Answer(
        "You told her who, why and when, and you made the next handover better for everybody.")),
    Course("daisy", WHY_HANDOVER, 90, 88, "tom", 84, 84, Answer(
        "Short and right. If two people are in charge nobody is: well put.")),
)  # fmt: skip
