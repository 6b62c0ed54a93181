"""No limit of a text is said in anybody else's English, and each sentence says which field it is about."""

import importlib
import pkgutil

import pytest
from django import forms

import web
from assessments.services import LONGEST_REPLY
from portfolio.models import Evidence, EvidenceMapping
from portfolio.rules import KEPT, LENGTHS, LONGEST_NOTE
from web.learner.forms import FIELDS, ReplyForm
from web.shared.texts import Words, too_long


def forms_of_ours():
    """Return every form that the screens' packages define."""
    for found in pkgutil.walk_packages(web.__path__, "web."):
        if found.name.rpartition(".")[2].endswith("forms"):
            importlib.import_module(found.name)
    waiting, seen = [forms.Form], set()
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__module__.startswith("web."):
                seen.add(one)
    return sorted(seen, key=lambda one: (one.__module__, one.__qualname__))


def limited():
    for form in forms_of_ours():
        for name, field in form.base_fields.items():
            if isinstance(field, forms.CharField) and field.max_length and not field.widget.is_hidden:
                yield pytest.param(field, id=f"{form.__name__}.{name}")


@pytest.mark.parametrize("field", list(limited()))
def test_a_limit_is_said_in_our_words_with_the_fields_name(field):
    end = "@example.org" if isinstance(field, forms.EmailField) else ""
    assert field.clean("x" * (field.max_length - len(end)) + end)
    with pytest.raises(forms.ValidationError) as refused:
        field.clean("x" * (field.max_length + 1 - len(end)) + end)
    (sentence,) = refused.value.messages
    assert "Ensure" not in sentence
    assert str(field.label) in sentence or isinstance(field.widget, forms.PasswordInput)


@pytest.mark.parametrize("form", [form for form in forms_of_ours() if "learner" in form.__module__])
def test_no_answer_to_a_learner_is_djangos(form):
    for name in form.base_fields:
        given = form({name: "not one of them"})
        for sentence in given.errors.get(name, ()):
            assert "valid choice" not in sentence, name
            assert "Enter a valid" not in sentence, name


def test_columns_forms_and_rules_hold_the_same():
    """A limit stands once, beside the rule; whoever writes another number anywhere is told here."""
    for name, most in KEPT.items():
        assert Evidence._meta.get_field(name).max_length == most, name
        assert FIELDS[name].max_length == most, name
        assert FIELDS[name].counted == LENGTHS[name] <= most, name
    assert Evidence._meta.get_field("sent_title").max_length == LENGTHS["title"]
    assert EvidenceMapping._meta.get_field("note").max_length == LONGEST_NOTE
    assert ReplyForm.base_fields["text"].max_length == LONGEST_REPLY


def test_a_line_break_counts_and_is_kept_as_one_character_however_it_came():
    field = Words(label="Story", longest=3)
    assert field.clean("a\r\nb") == field.clean("a\nb") == field.clean("a\rb") == "a\nb"
    with pytest.raises(forms.ValidationError):
        field.clean("ab\r\nc")


def test_numbers_are_written_as_people_read_them():
    assert too_long("Your words", 60001, 60000) == "“Your words” is 60,001 characters long. Keep it to 60,000."
