"""What an editor says about a file that is brought in. What is in the file is the catalogue's to judge."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from media.reading import ENDINGS
from qualifications.enums import Generation, Kind, Sector
from qualifications.rules.imports import COLUMNS, letter_of
from qualifications.rules.imports.asking import GROUP_RULES
from web.centre.forms import text_field
from web.shared.numbers import WholeNumberField
from web.shared.texts import Words

WORDINGS = (("official", _("The awarding body’s own words")), ("recalled", _("Our own words for them")))
GUESSED = (("", _("As the outcomes say")), *Kind.choices)
CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose from the list.")}
SEVERAL_COLUMNS = 2
ENTRY_CODE, BODY = 10, 60


def number_field(label: Any, low: int, high: int, *, missing: Any = "", **options: Any) -> WholeNumberField:
    """Return a whole number; without `missing` it may stay empty."""
    words = _("Type a whole number from %(low)d to %(high)d.") % {"low": low, "high": high}
    messages = {"required": missing, "invalid": words, "min_value": words, "max_value": words}
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return WholeNumberField(
        label=label,
        min_value=low,
        max_value=high,
        required=bool(missing),
        error_messages=messages,
        widget=widget,
        **options,
    )


def wording_field(hint: Any = "") -> forms.ChoiceField:
    """Return the question whose words the criteria are: it is shown wherever they are read."""
    return forms.ChoiceField(
        label=_("Whose words are the criteria?"),
        choices=WORDINGS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whose words they are."), "invalid_choice": _("Choose from the list.")},
        help_text=hint or _("Everybody who reads a criterion is told."),
    )


class FileForm(forms.Form):
    """A file with units or qualifications."""

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file."), "empty": _("There is nothing in this file.")},
        help_text=_(
            "A spreadsheet (.xlsx, .csv), a CASE package (.json), or catalogue files (.yaml, .zip). 10 MB at most."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
    )
    wording = wording_field(_("Everybody who reads a criterion is told. Catalogue files (.yaml) say it themselves."))


class MendedForm(forms.Form):
    """The same file, mended."""

    file = FileForm.base_fields["file"]


class PasteForm(forms.Form):
    """One unit as text, with what the text does not say."""

    title = text_field(_("Unit title"), 250, missing=_("Type the title of the unit."))
    reference = text_field(_("Unit reference"), 20, help_text=_("Such as D/506/2119."))
    level = number_field(_("Level"), 1, 8, missing=_("Type the level."))
    credit = number_field(_("Credits"), 1, 500, missing=_("Type the credits."))
    glh = number_field(_("Guided learning hours"), 0, 10_000)
    kind = forms.ChoiceField(label=_("Kind"), choices=GUESSED, required=False, error_messages=CHOOSE)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, initial=Sector.GENERIC, error_messages=CHOOSE)
    generation = forms.ChoiceField(
        label=_("Generation"), choices=Generation.choices, initial=Generation.Y2014, error_messages=CHOOSE
    )
    wording = wording_field()
    text = Words(
        label=_("Text of the unit"),
        longest=500_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _("Paste the text of the unit.")},
        help_text=_("Outcomes numbered 1, 2, 3 and criteria 1.1, 1.2. Headings and page numbers may stay in."),
    )

    @property
    def given(self) -> dict[str, Any]:
        """Return what was said about the unit, without its text."""
        return {key: value for key, value in self.cleaned_data.items() if key != "text" and value not in {None, ""}}


class MatchForm(forms.Form):
    """Which column is what, and what holds for the whole file."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False, error_messages=CHOOSE)
    header = number_field(_("Row of the headings"), 1, 100_000, missing=_("Type the number of the row."))
    level = number_field(_("Level"), 1, 8)
    credit = number_field(_("Credits of a unit"), 1, 500)
    kind = forms.ChoiceField(label=_("Kind"), choices=GUESSED, required=False, error_messages=CHOOSE)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, error_messages=CHOOSE)
    generation = forms.ChoiceField(label=_("Generation"), choices=Generation.choices, error_messages=CHOOSE)
    q_entry_code = text_field(_("Entry code"), ENTRY_CODE)
    q_title = text_field(_("Title"), 250)
    q_awarding_body = text_field(_("Awarding body"), BODY)
    q_level = number_field(_("Level of the qualification"), 1, 8)
    q_credit = number_field(_("Credits it needs"), 1, 500, help_text=_("Empty: those of all its units."))

    def __init__(self, data: Any = None, *, columns: Mapping[str, Any], with_sheet: bool, **options: Any) -> None:
        """`columns` is what the reading said of the file; `with_sheet`: it has columns at all."""
        super().__init__(data, initial=_initial(columns), **options)
        self.with_sheet = with_sheet
        self.answered: Mapping[str, Any] = columns.get("answers", {}).get("groups", {})
        self.shown: Sequence[Any] = columns.get("shown") or ("", 1, {})
        sheet = self.fields["sheet"]
        assert isinstance(sheet, forms.ChoiceField)  # noqa: S101 - declared above
        sheet.choices = [(name, name or _("The only one")) for name in columns.get("sheets", [""])]
        self.fields["header"].required = with_sheet
        self.groups: Sequence[str] = columns.get("groups", ())
        for n, name in enumerate(self.groups):
            self.fields[f"g{n}_rule"] = _group_field(name)
            self.fields[f"g{n}_credit"] = number_field(_("Credits for that"), 1, 500)
        self.letters = [letter_of(n) for n in range(columns.get("width", 0))] if with_sheet else []
        for letter in self.letters:
            self.fields[f"c_{letter}"] = _column_field(letter, columns)

    def clean(self) -> dict[str, Any]:
        """Refuse two columns that mean the same, and a sheet without any criterion."""
        data = super().clean() or self.cleaned_data
        if self._moved(data):
            return data  # the columns are asked about again
        for n, _name in enumerate(self.groups):
            if GROUP_RULES.get(data.get(f"g{n}_rule") or "") and not data.get(f"g{n}_credit"):
                self.add_error(f"g{n}_credit", _("Say how many credits."))
        chosen = [data.get(f"c_{letter}") for letter in self.letters]
        for letter in self.letters:
            meaning = data.get(f"c_{letter}")
            if meaning and chosen.count(meaning) >= SEVERAL_COLUMNS:
                self.add_error(f"c_{letter}", _("Another column is this too. Choose one of them."))
        if self.with_sheet and "criterion_text" not in chosen:
            self.add_error(None, _("Say which column holds the criteria."))
        return data

    def _moved(self, data: Mapping[str, Any]) -> bool:
        """Say whether another sheet or row of headings was chosen than the one shown."""
        sheet, header, _headings = self.shown
        return self.with_sheet and (data.get("header"), data.get("sheet")) != (header, sheet)

    @property
    def columns(self) -> dict[str, str]:
        """Return what each column is, by its letter."""
        found = {letter: self.cleaned_data[f"c_{letter}"] for letter in self.letters}
        return {letter: meaning for letter, meaning in found.items() if meaning}

    @property
    def answers(self) -> dict[str, Any]:
        """Return what holds for the whole file, in the words of the catalogue."""
        data = self.cleaned_data
        said = {key: data[key] for key in ("level", "credit", "kind", "sector", "generation") if data[key]}
        named = ("entry_code", "title", "awarding_body", "level", "credit")
        about = {key.replace("_", " "): data[f"q_{key}"] for key in named if data[f"q_{key}"]}
        groups = {**self.answered, **{name: self._group(n) for n, name in enumerate(self.groups)}}
        return {**said, "qualification": about, **({"groups": groups} if groups else {})}

    def _group(self, n: int) -> dict[str, Any]:
        rule, credit = self.cleaned_data[f"g{n}_rule"], self.cleaned_data[f"g{n}_credit"]
        return {"rule": rule, **({"credit": credit} if GROUP_RULES[rule] else {})}

    @property
    def group_fields(self) -> list[tuple[str, Any, Any]]:
        """Return each group with its two fields."""
        return [(name, self[f"g{n}_rule"], self[f"g{n}_credit"]) for n, name in enumerate(self.groups)]


def _group_field(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What “%(group)s” asks for") % {"group": name},
        choices=(
            ("all", _("Everybody takes all of its units")),
            ("least", _("So many credits of it at least")),
            ("exact", _("So many credits of it exactly")),
            ("most", _("So many credits of it at most")),
            ("free", _("It sets no limit of its own")),
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say what this group asks for, as the awarding body writes it."),
            "invalid_choice": _("Choose from the list."),
        },
    )


def _initial(columns: Mapping[str, Any]) -> dict[str, Any]:
    said = columns.get("answers", {})
    about = {f"q_{key.replace(' ', '_')}": value for key, value in said.get("qualification", {}).items()}
    usual = {"sector": Sector.GENERIC, "generation": Generation.Y2014}
    match = {f"c_{letter}": meaning for letter, meaning in columns.get("match", {}).items()}
    place = {"sheet": columns.get("sheet", ""), "header": columns.get("header", 1)}
    asked = said.get("groups", {})
    groups: dict[str, Any] = {}
    for n, name in enumerate(columns.get("groups", ())):
        groups |= {f"g{n}_{key}": value for key, value in asked.get(name, {}).items()}
    return {**usual, **said, **about, **match, **place, **groups}


def _column_field(letter: str, columns: Mapping[str, Any]) -> forms.ChoiceField:
    heading = _headings(columns).get(letter, "")
    label = _("Column %(letter)s, “%(heading)s”") if heading else _("Column %(letter)s")
    return forms.ChoiceField(
        label=label % {"letter": letter, "heading": heading},
        choices=[("", _("Leave out")), *((meaning, words[0]) for meaning, words in COLUMNS.items())],
        required=False,
        error_messages=CHOOSE,
    )


def _headings(columns: Mapping[str, Any]) -> Mapping[str, str]:
    shown: Sequence[Any] = columns.get("shown") or ("", 1, {})
    found: Mapping[str, str] = shown[2]
    return found


def headings_of(columns: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the heading of each column by its letter."""
    return _headings(columns)
