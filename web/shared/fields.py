"""A plain Django form field in the markup of the design: one way of tying label, hint, error and control.

A date is one native date field, not three boxes: on a phone it opens the calendar people know, it is one
thing to name, to fill and to mend, and most dates here are of the last days. It is written as 2026-11-23.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.DateInput, "date"),
    (forms.TimeInput, "time"),
)
CLASSES = {
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
}
DJANGO_ROWS = "10"  # what a Textarea has when nobody said; too much for a phone
NEAR = 80  # per cent of a text's length: from there on its end is said
#: Options of `{% field %}` that are not attributes of the control.
OPTIONS = (
    "label",
    "hint",
    "width",
    "count",
    "near",
    "optional",
    "inline",
    "label_class",
    "hide_label",
    "show_password",
)


def kind_of(bound: BoundField) -> str:
    """Return which markup a field gets: the first widget class it belongs to, else "input"."""
    widget = bound.field.widget
    return next((kind for cls, kind in KINDS if isinstance(widget, cls)), "input")


def target_of(bound: BoundField) -> str:
    """Return the id an error links to: the control, or the first choice of several."""
    many = kind_of(bound) in ("radios", "checkboxes")
    return f"{bound.auto_id}_0" if many else str(bound.auto_id)


def _limit(bound: BoundField, kind: str, options: dict[str, Any]) -> int | None:
    """Return how many characters a text may have, when the page counts them: always, or when few are left."""
    counted = options.get("near") or (kind == "textarea" and options.get("count", True))
    field = bound.field
    return getattr(field, "counted", None) or getattr(field, "max_length", None) if counted else None


def near_limit(limit: int) -> SafeString:
    """Return the attributes of what holds a text: the count comes when four fifths are written."""
    said = {
        "characters-under-limit.one": _("You have %{count} character left"),
        "characters-under-limit.other": _("You have %{count} characters left"),
        "characters-at-limit": _("You have no characters left"),
        "characters-over-limit.one": _("You have %{count} character too many"),
        "characters-over-limit.other": _("You have %{count} characters too many"),
    }
    words = format_html_join(" ", 'data-i18n.{}="{}"', said.items())
    start = 'data-module="govuk-character-count" data-maxlength="{}" data-threshold="{}" {}'
    return format_html(start, limit, NEAR, words)


def _described_by(bound: BoundField, hint: object, limit: int | None) -> str:
    parts = [
        f"{bound.auto_id}-hint" if hint else "",
        f"{bound.auto_id}-error" if bound.errors else "",
        f"{bound.auto_id}-info" if limit else "",
    ]
    return " ".join(part for part in parts if part)


def _css(bound: BoundField, kind: str, options: dict[str, Any], limit: int | None) -> str:
    base = CLASSES.get(kind, "govuk-input")
    name = base.split()[0]
    parts = [base, str(bound.field.widget.attrs.get("class", ""))]
    parts += [f"{name}--error"] if bound.errors else []
    parts += [f"govuk-input--width-{options['width']}"] if options.get("width") else []
    parts += ["govuk-js-character-count"] if limit else []
    return " ".join(part for part in parts if part)


def _attributes(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that are attributes: `data_x="1"` becomes data-x, False leaves one away."""
    return {key.replace("_", "-"): value for key, value in options.items() if key not in OPTIONS}


def _control(bound: BoundField, kind: str, options: dict[str, Any], limit: int | None, hint: object) -> SafeString:
    css = _css(bound, kind, options, limit)
    attrs: dict[str, Any] = {"class": css, "maxlength": False} | _attributes(options)
    attrs["aria-describedby"] = _described_by(bound, hint, limit) or False
    if kind == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    if kind == "textarea" and bound.field.widget.attrs.get("rows") == DJANGO_ROWS:
        attrs.setdefault("rows", 5)
    if kind in ("date", "time"):
        return _native(bound, kind, attrs)
    return bound.as_widget(attrs=attrs)


def _native(bound: BoundField, kind: str, attrs: dict[str, Any]) -> SafeString:
    """Render a date or time field of the browser; it takes and gives ISO values only."""
    value = bound.value()
    iso = value.isoformat() if isinstance(value, (dt.date, dt.time)) else value
    attrs |= {"aria-invalid": "true" if bound.errors else False, "id": bound.auto_id}
    widget = forms.TextInput()
    widget.input_type = kind
    return widget.render(bound.html_name, iso, {**bound.field.widget.attrs, **attrs})


def _choices(bound: BoundField) -> list[dict[str, Any]]:
    """Return the choices of radios or checkboxes for the markup; one without a value is left out."""
    rows = [sub.data for sub in bound.subwidgets]
    return [
        {"id": row["attrs"]["id"], "value": row["value"], "label": row["label"], "checked": row["selected"]}
        for row in rows
        if str(row["value"]) != ""
    ]


def render_field(bound: BoundField, options: dict[str, Any]) -> SafeString:
    """Render one bound field. Options: label, hint, width, count, near, optional, inline, label_class, hide_label,
    show_password; everything else becomes an attribute of the control (`autocomplete="bday"`).
    """  # noqa: D205 - one sentence needs two lines
    if bound.is_hidden:
        return bound.as_widget()
    # The page says what is missing in its own words: the browser's own bubbles stay away.
    bound.form.use_required_attribute = False
    kind = kind_of(bound)
    hint = options.get("hint", bound.help_text)
    limit = _limit(bound, kind, options)
    several = kind in ("radios", "checkboxes", "checkbox")
    context = {
        "field": bound,
        "kind": kind,
        "options": options,
        "label": options.get("label", bound.label),
        "hint": hint,
        "limit": limit,
        "errors": list(dict.fromkeys(bound.errors)),
        "optional": options.get("optional", not bound.field.required and kind != "checkbox"),
        "described_by": _described_by(bound, hint, limit),
        "choices": _choices(bound) if kind in ("radios", "checkboxes") else (),
        "control": "" if several else _control(bound, kind, options, limit, hint),
        "shape": "choices" if several else kind if kind in ("textarea", "password") else "input",
    }
    return mark_safe(render_to_string("components/field.html", context))  # noqa: S308 - our own template, escaped there


def _lines(form: forms.BaseForm) -> Iterable[dict[str, str]]:
    yield from ({"text": str(text), "href": "", "label": ""} for text in form.non_field_errors())
    for bound in form:
        href = "" if bound.is_hidden else f"#{target_of(bound)}"
        yield from (
            {"text": str(text), "href": href, "label": str(bound.label)} for text in dict.fromkeys(bound.errors)
        )


def render_error_summary(given: Iterable[forms.BaseForm | None]) -> SafeString:
    """Render the list of what is wrong in these forms; an empty text when nothing is."""
    lines = [line for form in given if form is not None and form.is_bound for line in _lines(form)]
    if not lines:
        return SafeString("")
    said = Counter(line["text"] for line in lines)
    for line in lines:  # the same of several fields: which one is meant has to be said
        if said[line["text"]] > 1 and line["label"]:
            line["text"] = f"{line['label'].removesuffix('?')}: {line['text']}"
    return mark_safe(render_to_string("components/error_summary.html", {"lines": lines}))  # noqa: S308 - our own template
