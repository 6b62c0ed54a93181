"""Maya Thistledown at Example Stores: the till, the returns desk, the shelves."""

from demo.shapes import Answer, Course, File, Piece
from portfolio.enums import EvidenceKind, Setting

SERVE, CUSTOMERS, EMPLOYERS, TALK = "A-506-2130", "F-506-2131", "A-506-1964", "D-506-2119"
PRINCIPLES, PROMOTE, PROBLEMS, SELF = "J-506-2132", "L-506-2133", "A-506-2158", "L-506-1788"
SHOP = "Example Stores, High Street"

WHO_THEY_ARE = Piece(
    "Who my customers are",
    "I describe the people I serve in a week and how their needs differ, with examples from the till and the stock "
    "room.",
    {CUSTOMERS: "1.1 1.2 1.3 1.4"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Stores",
    files=(
        File(
            "docx",
            "Who my customers are.docx",
            "Who my customers are",
            text="""
            An external customer buys from us. An internal customer is a colleague who needs something from me to do
            their own job. When the bakery asks me for change, the bakery is my customer.

            During Ramadan many families shop late. We moved the bread delivery so that there is fresh bread at eight
            in the evening. Some older customers expect to be called by their family name; students do not.

            A customer is challenging for me when they do not say what is wrong, or when they want something that I am
            not allowed to do. It is seldom the person. It is usually the third thing that went wrong that day.

            I notice that somebody is not happy when they go quiet, stop looking at me, or put the goods down a little
            too hard. Then I ask before they have to complain.
            """,
        ),
    ),
)
WHY_THEY_COME_BACK = Piece(
    "Why customers come back",
    "What loyalty is worth to the shop and what happens when we lose it. Two pages, with our own figures.",
    {CUSTOMERS: "2.1@p1 2.2@p1 2.3@p1 2.4@p2 2.5@p2"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Stores",
    files=(
        File(
            "pdf",
            "Why customers come back.pdf",
            "Why customers come back",
            text="""
            Our service offer says: the shelf price is the till price, no queue longer than three people, and your
            money back within 28 days without a quarrel.

            When we keep to it, people stop checking their receipts. Mrs B. told me that she drives past another shop
            to come to us because she never has to argue.

            In March the card machines were down for a day. We let regular customers pay the next day. All but one
            came back, and most of them bought more than they had owed.

            The store manager showed us the sums: it costs about six times as much to win a new customer as to keep
            one we have. In the weeks when our satisfaction score is above 88, takings are higher too.

            Our name matters before anybody has been inside. When the other branch was in the newspaper because of
            dates on the meat, our own customers asked me whether ours was safe.

            Reputation works like glasses: people see the same apple through it. With a good name they think the apple
            is fresh. With a bad one they look for the bruise.

            An unhappy customer costs more than the sale. They tell friends, they write on the internet, and my
            colleagues get the next bad mood at the till.

            Last year a family had a birthday cake with the wrong name on it. The apology was late, and the mother
            wrote a long review. It was read by four hundred people before we had answered.

            What it may lead to: fewer visits, more refunds, more work for the manager, and in the end fewer hours for
            us. That is why I would rather say sorry too early than too late.

            Ways to win customers: the student evening, the loyalty card, samples on Fridays, and the shop on the
            telephone for people who cannot come.

            Ways to keep them: know their names, keep the promise about queues, ring them when the thing they asked
            for has come in, and put mistakes right on the same day.

            I have rung eleven people about goods that came in. Nine of them collected within two days. I keep the
            list on the clipboard behind the returns desk.

            What I learned: loyalty is not the card. It is what happens when something has gone wrong.

            What I will do differently: I will ask at the end of a refund whether there is anything else. Three people
            have already bought something better at that moment.
            """,
        ),
    ),
)
HOW_THE_SHOP_IS_RUN = Piece(
    "How Example Stores is run",
    "Sectors, structures and legal forms, what presses on the company from inside and outside, and why it had to "
    "change.",
    {EMPLOYERS: "1.1@p1 1.2@p1 1.3@p1 2.1@p1 2.2@p2 2.3@p2"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Stores",
    ai_note="It checked my spelling. The words are mine.",
    files=(
        File(
            "pdf",
            "How Example Stores is run.pdf",
            "How Example Stores is run",
            text="""
            Private companies like ours have to earn their money from customers. The public sector, such as the
            library next door, is paid from taxes and has to serve everybody.

            The voluntary sector lives on gifts and helpers: the food bank collects from our back door every Tuesday.
            It has customers too, but they do not pay.

            We have a flat structure in the shop: manager, two supervisors, the rest of us. Questions get an answer
            the same day. Head office is a tall one, by function: buying, people, money, property.

            A tall structure makes sure that a mistake in pricing is not made two hundred times. A flat one makes sure
            that a customer does not wait for three signatures.

            Legal forms: a sole trader like the shoe repairer outside, a partnership like the dentists upstairs, a
            limited company like us, and a community interest company like the bicycle workshop.

            In a limited company the owners lose at most what they put in. The shoe repairer could lose his house.

            From inside: how many of us are trained on the till, the age of the freezers, and the mood after the rota
            comes out. From outside: prices of energy, the new bus lane, the law on plastic bags.

            The bus lane brought us people with small baskets. We moved two tills to baskets only. That is a change
            from outside that became a change inside.

            With PESTLE I sorted what presses on us. Political: the rules on opening hours. Economic: wages and rents.
            Social: more people who live alone and buy small packs.

            Technological: tills that customers work themselves. Legal: allergens on every label. Environmental: less
            packaging, and the van that now runs on electricity.

            SWOT helped me more, because it asks what we can do about it. Our strength is that people know us. Our
            weakness is the narrow entrance, where two prams cannot pass.

            Change matters because customers change first. If we had kept the video shelf we would have kept a shelf
            that nobody looks at.

            It is not always welcome. When the self-service tills came I was afraid for my hours. Now I look after six
            of them, and I talk to more customers than before.

            What I take from it: I ask what a change is for. If I know that, I can explain it to a customer.
            """,
        ),
    ),
)
GETTING_READY = Piece(
    "Getting the returns desk ready",
    "Before we open I check the float, bags, labels and the list of recalled goods, and read the morning sheet.",
    {SERVE: "3.1 3.2 4.1"},
    place=SHOP,
    people="Nobody but me",
    files=(
        File("photo", "IMG_{stamp}.jpg", "Returns desk, 8.40", scene="counter", seed=11, taken="08:41"),
        File("photo", "IMG_{stamp}.jpg", "Morning sheet and recalls", scene="noticeboard", seed=12, taken="08:46"),
    ),
)
SATURDAY_TILL = Piece(
    "Serving at the till on a Saturday",
    "A short film made by my supervisor. I greet, listen, check what is wanted and tell the customer what happens "
    "next. Customers were asked before and are seen from behind.",
    {SERVE: "4.2@0:01 4.3@0:02 4.4@0:03 4.5@0:05", TALK: "2.1@0:01 2.2@0:02 2.3@0:03 2.4@0:04"},
    place=SHOP,
    people="Two customers who agreed, and my supervisor behind the camera",
    files=(File("mp4", "VID_{stamp}.mp4", "Till 3", scene="counter", seed=13, taken="11:20", seconds=6),),
)
BROKEN_KETTLE = Piece(
    "Refund for a broken kettle",
    "The customer had been to two shops and was upset. I let her finish, said sorry, looked for the fault, offered a "
    "new one or the money, and wrote the reason on the form.",
    {TALK: "2.5 2.6 2.7", PROBLEMS: "2.1 2.2 2.4 2.6"},
    EvidenceKind.WORK_PRODUCT,
    place=SHOP,
    people="One customer; her name is covered",
    files=(
        File(
            "photo",
            "IMG_{stamp}.jpg",
            "Refund 28 days kettle",
            scene="receipt",
            seed=14,
            taken="15:32",
            place=(51.4816, -3.1791),
        ),
    ),
)
UPSET_CUSTOMER = Piece(
    "An upset customer at the returns desk",
    "She had come for the third time. I slow down when she gets louder, say what happens next, and ask whether it is "
    "clear. Filmed by my supervisor; she agreed and is seen from behind.",
    {TALK: "2.6@0:01 2.8@0:02 2.9@0:05", PROBLEMS: "2.3@0:03 2.5@0:04", SERVE: "4.4@0:04"},
    place=SHOP,
    people="One customer who agreed, and my supervisor behind the camera",
    files=(File("mp4", "VID_{stamp}.mp4", "Returns", scene="counter", seed=21, taken="13:52", seconds=6),),
)
WHY_TALK = Piece(
    "Why talking well matters",
    "Three answers with examples from the till.",
    {TALK: "1.1 1.2 1.3"},
    EvidenceKind.WRITING,
    Setting.CLASSROOM,
    organisation="Example Stores",
    body="If I do not say it well, the best service is worth nothing, because the customer does not know about it.\n\n"
    "The same sentence with folded arms means: go away. With a look and open hands it means: I am here.\n\n"
    "We all say refund, exchange and warranty in the same way. So nobody is told three different things.",
)
HOW_I_READ_PEOPLE = Piece(
    "How I notice how somebody feels",
    "I tell my supervisor what I look for and what I need to know before I answer.",
    {TALK: "1.5@0:02 1.6@0:09"},
    EvidenceKind.MEDIA,
    Setting.CLASSROOM,
    people="My supervisor, who agreed",
    files=(File("m4a", "Voice {stamp}.m4a", "How I notice", seed=22, taken="18:02", seconds=14),),
)
HARD_OF_HEARING_FIRST = Piece(
    "A customer who could not hear well",
    "I helped somebody who could not hear well to choose a telephone.",
    {TALK: "1.5 2.8 2.9 2.10"},
    EvidenceKind.STATEMENT,
    place=SHOP,
    people="One customer, not named",
    body="A man came to the desk. He did not hear well. I spoke louder and he bought a telephone. He was happy.",
)
HARD_OF_HEARING_AGAIN = (
    "A man of about eighty asked for a telephone. After my second sentence he looked at my mouth and not at the box, "
    "so I knew that he did not hear me.\n\nI came round the desk, stood in the light and spoke slowly, not louder. I "
    "wrote the two prices down. He laughed and said that most people shout.\n\nI asked him to tell me which button he "
    "would press to answer. He showed me the right one, and then asked how to make it ring louder. We did it "
    "together.\n\nWe are not allowed to set up a telephone with a customer's own number, so I did not take his card. I "
    "gave him the leaflet with large print and the name of our colleague who does this on Thursdays."
)
COMPLAINTS_POSTER = Piece(
    "How complaints are written down in our shop",
    "The board in the staff room with our complaints steps and this week's list.",
    {PROBLEMS: "1.1 1.4", SERVE: "1.5"},
    place=SHOP,
    files=(File("photo", "IMG_{stamp}.jpg", "Complaints this week", scene="noticeboard", seed=15, taken="12:58"),),
)
OUR_BRAND = Piece(
    "What our brand promises and what I have to do with it",
    "What the name on the bag promises, why our words have to fit to it, and my own part in it.",
    {SERVE: "2.1 2.2 2.3 2.4"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Stores",
    files=(
        File(
            "docx",
            "Our brand.docx",
            "What our brand promises",
            text="""
            The bag says: Near, fair, friendly. Near means that people can rely on finding us open. Fair means that
            the price on the shelf is the price at the till. Friendly is the part that I make.

            Because of the brand we do not sell cigarettes at the till with children's sweets, although it would earn
            money. What we offer has to fit to what we promise.

            If the poster says friendly and I say: next, the poster is a lie. So we say: Good morning, who was first?
            and: I will find out for you.

            My own part: I have the same words on a bad day. On Saturday I said sorry to a customer for a queue of
            five people, opened till 4 and served him first.
            """,
        ),
    ),
)
PRICE_LABELS = Piece(
    "New price labels before opening",
    "I changed 46 labels, found two that did not match the till and told the supervisor before the doors opened.",
    {SERVE: "1.2", PROMOTE: "1.2 2.1"},
    place=SHOP,
    files=(File("heic", "IMG_4412.HEIC", "Offer of the week", scene="shelf", seed=16, taken="07:50"),),
)
THANK_YOU = Piece(
    "A thank-you card on our board",
    "A customer sent us a card because I carried his shopping to the bus. I do not know where it belongs.",
    {},
    place=SHOP,
    people="The customer is not named on the card",
    files=(File("photo", "IMG_{stamp}.jpg", "Team board with card", scene="noticeboard", seed=17, taken="17:03"),),
)
SATISFACTION = Piece(
    "Our satisfaction scores, week by week",
    "I made the table from the answer cards and say below what I think moved the numbers.",
    {PRINCIPLES: "2.3 2.4 1.4 3.3"},
    EvidenceKind.WORK_PRODUCT,
    organisation="Example Stores",
    files=(
        File(
            "xlsx",
            "Satisfaction by week.xlsx",
            "Scores",
            rows=(
                ("Week", "Cards", "Satisfied", "Score", "What was different"),
                ("36", 41, 35, 85, ""),
                ("37", 38, 30, 79, "Two tills closed on Saturday"),
                ("38", 52, 47, 90, "Till 4 opened at three in a queue"),
                ("39", 47, 42, 89, ""),
                ("40", 44, 40, 91, "Returns desk open from nine"),
            ),
        ),
    ),
)
LAWS = Piece(
    "The rules I work by",
    "Consumer law, data protection, health and safety and equality, each with something I did because of it.",
    {PRINCIPLES: "4.1 4.2 4.3 4.4 4.5"},
    EvidenceKind.WRITING,
    Setting.CLASSROOM,
    organisation="Example Stores",
    body="Consumer law: goods must be as described. When the sign said oak and the table was covered in paper, I took "
    "the sign down and called the supervisor.\n\nData protection: I never read a telephone number aloud at the desk. I "
    "turn the screen.\n\nHealth and safety: I put out the sign before I wipe, not after.\n\nEquality: the ramp stays "
    "free of boxes, also on delivery days.\n\nEthics: I told a customer that the cheaper printer was enough for her.",
)
SELF_SERVICE = Piece(
    "Helping at the self-service tills",
    "Six machines on my own for an hour.",
    setting="",
    files=(File("photo", "IMG_{stamp}.jpg", "Self-service, six machines", scene="screen", seed=18, taken="16:24"),),
)
OFFER_TALK = Piece(
    "Telling customers about the warranty",
    "I explained the three-year warranty to a couple who were buying a washing machine. They said no, and that was "
    "fine: I wrote down why.",
    {},
    EvidenceKind.STATEMENT,
    place=SHOP,
    people="Two customers, not named",
    body="They had read about it at home and asked me what it does not cover. I said: drum and door seal. They thanked "
    "me for the honest answer and bought the machine without it.",
)

WAITS_FOR_NAME = Answer(
    "The steps on the board are just what I need to see, and it is good that the whole team can read them. But the "
    "list at the foot shows a customer's name and telephone number, so I cannot keep the photo as it is.",
    "Cover the name and the number, take the photo again and send it.",
    7,
    sending_back=True,
)
SAY_MORE = Answer(
    "You clearly helped him. I cannot see yet how you noticed that he did not hear you, what you changed, and how you "
    "knew that he had understood. Tell it like a story, with what he did and what you did.",
    "Write it again with what you saw, what you changed and how you checked.",
    10,
    sending_back=True,
)

COURSES = (
    Course("maya", WHO_THEY_ARE, 124, 123, "priya", 121, 121, Answer(
        "Four clear answers with examples of your own. The late bread during Ramadan shows that you think about what "
        "people need before they ask.")),
    Course("maya", WHY_THEY_COME_BACK, 112, 110, "priya", 106, 106, Answer(
        "I enjoyed reading this. You use the figures of your own shop, and your last line says more about loyalty than "
        "most books.")),
    Course("maya", GETTING_READY, 92, 92, "priya", 87, 87, Answer(
        "The two photos belong together: the desk ready before opening, and how you keep up with recalls.")),
    Course("maya", LAWS, 78, 78, "priya", 72, 72, Answer(
        "Each rule comes with something you did. Well done. For ethics I would like one more example.",
        "Add a second example for 4.5 from a day when the honest answer cost a sale.", 14,
        not_yet={"3.4.5": "One example is a start; show that you weigh it up"})),
    Course("maya", HOW_THE_SHOP_IS_RUN, 66, 64, "priya", 59, 59, Answer(
        "You explain the theory through your own shop, and the bus lane is a fine example of a change from outside. "
        "Thank you for saying what the spelling tool did.")),
    Course("maya", SATURDAY_TILL, 61, 60, "priya", 55, 55, Answer(
        "You let the customer finish before you spoke, and you looked up from the till. That changed the talk.",
        "Film or write down one longer case where the customer had to wait and you kept them informed.", 14,
        not_yet={"1.4.4": "It is over in a minute, so there was nothing to keep them informed about"}), clock="16:10"),
    Course("maya", BROKEN_KETTLE, 45, 44, "priya", 40, 40, Answer(
        "She came in angry and left with a choice. I can see on the form what you found and what you agreed.",
        not_yet={"15.2.6": "Which promise did you make, and how did you keep it? I cannot see it here"})),
    Course("maya", SATISFACTION, 33, 32, "priya", 27, 27, Answer(
        "A table that somebody else can use, and the last column is the best of it.",
        not_relevant="3.3.3")),
    Course("maya", WHY_TALK, 37, 36, "priya", 31, 31, Answer(
        "Folded arms and open hands: you show what you mean. All three are met.")),
    Course("maya", HOW_I_READ_PEOPLE, 17, 16, "priya", 11, 11, Answer(
        "You look at hands and feet before the face. I had not thought of that. For 1.6 I need more than one example.",
        "Name three things you need to know before you answer, and where you find them.", 14,
        not_yet={"6.1.6": "One kind of information is not enough to describe the kinds"})),
    Course("maya", OUR_BRAND, 24, 23),
    Course("maya", UPSET_CUSTOMER, 4, 4, clock="14:20", happened=4),
    Course("maya", COMPLAINTS_POSTER, 9, 8, "priya", 4, 4, WAITS_FOR_NAME),
    Course("maya", THANK_YOU, 4, 3, clock="17:15"),
    Course("maya", PRICE_LABELS, 1, 1, happened=1, clock="08:05"),
    Course("maya", OFFER_TALK, 5, clock="18:20"),
    Course("maya", SELF_SERVICE, 1, happened=1, clock="17:40"),
)  # fmt: skip
