"""The learner's pages, one module a page or a small family of them."""

from web.learner.views.confirm import confirm
from web.learner.views.draft import add, autosave, remove_file
from web.learner.views.feedback import feedback, feedback_item, feedback_read, reply
from web.learner.views.induction import induction
from web.learner.views.item import evidence, recall, revise, withdraw
from web.learner.views.portfolio import portfolio
from web.learner.views.record import record
from web.learner.views.send import send
from web.learner.views.shows import shows
from web.learner.views.today import today
from web.learner.views.transfers import moved, next_steps
from web.learner.views.units import keep_view, unit, units

__all__ = [
    "add",
    "autosave",
    "confirm",
    "evidence",
    "feedback",
    "feedback_item",
    "feedback_read",
    "induction",
    "keep_view",
    "moved",
    "next_steps",
    "portfolio",
    "recall",
    "record",
    "remove_file",
    "reply",
    "revise",
    "send",
    "shows",
    "today",
    "unit",
    "units",
    "withdraw",
]
