"""`manage.py catalogue [--json]`: what is published now, for people or for programs."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from qualifications import queries
from qualifications.queries import GroupRow, PlaceRow, Structure
from qualifications.rules.known import PRINTED, doubts_in_words


class Command(BaseCommand):
    help = "Print the current qualifications with their groups, rules and units."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = sorted(queries.current_qualifications(None), key=lambda q: q.entry_code)
        structures = [queries.qualification_structure(q.public_id, None) for q in rows]
        if options["json"]:
            self.stdout.write(json.dumps([_facts(s) for s in structures], ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(line for s in structures for line in _table(s)))


def _facts(structure: Structure) -> dict[str, Any]:
    q = structure.qualification
    at_level = {"level": q.credit_at_level, "credit": q.credit_at_or_above}
    return {
        "entry_code": q.entry_code,
        "title": q.title,
        "awarding_body": q.awarding_body,
        "version": q.version,
        "level": q.level,
        "generation": q.generation,
        "credit": q.credit,
        "credit_at_or_above": None if q.credit_at_level is None else at_level,
        "groups": [_group(g) for g in structure.groups],
    }


def _group(group: GroupRow) -> dict[str, Any]:
    rule = group.rule
    return {
        "id": group.code,
        "title": group.title,
        "mandatory": rule.mandatory,
        "min_credit": rule.min_credit,
        "max_credit": rule.max_credit,
        "exact_credit": rule.exact_credit,
        "min_units": rule.min_units,
        "max_units": rule.max_units,
        "complete": rule.complete,
        "units": [_unit(p) for p in group.places],
    }


def _unit(place: PlaceRow) -> dict[str, Any]:
    unit = place.unit
    number = place.number
    return {
        "number": int(number) if number and number.isascii() and number.isdecimal() else number,
        **({"numbered": place.numbered} if number and place.numbered != PRINTED else {}),
        **({"unconfirmed": doubts_in_words(place.doubts)} if place.doubts else {}),
        "key": unit.key,
        "title": unit.title,
        "kind": unit.kind,
        "level": unit.level,
        "credit": unit.credit,
        "outcomes": unit.outcomes,
        "criteria": unit.criteria,
    }


def _table(structure: Structure) -> Iterator[str]:
    q = structure.qualification
    yield f"{q.entry_code}  {q.title} (version {q.version}): {structure.total}"
    for group in structure.groups:
        open_list = "" if group.rule.complete else " The list may not be whole."
        yield f"  {group.code}  {group.title}: {' '.join(group.sentences)}{open_list}"
        for place in group.places:
            u = place.unit
            facts = f"level {u.level}  credits {u.credit:>2}  outcomes {u.outcomes:>2}  criteria {u.criteria:>2}"
            number = place.number if place.numbered == PRINTED else place.number and f"({place.number})"
            yield f"    {number or '–':>5}  {u.title[:72]:<72}  {facts}  {u.key}"
    yield ""
