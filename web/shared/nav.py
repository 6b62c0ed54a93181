"""The frame around every page: which shell, which items, which other places this person has."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from assessments.queries import countersign_count, feedback_count, waiting_count
from centres.actor import Actor
from centres.enums import ASSESSING, ASSURING, Role
from centres.queries import Place
from common.text import _
from portfolio.rules import why_not_write


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the rail or the bar. `name` is that of its page's address."""

    name: str
    label: Any
    icon: str
    url: str
    count: Any = 0
    current: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """One thing this person is, somewhere: a line of the switcher."""

    centre: str
    role_label: Any
    url: str
    current: bool = False


LEARNER = [
    (_("Today"), "house", "learner:today"),
    (_("Units"), "layout-grid", "learner:units"),
    (_("Evidence"), "images", "learner:portfolio"),
    (_("Feedback"), "message-circle", "learner:feedback"),
]
ASSESSOR = [
    (_("Work"), "inbox", "assessor:work"),
    (_("Learners"), "users", "assessor:learners"),
    (_("Sign-off"), "stamp", "assessor:sign_off_list"),
    (_("Countersign"), "user-check", "assessor:countersign"),
    (_("Units"), "library", "catalogue:index"),
]
ASSURER = [
    (_("Learners"), "users", "assessor:learners"),
    (_("Exempt"), "file-check-2", "exemptions:list"),
    (_("Units"), "library", "catalogue:index"),
    (_("Rules"), "scale", "centre:rules"),
]
ADMIN = [
    (_("People"), "users", "centre:people"),
    (_("Learners"), "user-round", "centre:learners"),
    (_("Caseload"), "list-checks", "centre:caseload"),
    (_("Exempt"), "file-check-2", "exemptions:list"),
    (_("Units"), "library", "catalogue:index"),
    (_("Rules"), "scale", "centre:rules"),
]
#: Pages whose address does not begin with that of the item they belong to.
UNDER = {
    "centre:import": "catalogue:index",
    "centre:import_preview": "catalogue:index",
    "centre:import_match": "catalogue:index",
    "centre:import_mend": "catalogue:index",
    "centre:import_withdraw": "catalogue:index",
    "learner:moved": "learner:units",
    "learner:next": "learner:units",
    "assessor:moved": "assessor:learners",
    "assessor:carry": "assessor:learners",
    "assessor:carry_decline": "assessor:learners",
    "assessor:matrix": "assessor:learners",
    "assessor:matrix_list": "assessor:learners",
    "assessor:sign_off": "assessor:sign_off_list",
    "assessor:reopen": "assessor:sign_off_list",
    "assessor:countersign_unit": "assessor:countersign",
    "proof:item": "assessor:learners",
    "centre:approvals": "centre:rules",
    "centre:attention": "centre:people",
    "centre:try_again": "centre:people",
    "centre:externals": "centre:people",
    "centre:external": "centre:people",
    "centre:approval": "centre:rules",
    "centre:policy": "centre:rules",
    "centre:purges": "centre:rules",
    "centre:purge": "centre:rules",
    "centre:drafts": "catalogue:index",
    "centre:draft": "catalogue:index",
    **{f"centre:draft_{act}": "catalogue:index" for act in ("submit", "approve", "reject", "reopen", "withdraw")},
}
#: Pages of one area that others use as well: they keep the frame they came in.
SHARED = frozenset(
    [
        *(name for name, item in UNDER.items() if item == "catalogue:index"),
        *("centre:rules", "centre:rule", "centre:propose_rule", "centre:exception"),
        *("centre:approvals", "centre:approval", "centre:policy", "centre:identity"),
        *("centre:purges", "centre:purge", "centre:externals", "centre:external"),
    ]
)
AREAS = {"learner": LEARNER, "assessor": ASSESSOR, "assurer": ASSURER, "centre": ADMIN}
FIRST = {
    "learner": "learner:today",
    "assessor": "assessor:work",
    "assurer": "assessor:learners",
    "centre": "centre:people",
}
WORDS = {
    "learner": _("Learner"),
    "assessor": _("Assessor"),
    "assurer": _("Quality assurer"),
    "centre": _("Centre admin"),
}


def areas_of(roles: frozenset[Role]) -> list[str]:
    """Return the areas these roles open, the one they land in first."""
    tests = {
        "assessor": bool(roles & ASSESSING),
        "assurer": bool(roles & ASSURING) and not roles & ASSESSING,
        "centre": Role.ADMIN in roles,
        "learner": Role.LEARNER in roles,
    }
    return [area for area, holds in tests.items() if holds]


def area_url(area: str, centre: str) -> str:
    """Return the first page of an area in a centre."""
    return reverse(FIRST[area], args=[centre])


def home_url(places: tuple[Place, ...]) -> str | None:
    """Return where a person lands after signing in, or None when they hold no role anywhere today."""
    for place in places:
        for area in areas_of(place.roles):
            return area_url(area, place.centre_number)
    return None


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page. Works without an actor (signing in, errors)."""
    places: tuple[Place, ...] = getattr(request, "places", ())
    actor: Actor | None = getattr(request, "actor", None)
    area = _area(request, actor)
    context: dict[str, Any] = {
        "actor": actor,
        "area": area,
        "shell": "shells/plain.html",
        "home_url": home_url(places) or "/",
        "switcher": _switcher(places, actor, area),
        "nav": [],
    }
    if actor and area:
        context["shell"] = "shells/learner.html" if area == "learner" else "shells/bench.html"
        context["nav"] = _items(request, actor, area)
        context["centre_number"] = actor.centre_number
    if actor and area == "learner":
        context |= _adding(request, actor)
    return context


def takes_work(request: HttpRequest) -> bool:
    """Say whether a registration of this person here takes work today, as the walls have read it. No query.

    The services ask again before they write: this is for what a page offers.
    """
    actor: Actor | None = getattr(request, "actor", None)
    places: tuple[Place, ...] = getattr(request, "places", ())
    return actor is not None and any(place.takes_work for place in places if place.centre_id == actor.centre_id)


def _adding(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Return where a learner adds evidence, or the sentence why they cannot now: every page shows one of them."""
    why = why_not_write(active=takes_work(request))
    return {
        "add_url": "" if why else reverse("learner:add", args=[actor.centre_number]),
        "stopped": why[0].sentence if why else "",
    }


def with_count(request: HttpRequest, name: str, number: int) -> dict[str, Any]:
    """Return the context of a rail that shows a number the page has read already, so that it is not counted twice."""
    items = shell(request)["nav"]
    return {"nav": [replace(item, count=number) if item.name == name else item for item in items]}


def _area(request: HttpRequest, actor: Actor | None) -> str:
    """Return the area of this page; a page shared by areas keeps the one the person came from."""
    if actor is None or request.resolver_match is None:
        return ""
    own = areas_of(actor.roles)
    name = request.resolver_match.namespace
    if request.resolver_match.view_name in SHARED:
        name = ""
    if name == "assessor" and "assurer" in own:
        name = "assurer"
    session = getattr(request, "session", None)
    if name not in AREAS or (name == "centre" and name not in own):  # a lead IQA edits the catalogue, no more
        kept = session.get("area", "") if session is not None else ""
        return kept if kept in own else next(iter(own), "")
    if session is not None and name in own and session.get("area") != name:
        session["area"] = name
    return name


def _items(request: HttpRequest, actor: Actor, area: str) -> list[Item]:
    counts: dict[str, Any] = {
        "assessor:work": SimpleLazyObject(lambda: waiting_count(actor)),
        "assessor:countersign": SimpleLazyObject(lambda: countersign_count(actor)),
        "learner:feedback": SimpleLazyObject(lambda: feedback_count(actor)),
    }
    items = [
        Item(name, label, icon, reverse(name, args=[actor.centre_number]), counts.get(name, 0))
        for label, icon, name in _shown(area, actor)
        if name != "assessor:countersign" or actor.holds(Role.ASSESSOR)
    ]
    here = _section(request, items)
    return [replace(item, current=item.name == here) for item in items]


def _shown(area: str, actor: Actor) -> list[tuple[Any, str, str]]:
    """Return the items of an area; who assesses and assures has both in one, because the pages are the same."""
    items = AREAS[area]
    if area != "assessor" or not actor.assures:
        return items
    here = {name for _label, _icon, name in items}
    return [*items, *(item for item in ASSURER if item[2] not in here)]


def _section(request: HttpRequest, items: list[Item]) -> str:
    """Return the name of the item this page is under: the one with the longest address that begins the page's own."""
    match = request.resolver_match
    if match and match.view_name in UNDER:
        return UNDER[match.view_name]
    over = [item for item in items if request.path.startswith(item.url)]
    return max(over, key=lambda item: len(item.url)).name if over else ""


def _switcher(places: tuple[Place, ...], actor: Actor | None, area: str) -> list[Seat]:
    return [
        Seat(
            place.centre_name,
            WORDS[name],
            area_url(name, place.centre_number),
            actor is not None and place.centre_id == actor.centre_id and name == area,
        )
        for place in places
        for name in areas_of(place.roles)
    ]
