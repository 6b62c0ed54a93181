"""What one version of a qualification says differently from another: dates, groups, rules and units (R20, R23)."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from common.text import say
from qualifications.rules.combination import Assessed, GroupRule, assessed_in_words, group_in_words, total_in_words
from qualifications.rules.diff import Change, asked_of_all, less_of_all, new_and_gone
from qualifications.rules.files import GroupFile, PlaceFile, QualificationFile, UnitFile
from qualifications.rules.lifecycle import written_out
from qualifications.rules.settings import allowed_settings, settings_in_words


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is different, as a sentence. `loud`: the award asks for less, or can be had for longer."""

    change: Change
    sentence: str
    loud: bool = False


@dataclass(frozen=True, slots=True)
class QualificationDiff:
    """A qualification in two versions. `reworded` are titles of units whose text is different."""

    change: Change
    entry_code: str
    title: str
    lines: tuple[Line, ...] = ()
    reworded: tuple[str, ...] = ()

    @property
    def losses(self) -> tuple[str, ...]:
        """Return the sentences that nobody may overlook."""
        return tuple(line.sentence for line in self.lines if line.loud)


def diff_qualification(
    before: QualificationFile | None,
    after: QualificationFile,
    old_units: Mapping[str, UnitFile],
    new_units: Mapping[str, UnitFile],
) -> QualificationDiff:
    """Return what is different in a qualification; None before means that all of it is new.

    `old_units` and `new_units` are the units as the two versions name them, by key.
    """
    if before is None:
        return QualificationDiff(Change.ADDED, after.entry_code, after.title, tuple(_all_of(after, new_units)))
    lines = (
        *_facts(before, after),
        *_dates(before, after),
        *_groups(before, after, old_units, new_units),
        *_places(before, after, old_units, new_units),
        *_barred(before, after),
        *_evidence(before, after),
        *_settings(before, after),
        *_around(before, after),
    )
    both = {p.unit for g in before.groups for p in g.places} & {p.unit for g in after.groups for p in g.places}
    reworded = tuple(sorted(new_units[key].title for key in both if old_units[key] != new_units[key]))
    if before != after and not lines:
        lines = (Line(Change.CHANGED, say("Only the order is different.")),)
    change = Change.CHANGED if lines or reworded else Change.SAME
    return QualificationDiff(change, after.entry_code, after.title, lines, reworded)


def _all_of(file: QualificationFile, units: Mapping[str, UnitFile]) -> Iterator[Line]:
    yield Line(Change.ADDED, _total(file))
    yield from (Line(Change.ADDED, sentence) for sentence in asked_of_all(file.sufficiency))
    if file.settings:
        yield Line(Change.ADDED, _where(file))
    for group in file.groups:
        yield Line(Change.ADDED, _group_words(group, units))


def _total(file: QualificationFile) -> str:
    return total_in_words(file.credit, file.credit_at_level, file.credit_at_or_above)


def _facts(before: QualificationFile, after: QualificationFile) -> Iterator[Line]:
    for name, words in (
        ("title", say("Title: “%(after)s”, before “%(before)s”.")),
        ("level", say("Level: %(after)s, before %(before)s.")),
        ("generation", say("Generation: %(after)s, before %(before)s.")),
        ("ofqual_number", say("Ofqual number: %(after)s, before %(before)s.")),
        ("glh_min", say("Fewest guided hours: %(after)s, before %(before)s.")),
        ("glh_max", say("Most guided hours: %(after)s, before %(before)s.")),
        ("glh_stated", say("Guided hours as one figure: %(after)s, before %(before)s.")),
        ("structure_reference", say("Reference of the structure: %(after)s, before %(before)s.")),
        ("tqt", say("Total hours: %(after)s, before %(before)s.")),
        ("replaces_code", say("Took over from: %(after)s, before %(before)s.")),
    ):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Line(Change.CHANGED, words % {"before": _known(old), "after": _known(new)})
    if _total(before) != _total(after):
        words = say("The award needs: %(after)s; before: %(before)s.")
        less = after.credit < before.credit or (after.credit_at_or_above or 0) < (before.credit_at_or_above or 0)
        yield Line(Change.CHANGED, words % {"before": _total(before), "after": _total(after)}, loud=less)
    if before.provenance != after.provenance:
        yield Line(Change.CHANGED, say("Where it comes from is described again."))


def _known(value: object) -> object:
    return say("not known") if value is None else value


def _dates(before: QualificationFile, after: QualificationFile) -> Iterator[Line]:
    for name, words, ends in (
        ("listed_on", say("Listed: %(after)s, before %(before)s."), False),
        ("last_registration_on", say("Last entry: %(after)s, before %(before)s."), True),
        ("last_certification_on", say("Last certificate: %(after)s, before %(before)s."), True),
    ):
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        longer = ends and old is not None and (new is None or new > old)
        yield Line(Change.CHANGED, words % {"before": _day(old), "after": _day(new)}, loud=longer)


def _day(day: dt.date | None) -> str:
    return say("not known") if day is None else written_out(day)


def _group_words(group: GroupFile, units: Mapping[str, UnitFile]) -> str:
    rule = GroupRule(
        mandatory=group.mandatory,
        complete=group.complete,
        units=len(group.places),
        credit=sum(units[p.unit].credit for p in group.places),
        min_credit=group.min_credit,
        max_credit=group.max_credit,
        exact_credit=group.exact_credit,
        min_units=group.min_units,
        max_units=group.max_units,
    )
    facts = {"code": group.code, "title": group.title, "rule": " ".join(group_in_words(rule))}
    return say("Group %(code)s, %(title)s: %(rule)s") % facts


def _groups(
    before: QualificationFile,
    after: QualificationFile,
    old_units: Mapping[str, UnitFile],
    new_units: Mapping[str, UnitFile],
) -> Iterator[Line]:
    earlier = {g.code: g for g in before.groups}
    for group in after.groups:
        old = earlier.pop(group.code, None)
        now = _group_words(group, new_units)
        if old is None:
            yield Line(Change.ADDED, now)
        elif _rule_of(old) != _rule_of(group):
            words = say("%(now)s Before: %(before)s")
            facts = {"now": now, "before": _group_words(old, old_units)}
            yield Line(Change.CHANGED, words % facts, loud=_asks_less(old, group))
    for old in earlier.values():
        yield Line(Change.REMOVED, _group_words(old, old_units), loud=True)


def _rule_of(group: GroupFile) -> GroupFile:
    return dataclasses.replace(group, places=())


def _asks_less(before: GroupFile, after: GroupFile) -> bool:
    low = any(
        (getattr(after, name) or 0) < (getattr(before, name) or 0)
        for name in ("min_credit", "exact_credit", "min_units")
    )
    return low or (before.mandatory and not after.mandatory)


def _places(
    before: QualificationFile,
    after: QualificationFile,
    old_units: Mapping[str, UnitFile],
    new_units: Mapping[str, UnitFile],
) -> Iterator[Line]:
    old = {p.unit: (g, p) for g in before.groups for p in g.places}
    new = {p.unit: (g, p) for g in after.groups for p in g.places}
    for key, (group, place) in new.items():
        facts = {"title": new_units[key].title, "code": group.code, "number": place.number or "–"}
        if key not in old:
            yield Line(Change.ADDED, say("Unit added to group %(code)s: %(title)s.") % facts)
            continue
        earlier, old_place = old[key]
        yield from _known_place(facts, old_place, place)
        old_number, number = old_place.number, place.number
        if earlier.code != group.code:
            words = say("%(title)s moves from group %(before)s to group %(code)s.")
            freed = earlier.mandatory and not group.mandatory
            yield Line(Change.CHANGED, words % {**facts, "before": earlier.code}, loud=freed)
        if old_number != number:
            words = say("%(title)s has number %(number)s, before %(before)s.")
            yield Line(Change.CHANGED, words % {**facts, "before": old_number or "–"})
    for key, (group, _place) in old.items():
        if key not in new:
            words = say("Unit taken out of group %(code)s: %(title)s.")
            facts = {"title": old_units[key].title, "code": group.code}
            yield Line(Change.REMOVED, words % facts, loud=group.mandatory)


def _known_place(facts: Mapping[str, object], before: PlaceFile, after: PlaceFile) -> Iterator[Line]:
    if (before.membership, before.numbered) != (after.membership, after.numbered):
        words = say("%(title)s: how its place or its number is known is put differently.")
        yield Line(Change.CHANGED, words % facts)


def _barred(before: QualificationFile, after: QualificationFile) -> Iterator[Line]:
    if {frozenset(keys) for keys in before.barred} != {frozenset(keys) for keys in after.barred}:
        lifted = {frozenset(keys) for keys in before.barred} - {frozenset(keys) for keys in after.barred}
        words = say("Which units may not count together is different.")
        yield Line(Change.CHANGED, words, loud=bool(lifted))


def _evidence(before: QualificationFile, after: QualificationFile) -> Iterator[Line]:
    for sentence in new_and_gone(asked_of_all(before.sufficiency), asked_of_all(after.sufficiency)):
        yield Line(Change.CHANGED, sentence)
    for sentence in less_of_all(before.sufficiency, after.sufficiency):
        yield Line(Change.CHANGED, sentence, loud=True)


def _where(file: QualificationFile) -> str:
    words = settings_in_words(allowed_settings(file.settings, file.awarding_body))
    return say("Where competence may be shown: %(words)s") % {"words": words}


def _settings(before: QualificationFile, after: QualificationFile) -> Iterator[Line]:
    """Say what counts as the place of competence now; one place more than before is loud (R61)."""
    if before.settings == after.settings:
        return
    old, new = (allowed_settings(file.settings, file.awarding_body) for file in (before, after))
    yield Line(Change.CHANGED, _where(after), loud=bool(new - old))
    if old == new:
        yield Line(Change.CHANGED, say("What the awarding body is quoted with on this is different."))


def _around(before: QualificationFile, after: QualificationFile) -> Iterator[Line]:
    """Say what is different in the awards named beside it, and in how much the centre has to assess (R79)."""
    if before.equivalents != after.equivalents:
        yield Line(Change.CHANGED, say("Which awards of other bodies have the same structure is different."))
    if before.assessed != after.assessed:
        old, new = Assessed.of(before.assessed), Assessed.of(after.assessed)
        words = say("What the centre has to assess itself: %(words)s")
        less = new.units < old.units or new.credit < old.credit
        yield Line(Change.CHANGED, words % {"words": assessed_in_words(new)}, loud=less)
