"""Jack, Poppy and Owen at Example Hotel; Wren and Teddy at Example Inn; Nettie on a booking line."""

from demo.shapes import Answer, Course, File, Piece
from portfolio.enums import EvidenceKind, Setting

TALK_ONE, TIME, QUERIES, RULES_ONE = "Y-506-2085", "H-506-1795", "A-506-2113", "L-506-2083"
STAY, COMPLAINTS, GROW = "J-506-2910", "R-506-2151", "T-506-2952"
HANDOVERS, TALK, SYSTEMS = "T-506-2157", "D-506-2119", "F-503-0361"
DESK, INN = "Example Hotel, reception", "Example Inn, front desk"

WELCOME_GROUP = Piece(
    "Welcoming a group at reception",
    "Eighteen guests came at once. I greeted them, gave out the cards in order of floors and told them about "
    "breakfast.",
    {TALK_ONE: "2.1 2.2 2.3"},
    place=DESK,
    people="Guests from behind; they were asked",
    files=(File("photo", "IMG_{stamp}.jpg", "Reception desk", scene="counter", seed=51, taken="15:48"),),
)
HOUSEKEEPING = Piece(
    "A message for housekeeping",
    "A guest asked for a cot by six. The form I filled in, and what came of it.",
    {TALK_ONE: "2.4 2.5"},
    EvidenceKind.WORK_PRODUCT,
    place=DESK,
    people="Room number only, no name",
    files=(File("photo", "IMG_{stamp}.jpg", "Message cot by six", scene="screen", seed=52, taken="14:20"),),
)
ARRIVALS_LIST = Piece(
    "My arrivals list of a Friday",
    "The list that I work from when guests arrive, with what each of them had asked for.",
    {TALK_ONE: "2.2"},
    EvidenceKind.WORK_PRODUCT,
    place=DESK,
    files=(File("photo", "IMG_{stamp}.jpg", "Arrivals on Friday", scene="screen", seed=58, taken="15:05"),),
)
LOST_COAT = Piece(
    "A guest who lost her coat",
    "I took the details, looked in the book of things found, and rang the restaurant. It was there.",
    {QUERIES: "2.1 2.2 2.4 3.1 3.5"},
    EvidenceKind.STATEMENT,
    place=DESK,
    people="One guest, not named",
    body="She came down in a hurry for her train. I asked what it looks like, where she last had it, and until when "
    "she could wait. The restaurant had it on the peg behind the door. I brought it to the taxi and wrote it in "
    "the book.",
)
OPEN_QUESTIONS = Piece(
    "Open and closed questions",
    "When I use which, with six of my own.",
    {TALK_ONE: "1.3 1.4 1.5"},
    EvidenceKind.WRITING,
    Setting.CLASSROOM,
    body="Open: what brings you to us? What would make your stay good? How was the room? With these people "
    "talk.\n\nClosed: is it two nights? Do you have a car? Shall I wake you at six? With these I fill in the "
    "form.\n\nIf I fold my arms nobody believes the open ones.",
)
PLANNING = Piece(
    "Why I plan my shift",
    "What planning gives me, the tools I use, how I choose what comes first and what steals my time.",
    {TIME: "1.1 1.2 1.3 1.4 1.5"},
    EvidenceKind.WRITING,
    Setting.CLASSROOM,
    organisation="Example Hotel",
    body="With a plan I can say yes or no. Without one I say yes to everything and forget half.\n\nI use the board in "
    "the kitchen passage, the book, and the alarm of my telephone for the things with a time.\n\nFirst comes what "
    "a guest is waiting for, then what somebody else cannot start without, then the rest.\n\nTime is lost by "
    "looking for keys, by chatting at the coffee machine, and by starting three things at once.\n\nIf I will be "
    "late I tell Chef before, because then he can still move somebody.",
)
SHIFT_PLAN = Piece(
    "My shift plan for a wedding",
    "The list I made with my supervisor, what I changed when twelve more guests came, and what I wrote down "
    "afterwards.",
    {TIME: "2.1 2.2 2.3 2.4 2.5 2.6 2.7"},
    EvidenceKind.WORK_PRODUCT,
    place="Example Hotel, restaurant",
    people="My supervisor, who agreed",
    files=(
        File(
            "xlsx",
            "Wedding shift plan.xlsx",
            "Wedding",
            rows=(
                ("What", "Minutes", "By", "Done", "Note"),
                ("Fold napkins", 30, "15:00", "14:50", ""),
                ("Lay 14 tables", 90, "16:30", "16:40", "two more tables; told Chef at 15:10"),
                ("Name cards", 20, "16:45", "16:45", "moved after the extra tables, agreed with K."),
                ("Glasses", 30, "17:00", "16:58", ""),
                ("Next time", 0, "", "", "ask for numbers at noon, not at three"),
            ),
        ),
        File("photo", "IMG_{stamp}.jpg", "Wedding list in the passage", scene="noticeboard", seed=53, taken="16:02"),
    ),
)
COLD_SOUP = Piece(
    "Cold soup at table 9",
    "What I said and did when a guest sent the soup back.",
    {QUERIES: "3.1 3.2 3.4"},
    EvidenceKind.STATEMENT,
    place="Example Hotel, restaurant",
    people="One guest, not named",
    body="I said sorry, took the plate at once and told the kitchen. I asked whether he would like to wait five "
    "minutes or have something else. He waited. I came back after two spoonfuls and asked. He said that it was "
    "hot now.",
)
KNOWING_GUESTS = Piece(
    "Knowing our guests: what we store and what for",
    "The customer experience, groups of guests, what the system is for, and how we measure whether they were content.",
    {STAY: "1.1@p1 1.2@p1 1.3@p1 1.4@p1 1.5@p1 3.1@p1 3.2@p1 3.3@p1"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Hotel",
    files=(
        File(
            "pdf",
            "Knowing our guests.pdf",
            "Knowing our guests",
            text="""
            The experience begins with the first look at our page and ends with the invoice. The bed is only the
            middle of it. I asked nine guests what they remember: six named a person.

            We group guests by reason of travel, by how they book and by how often they come. A fair guest, a walker
            and a family need different things at eight in the morning.

            Grouping is useful until one forgets that the walker may also be a lawyer. So the profile says what
            somebody asked for, not what we think of them.

            The guest system exists so that nobody has to say twice that they need a low pillow. It reaches from the
            offer to the letter after the stay; it does not reach into the bar.

            It works when everybody writes in it on the same day and in whole words. It does not work when reception
            writes codes that housekeeping cannot read.

            I use it like this: at seven I read who arrives, mark three things to prepare, and tell the floor.

            One example: a guest who had complained about the street was given the courtyard without asking. She
            noticed, and wrote so.

            We analyse bookings by week, by length and by where they come from, against the year before. I learned to
            ask whether a rise is more guests or only dearer rooms.

            A target must be one that the team can move. We cannot move the weather. We can move the minutes until a
            room is ready.

            With too high a target people begin to count differently. In spring rooms were called ready before the
            bathroom was dry.

            Measures of satisfaction: the card in the room, the score on the booking page, returning guests, and
            complaints per hundred nights. The card is quick and kind; the page is harsh and late.

            I would use returning guests for the year, complaints for the week, and the card for the day.

            What I changed: the question on the card was, were you content? It is now, what should we have done? We
            get fewer ticks and more sentences.
            """,
        ),
    ),
)
KEEPING_GUESTS = Piece(
    "Keeping guests",
    "What keeping means, what it brings, what makes people stay away and how to win somebody back.",
    {STAY: "2.1 2.2 2.3 2.4 2.5 2.6"},
    EvidenceKind.ASSIGNMENT,
    Setting.CLASSROOM,
    organisation="Example Hotel",
    files=(
        File(
            "docx",
            "Keeping guests.docx",
            "Keeping guests",
            text="""
            To keep a guest means that they choose us again when they could choose somebody else. A guest who has no
            choice is not loyal, only stuck.

            It brings full rooms in February, fewer costs for advertising, and people who forgive a slow lift.

            People stay if the promise is kept and somebody knows them. They go over small things that nobody mended:
            the shower in 204 cost us a company with forty nights a year.

            We win with the weekend offer and keep with the letter that says what we changed because of them.

            Strength of loyalty: how often they come, whether they book direct, and whether they bring others.

            To win somebody back I would ring, not write; say what went wrong without an excuse; and have something to
            offer that shows it is mended. For 204 I sent the picture of the new shower.
            """,
        ),
    ),
)
NIGHT_COMPLAINT = Piece(
    "Noise at night: a complaint from start to end",
    "A guest complained at one in the night. My notes, the letter I sent and what we changed.",
    {COMPLAINTS: "2.1@p1 2.2@p1 2.3@p1 2.6@p1 2.8@p1"},
    EvidenceKind.WORK_PRODUCT,
    place="Example Hotel",
    people="One guest, name covered",
    files=(
        File(
            "pdf",
            "Night complaint.pdf",
            "Noise at night",
            text="""
            01.05. Guest of 118 rings: music from the yard. I go down, find the band loading its van, ask them to wait
            with the drums until seven. They are kind about it.

            01.20. I ring 118, say what it was and that it is over, and that I will see him at breakfast.

            08.10. At breakfast he is still cross. I say what I can do: a quiet room today, and the night at half
            price, which I may decide myself. He takes the room.

            Two days later: letter with what we changed. Bands load at the front, and it is in their contract.
            """,
        ),
    ),
)
FRONT_DESK_HANDOVER = Piece(
    "Handing over to the night porter",
    "The sheet of one evening and how we go through it, line by line, before I leave.",
    {HANDOVERS: "2.1 2.2 2.4 2.5"},
    EvidenceKind.MEDIA,
    place=INN,
    people="The night porter, who agreed",
    files=(File("photo", "IMG_{stamp}.jpg", "Handover sheet 22:00", scene="screen", seed=54, taken="21:55"),),
)
LATE_ARRIVALS = Piece(
    "Two guests who came after midnight",
    "They had rung from the road. I had soup kept warm and told the porter where it stood.",
    {TALK: "2.1 2.7 2.9", HANDOVERS: "2.3 2.6"},
    EvidenceKind.STATEMENT,
    place=INN,
    people="Two guests, not named",
    body="When they rang I asked what they would need first: a bed, food, or the car off the road. Food, they said. I "
    "told them who would be at the desk and that his name is Piotr. In the morning I asked Piotr, and then I "
    "asked them.",
)
COMPLAINT_LETTER = Piece(
    "My answer to a complaint about a bill",
    "The letter I wrote to a guest who was charged for a minibar she did not use.",
    {COMPLAINTS: "2.3 2.4 2.7 2.9"},
    EvidenceKind.WORK_PRODUCT,
    place="Example Inn, guest relations",
    people="One guest, name covered",
    files=(
        File(
            "docx",
            "Answer to a complaint.docx",
            "Your stay with us",
            text="""
            Dear guest, thank you for telling us. You were charged 14 pounds for a minibar. You write that you did not
            open it, and that nobody listened when you said so.

            You are right, and we are sorry. The list of the room before you was put on your bill. The money has gone
            back to your card today and will be there by Friday.

            We have changed who signs these lists, so that it is not the person who fills the bar.
            """,
        ),
    ),
)
FIRST_CALLS = Piece(
    "My first week on the booking line",
    "What I can do with the telephone and the booking screen by now. My coach ticked the list with me.",
    {SYSTEMS: "1.1 1.2 1.3 2.2"},
    EvidenceKind.WORK_PRODUCT,
    place="Example Leisure, booking line",
    people="My coach, who agreed",
    files=(File("photo", "IMG_{stamp}.jpg", "Booking screen, practice data", scene="screen", seed=55, taken="12:15"),),
)
WHAT_SERVICE_IS = Piece(
    "What customer service is",
    "My own words and four examples from the pool, the gym, the hall and the telephone.",
    {RULES_ONE: "1.1 1.2 1.3 1.4"},
    EvidenceKind.WRITING,
    Setting.CLASSROOM,
    body="It is everything that makes somebody glad they came to us and not only to a pool.\n\nOutside customers swim "
    "and pay. Inside customers are the coaches who need the hall at five.",
)

COURSES = (
    Course("jack", OPEN_QUESTIONS, 80, 79, "callum", 75, 75, Answer(
        "Six good questions, and you know what each is for.")),
    Course("jack", HOUSEKEEPING, 41, 40, "callum", 36, 36, Answer(
        "Everything is on it that a colleague needs: what, where, by when. And you checked.")),
    Course("jack", WELCOME_GROUP, 12, 11, "callum", 5, 5, Answer(
        "You kept eye contact with the person in front of you while seventeen others waited. That is hard.")),
    Course("jack", ARRIVALS_LIST, 19, 18),
    Course("jack", LOST_COAT, 6, 5, clock="16:45"),
    Course("poppy", PLANNING, 74, 73, "callum", 68, 68, Answer(
        "You know what comes first and why. Telling Chef before it is late is the best line.")),
    Course("poppy", SHIFT_PLAN, 52, 51, "callum", 45, 45, Answer(
        "I could follow the afternoon minute by minute. The last row shows that you think about the next time.")),
    Course("poppy", COLD_SOUP, 22, 21, "callum", 15, 15, Answer(
        "Quick, polite and checked afterwards.")),
    Course("owen", KNOWING_GUESTS, 90, 88, "tom", 80, 80, Answer(
        "You argue with your own figures and say where they mislead. That is level 3.")),
    Course("owen", KEEPING_GUESTS, 72, 70, "tom", 64, 64, Answer(
        "The shower in 204 carries the whole piece. All six are met.")),
    Course("owen", NIGHT_COMPLAINT, 26, 25, "tom", 18, 18, Answer(
        "You stayed with it from one in the night to the letter.",
        "Tell me in two lines how you kept him informed between breakfast and the letter.", 14,
        not_yet={"9.2.6": "Between breakfast and the letter I see nothing"})),
    Course("wren", FRONT_DESK_HANDOVER, 58, 57, "juniper", 50, 50, Answer(
        "The porter can work with this sheet. I like that he reads it back to you.")),
    Course("wren", LATE_ARRIVALS, 9, 8, clock="15:15"),
    Course("teddy", COMPLAINT_LETTER, 19, 18, "juniper", 11, 11, Answer(
        "A kind and clear letter. For this unit I need to see what you agreed with her before you wrote it, and what "
        "else you might have offered.",
        "Add a short note on what you agreed by telephone and why you chose money back.", 10, sending_back=True)),
    Course("nettie", FIRST_CALLS, 4, 3, clock="12:40"),
    Course("nettie", WHAT_SERVICE_IS, 2, clock="17:05"),
)  # fmt: skip
