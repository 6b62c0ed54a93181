"""Reg Burdock and Hazel Toadflax, who learned when two of the qualifications were still open."""

from demo.shapes import Answer, Course, File, Piece
from portfolio.enums import EvidenceKind, Setting

LANGUAGE, SERVICE = "F-601-1609", "ocr-f3-demonstrate-understanding-of-customer-service"
REFERRED = "ocr-c8-handle-referred-customer-complaints"
GARDEN = "Example Stores, garden centre"

PLANT_DESK = Piece(
    "At the plant desk in spring",
    "What people ask, how I greet them and where I look things up.",
    {LANGUAGE: "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4"},
    EvidenceKind.MEDIA,
    place=GARDEN,
    people="My colleague, who agreed",
    files=(File("photo", "IMG_{stamp}.jpg", "Spring plants", scene="shelf", seed=71, taken="10:30", model="SM-G930F"),),
)
WORDS_OF_SERVICE = Piece(
    "Words of the trade",
    "Answers to the question sheet on customers, products, services and team work.",
    {LANGUAGE: "3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Stores",
    files=(
        File(
            "pdf",
            "Words of the trade.pdf",
            "Words of the trade",
            text="""
            My customers are gardeners, people with a balcony, and builders who need a tree by Friday.

            A rose is a product. Carrying it to the car and saying when to cut it is a service.

            If it grows as I said they would be content. If I promise too much they are not, even if it grows.

            Good service matters because plants are cheaper elsewhere. Our offer: advice, a year's guarantee, and help
            to the car. Without a procedure for the guarantee everybody would promise something else.

            In a team one waters while one sells. My part is the desk and the deliveries.

            My customers are patient in March and in a hurry in May. Dry soil gives a poor impression, a clean label a
            good one.

            Common problems: wrong label, dead plant, late delivery. The first I mend, the second goes to the
            supervisor, the third to the office.
            """,
        ),
    ),
)
SERVICE_OFFER = Piece(
    "Our service offer, told to customers and colleagues",
    "Notes of a team briefing I held and of three talks at the desk, signed by my manager.",
    {SERVICE: "1.1 1.2 1.3 2.1 2.2 2.3 2.4"},
    EvidenceKind.WORK_PRODUCT,
    place="Example Stores, customer services",
    people="My team, which agreed",
    files=(
        File(
            "photo", "IMG_{stamp}.jpg", "Briefing notes", scene="noticeboard", seed=72, taken="08:15", model="SM-G930F"
        ),
    ),
)
UNDERSTANDING_SERVICE = Piece(
    "Understanding customer service",
    "How an offer is made, what limits it and why it is different in a hospital, a bank and a shop.",
    {SERVICE: "3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Stores",
    files=(
        File(
            "docx",
            "Understanding customer service.docx",
            "Understanding customer service",
            text="""
            An offer is made backwards: from what people expect to what we can keep every day. What people see and
            what they expected together decide whether they are content.

            Two desks and three people are our limit. So we promise ten minutes, not two. What the buyer forgets, I
            hear about a week later: everybody works for the next one in the chain.

            If we gave every customer all they ask, there would be no shop. A hospital cannot send people to the one
            next door; a bank must say no to some; a shop lives on their coming back.

            Good service is the one thing the internet cannot copy by Monday. A sofa needs a talk, a light bulb a
            shelf. A team that tells each other things gives the same answer on Tuesday and Sunday.

            Each month we choose one thing to do better. For people who do not hear, read or speak as I do, I have
            learned to ask what helps.
            """,
        ),
    ),
)
REFERRED_COMPLAINT = Piece(
    "A complaint that was passed up to me",
    "A wardrobe came without doors three times. What I found out, whom I spoke to and what we agreed.",
    {REFERRED: "1.1 1.2 2.1"},
    EvidenceKind.STATEMENT,
    place="Example Stores, customer services",
    people="One customer, not named",
    body="I rang her before I had an answer, to say that it is mine now. In the warehouse two numbers had been swapped "
    "on the shelf; that is why three people had sent the wrong box in good faith.",
)

COURSES = (
    Course("reg", PLANT_DESK, "2018-03-20", "2018-03-21", "priya", "2018-03-28", "2018-03-28", Answer(
        "People trust you because you say when you do not know and then look it up.")),
    Course("reg", WORDS_OF_SERVICE, "2018-05-14", "2018-05-15", "priya", "2018-05-24", "2018-05-24", Answer(
        "All eleven answers, in your own words. The rose is the best explanation I have read.")),
    Course("hazel", SERVICE_OFFER, "2019-01-21", "2019-01-22", "tom", "2019-01-30", "2019-01-30", Answer(
        "The briefing shows that your team asks you, and that you ask back.")),
    Course("hazel", UNDERSTANDING_SERVICE, "2019-03-11", "2019-03-12", "tom", "2019-03-21", "2019-03-21", Answer(
        "You compare, you give reasons, and you stay in your own shop. Met.")),
    Course("hazel", REFERRED_COMPLAINT, "2019-05-06", "2019-05-07", "tom", "2019-05-15", "2019-05-15", Answer(
        "You took it on before you had an answer. That is what referred means.")),
)  # fmt: skip
