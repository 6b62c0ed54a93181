"""What is ticked on "What does it show?": read from the form, or from what was saved before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.plain import whole_number
from portfolio.enums import MappingOrigin
from portfolio.queries.learner import Linking, Thing, plain
from portfolio.rules import LONGEST_NOTE
from portfolio.services import Chosen
from web.learner.learner_words import seconds_of
from web.shared.templatetags.attest import duration
from web.shared.texts import too_long

MOST = 1000


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick as text, the way it stands in the form."""

    origin: str
    page: str = ""
    time: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A thing on the page: ticked or not, why it is there, what is wrong with its place."""

    thing: Thing
    tick: Tick | None
    why: str
    origin: str
    error: str = ""


def stored(found: Linking) -> dict[str, Tick]:
    """Return the ticks saved before."""
    return {
        value: Tick(
            origin=row.origin,
            page=str(row.page or ""),
            time=duration(row.seconds) if row.seconds is not None else "",
            note=row.note,
        )
        for value, row in found.ticked.items()
        if not row.settled
    }


def posted(data: QueryDict) -> dict[str, Tick]:
    """Return the ticks of a form. A thing that stands on the page twice counts once, with the place that was filled."""
    return {
        value: Tick(
            origin=_first(data, f"from-{value}") or MappingOrigin.UNIT,
            page=_first(data, f"page-{value}"),
            time=_first(data, f"time-{value}"),
            note=_first(data, f"note-{value}"),
        )
        for value in dict.fromkeys(map(plain, data.getlist("thing")[:MOST]))
    }


def _first(data: QueryDict, name: str) -> str:
    return next((text.strip() for text in data.getlist(name) if text.strip()), "")


def chosen(ticks: Mapping[str, Tick], found: Linking) -> tuple[list[Chosen], dict[str, str]]:
    """Return what the service takes, and a sentence for each place that cannot be read. What is settled stays."""
    wanted: list[Chosen] = []
    wrong: dict[str, str] = {}
    for value, tick in ticks.items():
        unit, _colon, criterion = value.partition(":")
        try:
            place = _page(tick.page), seconds_of(tick.time)
        except ValueError:
            wrong[value] = _("Write the page as a number, and the time as minutes and seconds, like 1:30.")
            continue
        if len(tick.note) > LONGEST_NOTE:
            wrong[value] = too_long(_("A few words"), len(tick.note), LONGEST_NOTE)
            continue
        wanted.append(Chosen(unit, criterion, tick.origin, *place, tick.note))
    settled = [row for value, row in found.ticked.items() if row.settled and value not in ticks]
    wanted += [Chosen(row.thing.row.learner_unit_id, row.thing.row.criterion_id, row.origin) for row in settled]
    return wanted, wrong


def _page(text: str) -> int | None:
    if not text:
        return None
    found = whole_number(text, most=999_999)  # pages
    if found is None:
        raise ValueError(text)
    return found


def rows(
    things: Iterable[Thing], ticks: Mapping[str, Tick], wrong: Mapping[str, str], origin: str, why: str = ""
) -> list[Row]:
    """Return things for the page, each with its tick; what is done says so."""
    return [
        Row(
            thing=thing,
            tick=ticks.get(thing.value),
            why=why or (_("Done already. One more can still help.") if thing.done else ""),
            origin=origin,
            error=wrong.get(thing.value, ""),
        )
        for thing in things
    ]
