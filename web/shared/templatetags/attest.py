"""The small parts of pages: icons, cells, statuses, strips, people; how times and sizes are written."""

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from qualifications.enums import DraftState, Life
from qualifications.rules.known import PRINTED, doubts_in_words, number_in_words
from web.shared import browser_names, fields
from web.shared.combination_meter import short_title
from web.shared.statuses import DRAFTS, LIFE, STATUSES

register = template.Library()

ICON_SIZES = (14, 16, 18, 20, 24, 28, 32)
CELL_SIZES = (10, 12, 14, 16, 18, 20, 22, 24, 28, 30, 32, 34, 36)
CELL, STEP, OUTCOME_GAP = 16, 19, 6
TONES = 5
KILO = 1000


def _sized(size: int | None, allowed: tuple[int, ...], prefix: str) -> str:
    """Return the class of a size. Sizes are classes: pages carry no style. An unknown one is a mistake."""
    if size is None:
        return ""
    if size not in allowed:
        raise template.TemplateSyntaxError(f"size {size} is not one of {allowed}")
    return f" {prefix}{size}"


def _sprite(symbol: str) -> str:
    return f"{static('icons.svg')}#{symbol}"


# --- icons, cells, statuses ---------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: int | None = None) -> SafeString:
    """Draw a line icon. It has no name of its own: a word stands beside it, or the button is named."""
    return format_html(
        '<svg class="at-icon{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        _sized(size, ICON_SIZES, "at-icon--"),
        _sprite(f"i-{name}"),
    )


@register.simple_tag
def cell(key: str, size: int | None = None, label: str = "") -> SafeString:
    """Draw one cell. Without a label it is decoration beside a word; with one it speaks for itself."""
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="at-cell{}" viewBox="0 0 16 16" {} focusable="false"><use href="{}"></use></svg>',
        _sized(size, CELL_SIZES, "at-z"),
        named,
        _sprite(f"c-{STATUSES[key].key}"),
    )


@register.simple_tag
def seen(mark: object) -> SafeString:
    """Put the mark of the state that a page shows into its form (see common.seen): a stale tab changes nothing."""
    return format_html('<input type="hidden" name="seen" value="{}">', mark)


@register.simple_tag
def status(key: str, audience: str = "learner", *, word: str = "", plain: bool = False) -> SafeString:
    """Draw a status: word, shape, colour. `word` says more than the key; `plain` in long lists."""
    return format_html(
        '<strong class="at-status at-status--{}{}">{}{}</strong>',
        key,
        " at-status--plain" if plain else "",
        cell(key),
        word or STATUSES[key].word(audience),
    )


@register.simple_tag
def life(stage: str, *, plain: bool = False) -> SafeString:
    """Draw where a version of a qualification stands in its life: word, shape, colour (R16)."""
    return status(LIFE[Life(stage)], "staff", word=str(Life(stage).label), plain=plain)


@register.simple_tag
def draft_state(state: str, *, plain: bool = False) -> SafeString:
    """Draw how far a draft of the catalogue is: word, shape, colour (R23)."""
    return status(DRAFTS[DraftState(state)], "staff", word=str(DraftState(state).label), plain=plain)


@register.simple_tag
def strip(
    cells: Sequence[tuple[str, int | str]], label: str, size: int | None = None, *, fluid: bool = False
) -> SafeString:
    """Draw one cell a criterion, in the order given, with a gap where the outcome changes.

    `cells` are pairs of status key and outcome number; `label` is the accessible name, counts in words.
    """
    x, previous, uses = -STEP, None, []
    for key, outcome in cells:
        x += STEP + (OUTCOME_GAP if previous is not None and outcome != previous else 0)
        previous = outcome
        uses.append((_sprite(f"c-{STATUSES[key].key}"), x))
    drawn = format_html_join("", '<use href="{}" x="{}" width="16" height="16"></use>', uses)
    return format_html(
        '<svg class="at-strip{}{}" viewBox="0 0 {} 16" role="img" aria-label="{}" focusable="false">{}</svg>',
        " at-strip--fluid" if fluid else "",
        _sized(size, CELL_SIZES, "at-z"),
        max(x + CELL, CELL),
        label,
        drawn,
    )


@register.simple_tag
def place_number(number: str | None, numbered: str) -> SafeString:
    """Draw the number of a unit in its qualification; one that the awarding body does not print stands in brackets."""
    if not number or numbered == PRINTED:
        return code(number or "–")
    why = number_in_words(number, numbered)
    return format_html('<span class="at-code" title="{}">({})</span>', why, number)


@register.filter
def doubts(codes: Sequence[str]) -> str:
    """Return what nobody has confirmed of a unit, in sentences; nothing for a confirmed one (T18)."""
    return doubts_in_words(codes)


@register.simple_tag
def code(text: object) -> SafeString:
    """Draw the official code of a unit or criterion: 6.2.5."""
    return format_html('<span class="at-code">{}</span>', text)


# --- people -------------------------------------------------------------------------------------------------


@register.simple_tag
def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name, in capitals."""
    words = str(name).split()
    picked = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in picked).upper()


@register.simple_tag
def avatar(name: str, size: int | None = None) -> SafeString:
    """Draw a person's initials; the tone follows from the name, so a person keeps it everywhere."""
    tone = zlib.crc32(str(name).encode()) % TONES + 1
    return format_html(
        '<span class="at-avatar{}{}" aria-hidden="true">{}</span>',
        f" at-avatar--{tone}" if tone > 1 else "",
        _sized(size, CELL_SIZES, "at-z"),
        initials(name),
    )


# --- forms --------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: Any, **options: Any) -> SafeString:
    """Render a bound field: label, hint, error and control, tied together. See `web.shared.fields`."""
    return fields.render_field(bound, options)


@register.simple_tag
def near_limit(limit: int) -> SafeString:
    """Return the attributes of an element that holds a limited text, for markup that is no form field of ours."""
    return fields.near_limit(limit)


@register.simple_tag
def error_summary(*forms: Any) -> SafeString:
    """Render what is wrong with these forms, each line a link to its field; nothing when all is well."""
    return fields.render_error_summary(forms)


# --- times, sizes -------------------------------------------------------------------------------------------


def _in_london(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(clock.LONDON)
    return value


def _year(value: dt.date) -> str:
    """Return " Y" for dates of another year: this year's are read more often without it."""
    return "" if value.year == clock.london_date(clock.now()).year else " Y"


@register.filter
def day(value: dt.date | None) -> str:
    """Write a day where the centres are: 19 November, with the year when it is not this one."""
    if value is None:
        return ""
    local = _in_london(value)
    return date_format(local, f"j F{_year(local)}")


@register.filter
def is_past(value: dt.date) -> bool:
    """Say whether a day is over where the centres are: what was planned for it and is not done is late."""
    return _in_london(value) < clock.london_date(clock.now())


@register.filter
def when(value: dt.datetime | None) -> str:
    """Write an instant where the centres are: Thursday 19 November, 14:20."""
    if value is None:
        return ""
    local = _in_london(value)
    return date_format(local, f"l j F{_year(local)}, H:i")


@register.filter
def of(found: Mapping[Any, str], key: object) -> str:
    """Return what a mapping says of a key, "" for nothing."""
    return found.get(key, "")


@register.filter
def group_name(group: Any) -> str:
    """Write which group of units this is, by its code and title: B · Optional."""
    return short_title(group.code, group.title)


@register.filter
def filesize(count: int | None) -> str:
    """Write a number of bytes as people see it on their phones: 640 bytes, 38 kB, 4.2 MB."""
    size = float(count or 0)
    if size < KILO:
        return ngettext("%(count)d byte", "%(count)d bytes", int(size)) % {"count": int(size)}
    for unit in ("kB", "MB", "GB"):
        size /= KILO
        if size < KILO or unit == "GB":
            break
    return f"{size:.1f} {unit}" if size < 10 and unit != "kB" else f"{size:.0f} {unit}"  # noqa: PLR2004 - 4.2 MB, 38 MB


@register.filter
def duration(seconds: float | None) -> str:
    """Write a length in seconds as minutes and seconds: 4:12, or 1:02:03."""
    total = round(seconds or 0)
    hours, minutes, rest = total // 3600, total % 3600 // 60, total % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def device(user_agent: str | None) -> str:
    """Name a browser and its device roughly, as its owner would: Chrome on Windows."""
    return browser_names.name_of(user_agent or "")


@register.filter
def waited(since: dt.datetime | dt.date | int | None) -> str:
    """Write how many calendar days something has waited, or a number of days: today, 1 day, 11 days."""
    if since is None:
        return ""
    if isinstance(since, dt.date):
        start = clock.london_date(since) if isinstance(since, dt.datetime) else since
        since = (clock.london_date(clock.now()) - start).days
    if since < 1:
        return _("today")
    return ngettext("%(count)d day", "%(count)d days", since) % {"count": since}
