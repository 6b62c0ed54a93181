"""Every table that is only added to is sealed, with every column; words of people are hidden in what leaves the house."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, JSONField, TextField

from common.append_only import protected_tables
from ledger import registry

#: table → reason: is only added to and has no leaves
UNSEALED = dict.fromkeys(
    ("ledger_leaf", "ledger_tile", "ledger_head"), "the log itself: its own heads and anchors hold it"
)
#: Columns that people type into and that stand in records as they are, each because it names no person.
OPEN = {
    "assessments.ledgerentry": {"payload": "ids, hashes and times by rule (docs/ledger.md)", "roles": "names of roles"},
    "audit.event": {"roles": "names of roles", "action": "names of acts", "object_type": "a model", "object_id": "an id",
                    "request_id": "an id"},
    "centres.approval": {"awarding_body": "an organisation", "entry_code": "a number", "number": "of the approval"},
    "centres.externalproposal": {"entry_codes": "numbers of qualifications"},
    "centres.induction": {"version": "of a text of ours", "parts": "names of its parts"},
    "centres.sufficiencyrule": {"scope": "made of keys and numbers", "unit_key": "a key", "asked": "numbers"},
    "centres.unitchange": {"added": "ids", "dropped": "ids", "accepted": "ids"},
    "ledger.signingkey": {"verifier": "a public key"},
    "portfolio.evidenceversion": {"declaration": "the version of a text of ours"},
    "portfolio.tombstone": {"content_type": "of a file", "storage_key": "a random name"},
}  # fmt: skip
#: A catalogue is public; it speaks of nobody.
PUBLIC = "qualifications."
HASHES = {"digest", "previous", "version_digest", "sha256", "file__sha256", "public_id", "file__public_id"}

TABLES = pytest.mark.parametrize("table", registry.tables(), ids=lambda table: table.name)


def model_of(table):
    return apps.get_model(table.model)


def field_of(table, column):
    model, *steps = model_of(table), *column.split("__")
    for step in steps[:-1]:
        model = model._meta.get_field(step).related_model
    return next(field for field in model._meta.concrete_fields if field.attname == steps[-1])


@pytest.mark.django_db
def test_every_table_that_is_only_added_to_is_sealed():
    sealed = {model_of(table)._meta.db_table for table in registry.tables()}
    protected = set(protected_tables(connection))
    assert protected - sealed == set(UNSEALED)
    assert sealed - protected == set()


@TABLES
def test_the_newest_form_names_every_column(table):
    columns = {field.attname for field in model_of(table)._meta.concrete_fields}
    form = table.form(table.newest)
    own = [name for name in form.columns if "__" not in name]
    assert set(own) | set(table.left_out) == columns
    assert len(set(form.names)) == len(form.names)
    assert not set(own) & set(table.left_out)
    assert all(len(reason.split()) > 3 for reason in table.left_out.values())


@TABLES
def test_every_form_can_still_be_read(table):
    for number in range(1, table.newest + 1):
        for column in table.form(number).columns:
            assert field_of(table, column), column


@TABLES
def test_what_people_type_is_hidden(table):
    form = table.form(table.newest)
    typed = {
        name
        for name, column in zip(form.names, form.columns, strict=True)
        if isinstance(field := field_of(table, column), CharField | TextField | JSONField) and not field.choices
    }
    open_ones = typed - set(form.words) - HASHES
    if not table.name.startswith(PUBLIC) or table.name == "qualifications.criterionnote":
        assert open_ones == set(OPEN.get(table.name, {})) | open_ones & {"unit_key", "number"} & _catalogue(table)


def _catalogue(table):
    """What is said about a criterion names it by the key of its unit and its number."""
    return {"unit_key", "number"} if table.name.startswith(PUBLIC) else set()
