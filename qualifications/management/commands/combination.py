"""`manage.py combination CODE --units KEY,KEY`: what a choice of units comes to under the rule of combination."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qualifications import queries
from qualifications.models import Qualification
from qualifications.queries import StoredRule
from qualifications.rules import Choice, Evaluation, evaluate
from qualifications.rules.combination import GroupCount
from qualifications.rules.known import doubts_in_words


class Command(BaseCommand):
    help = "Weigh a choice of units against a qualification's rule of combination. Prints JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="entry code of the qualification, such as 10381")
        parser.add_argument(
            "--units",
            default="",
            help="keys or references of the units chosen, with commas between; mandatory ones too",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        stored = queries.rule_of(_qualification(options["code"]).pk)
        keys = [_key(stored, word) for word in options["units"].split(",") if word.strip()]
        found = evaluate(stored.rule, Choice.of(keys))
        self.stdout.write(json.dumps(_facts(found), ensure_ascii=False, indent=2))
        for sentence in _cautions(found):
            self.stderr.write(sentence)


def _qualification(code: str) -> Qualification:
    found = list(queries.current_versions(None).filter(entry_code=code))
    if not found:
        raise CommandError(f"There is no qualification with the entry code {code}. Try manage.py catalogue for a list.")
    if len(found) > 1:
        bodies = ", ".join(sorted(q.awarding_body for q in found))
        raise CommandError(f"More than one awarding body uses the entry code {code}: {bodies}.")
    return found[0]


def _key(stored: StoredRule, word: str) -> str:
    key = word.strip().replace("/", "-")
    if key not in stored.unit_ids:
        raise CommandError(f"{word.strip()} is not a unit of this qualification. Try manage.py catalogue for a list.")
    return key


def _unconfirmed(found: Evaluation) -> dict[str, Any]:
    """Return what nobody has confirmed of it, by unit, and of the rule; nothing where all of it is."""
    units = {m.key: doubts_in_words(m.doubts) for m in (*found.doubtful, *found.suggestion) if m.doubts}
    rule = {"rule": found.rule.known} if found.rule_doubtful else {}
    return {**({"unconfirmed": units} if units else {}), **rule}


def _cautions(found: Evaluation) -> Iterator[str]:
    """Yield what a person has to know beside the answer: what of it nobody has confirmed."""
    if found.rule_doubtful:
        yield "Caution: the rule of this qualification, or a part of it, is recalled, not read in a source."
    for said, members in (("chosen", found.doubtful), ("suggested", found.suggestion)):
        for member in members:
            if member.doubts:
                yield f"Caution: {member.name} is {said} and not confirmed. {doubts_in_words(member.doubts)}"
    if found.satisfied and not found.sure:
        yield "Caution: it adds up only if the awarding body confirms this."


def _facts(found: Evaluation) -> dict[str, Any]:
    return {
        "satisfied": found.satisfied,
        "credit": found.credit,
        "groups": [_group(one) for one in found.groups],
        "unmet": [{"code": part.code, "sentence": part.sentence} for part in found.unmet],
        "surplus": [
            {"code": s.code, "sentence": s.sentence, "credit": s.credit, "units": list(s.keys)} for s in found.surplus
        ],
        "completable": found.completable,
        "suggestion": [m.key for m in found.suggestion],
        **_unconfirmed(found),
    }


def _group(one: GroupCount) -> dict[str, Any]:
    return {
        "id": one.group.code,
        "title": one.group.title,
        "credit": one.credit,
        "units": [m.key for m in one.group.members if m.key in one.keys],
        "min_credit": one.group.need_credit or None,
        "max_credit": one.group.cap,
        "min_units": one.group.need_units or None,
        "max_units": one.group.max_units,
        "complete": one.group.complete,
    }
