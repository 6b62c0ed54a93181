"""A field says what it is, what is wrong with it and what it is for, to everyone."""

import datetime as dt
import re

import pytest
from django import forms

from web.shared.fields import render_error_summary, render_field


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="You find it again by this name.")
    story = forms.CharField(label="Story", widget=forms.Textarea, max_length=200, required=False)
    consent = forms.ChoiceField(
        label="Is it fine?", choices=[("", "---"), ("y", "Yes"), ("n", "No")], widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        label="Kinds", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    happened = forms.DateField(label="When?", initial=dt.date(2026, 11, 23))
    starts = forms.TimeField(label="From", initial=dt.time(9, 30), widget=forms.TimeInput)
    own = forms.BooleanField(label="My own work", help_text="Say so.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    place = forms.ChoiceField(label="Place", choices=[("1", "Shop")])
    photo = forms.FileField(label="Photo", required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def html(name, data=None, **options):
    return re.sub(r"\s+", " ", render_field(Sample(data)[name], options))


def test_label_hint_and_control_are_tied():
    text = html("name")
    assert 'for="id_name"' in text
    assert 'id="id_name-hint"' in text
    assert 'aria-describedby="id_name-hint"' in text
    assert "error" not in text.replace("govuk-error", "error-class") or "govuk-error" not in text


def test_an_error_is_named_beside_the_control():
    text = html("name", {"name": ""})
    assert 'aria-describedby="id_name-hint id_name-error"' in text
    assert 'aria-invalid="true"' in text
    assert "govuk-input--error" in text
    assert "Error:</span> This field is required." in text


def test_the_browser_is_not_told_to_check():
    assert "required>" not in html("name")
    assert " required " not in html("name").split("<label")[1]


@pytest.mark.parametrize(("name", "marked"), [("name", False), ("story", True), ("photo", True), ("own", False)])
def test_what_may_stay_empty_says_so(name, marked):
    assert ("(optional)" in html(name)) is marked


def test_a_text_with_a_limit_counts_but_does_not_cut():
    text = html("story")
    assert 'data-maxlength="200"' in text
    assert 'id="id_story-info"' in text
    assert ' maxlength="' not in text


def test_counting_can_be_left_away():
    assert "data-maxlength" not in html("story", count=False)


def test_radios_are_a_group_with_a_legend_and_without_an_empty_choice():
    text = html("consent", {"consent": "n"})
    assert text.count('type="radio"') == 2
    assert "<legend" in text
    assert 'value="n" checked' in text
    assert 'value="y" checked' not in text


def test_several_choices_keep_what_was_ticked():
    text = html("kinds", {"kinds": ["b"]})
    assert text.count('type="checkbox"') == 2
    assert 'value="b" checked' in text
    assert 'value="a" checked' not in text


def test_a_date_is_one_native_field_with_an_iso_value():
    text = html("happened")
    assert 'type="date"' in text
    assert 'value="2026-11-23"' in text
    assert text.count("type=") == 1


def test_a_wrong_date_is_given_back_as_it_was_typed():
    assert 'value="2026-13-01"' in html("happened", {"happened": "2026-13-01"})


def test_a_time_is_native_too():
    assert 'type="time"' in html("starts")
    assert 'value="09:30:00"' in html("starts")


def test_one_tick_has_its_hint_below():
    text = html("own", {"own": "on"})
    assert "checked" in text
    assert 'aria-describedby="id_own-hint"' in text


def test_a_password_is_not_given_back():
    text = html("secret", {"secret": "otter bramble quilt"})
    assert "otter" not in text
    assert 'data-module="govuk-password-input"' in text


@pytest.mark.parametrize(("name", "name_of_class"), [("place", "govuk-select"), ("photo", "govuk-file-upload")])
def test_other_controls_have_their_class(name, name_of_class):
    assert f'class="{name_of_class}"' in html(name)


def test_a_hidden_field_is_only_itself():
    assert html("hidden").startswith("<input")


def test_options_become_attributes():
    text = html("name", autocomplete="given-name", data_x="1", placeholder=False, width="10")
    assert 'autocomplete="given-name"' in text
    assert 'data-x="1"' in text
    assert "placeholder" not in text
    assert "govuk-input--width-10" in text


def test_what_people_typed_stays_text():
    text = html("name", {"name": '"><script>alert(1)</script>'})
    assert "<script>" not in text


def test_the_summary_links_to_each_field():
    form = Sample({"name": ""})
    form.add_error(None, "Two of these do not fit <b>together</b>.")
    text = render_error_summary([form, None])
    assert 'href="#id_name"' in text
    assert 'href="#id_consent_0"' in text
    assert "&lt;b&gt;together" in text


def test_there_is_no_summary_when_nothing_is_wrong():
    assert render_error_summary([Sample()]) == ""
