"""Themes that run across units (R68): the everyday words that hint at each, and what a suggestion then says.

The words are compared by their stems (`words.stem`), so one form of each is enough.
"""

from collections.abc import Mapping, Sequence

from common.text import _

THEME_HINTS: Mapping[str, Sequence[str]] = {
    "verbal-communication": (
        "phone", "telephone", "call", "rang", "spoke", "talk", "told", "conversation", "said", "listen",
        "greet", "explained", "voice", "tone", "face", "chat", "discussed", "question", "apologised",
        "sorry",
    ),
    "written-communication": (
        "email", "letter", "wrote", "write", "message", "text", "note", "memo", "form", "typed", "reply",
        "report", "document", "newsletter", "leaflet", "notice",
    ),
    "product-knowledge": (
        "product", "service", "stock", "item", "price", "feature", "brand", "range", "catalogue", "menu",
        "warranty", "guarantee", "demonstrate", "recommend", "offer", "size", "model", "tariff",
    ),
    "problem-solving": (
        "problem", "issue", "solve", "solution", "fix", "fixed", "sort", "resolve", "broken", "faulty",
        "fault", "refund", "exchange", "replace", "wrong", "mistake", "error", "delay", "late", "missing",
        "alternative",
    ),
    "complaints": (
        "complaint", "complain", "refund", "faulty", "angry", "upset", "unhappy", "dissatisfied",
        "annoyed", "rude", "compensation", "goodwill", "shout", "manager", "escalate",
    ),
    "team-working": (
        "team", "colleague", "helped", "together", "handover", "rota", "shift", "supervisor", "meeting",
        "briefing", "buddy", "support", "shared", "trainee", "new starter",
    ),
    "data-protection": (
        "confidential", "gdpr", "password", "privacy", "data", "identity", "verify", "security", "secure",
        "shred", "personal details", "records",
    ),
    "legislation": (
        "law", "legal", "act", "regulation", "rights", "licence", "contract", "policy", "rules", "age",
        "proof", "consumer", "terms",
    ),
    "health-and-safety": (
        "safety", "safe", "hazard", "accident", "spill", "fire", "evacuation", "lifting", "risk",
        "injury", "first aid", "hygiene", "ladder",
    ),
    "equality": (
        "equality", "diversity", "disability", "disabled", "wheelchair", "deaf", "blind", "language",
        "culture", "religion", "hearing", "access", "discrimination", "interpreter", "pushchair",
    ),
    "personal-development": (
        "training", "course", "appraisal", "goal", "target", "learnt", "development", "feedback",
        "mentor", "coach", "objective", "skill", "review", "improve", "shadow",
    ),
    "customer-feedback": (
        "feedback", "survey", "review", "comment", "questionnaire", "thanks", "thank", "compliment",
        "rating", "suggestion", "praise", "satisfaction", "mystery",
    ),
    "digital": (
        "computer", "system", "database", "online", "website", "till", "app", "spreadsheet", "internet",
        "software", "scanner", "tablet", "crm", "social", "chatbot", "login", "screen",
    ),
}  # fmt: skip

#: What a suggestion says when the learner's words point at the theme.
LIKE_YOUR_WORDS = {
    "verbal-communication": _("It is about talking with people, like what you wrote."),
    "written-communication": _("It is about writing to people, like what you wrote."),
    "product-knowledge": _("It is about knowing what you offer, like what you wrote."),
    "problem-solving": _("It is about solving problems, like what you wrote."),
    "complaints": _("It is about complaints, like what you wrote."),
    "team-working": _("It is about working with others, like what you wrote."),
    "data-protection": _("It is about keeping information safe, like what you wrote."),
    "legislation": _("It is about law and rules, like what you wrote."),
    "health-and-safety": _("It is about staying safe, like what you wrote."),
    "equality": _("It is about treating people fairly, like what you wrote."),
    "personal-development": _("It is about learning at work, like what you wrote."),
    "customer-feedback": _("It is about what customers say, like what you wrote."),
    "digital": _("It is about using systems, like what you wrote."),
}

#: What it says when something already chosen carries the theme.
LIKE_YOUR_CHOICE = {
    "verbal-communication": _("It is about talking with people, like what you chose."),
    "written-communication": _("It is about writing to people, like what you chose."),
    "product-knowledge": _("It is about knowing what you offer, like what you chose."),
    "problem-solving": _("It is about solving problems, like what you chose."),
    "complaints": _("It is about complaints, like what you chose."),
    "team-working": _("It is about working with others, like what you chose."),
    "data-protection": _("It is about keeping information safe, like what you chose."),
    "legislation": _("It is about law and rules, like what you chose."),
    "health-and-safety": _("It is about staying safe, like what you chose."),
    "equality": _("It is about treating people fairly, like what you chose."),
    "personal-development": _("It is about learning at work, like what you chose."),
    "customer-feedback": _("It is about what customers say, like what you chose."),
    "digital": _("It is about using systems, like what you chose."),
}
