"""The rule of combination in words (R20). Whether a choice satisfies it is a later rule's business."""

from dataclasses import dataclass

from common.text import _, count


@dataclass(frozen=True, slots=True)
class GroupRule:
    """The limits of one group (None: no such limit) and what its list of units adds up to."""

    mandatory: bool
    complete: bool
    units: int
    credit: int
    min_credit: int | None = None
    max_credit: int | None = None
    exact_credit: int | None = None
    min_units: int | None = None
    max_units: int | None = None


def group_in_words(rule: GroupRule) -> list[str]:
    """Return the group's rule as whole sentences, at least one."""
    if takes_everything(rule):
        if not rule.complete:
            words = count(
                "The unit listed, %(credit)d credits.", "All %(n)d units listed, %(credit)d credits.", rule.units
            )
        else:
            words = count("The one unit, %(credit)d credits.", "All %(n)d units, %(credit)d credits.", rule.units)
        return [words % {"n": rule.units, "credit": rule.credit}]
    sentences = [*_credit_in_words(rule), *_units_in_words(rule)]
    return sentences or [str(_("This group sets no limit of its own."))]


def total_in_words(credit: int, level: int | None, at_level: int | None) -> str:
    """Return what the award needs: `credit` in all, `at_level` at `level` or above (None: no rule)."""
    facts = {"credit": credit, "level": level, "part": at_level}
    if level is None or at_level is None:
        return _("%(credit)d credits") % facts
    if at_level >= credit:
        return _("%(credit)d credits, all at level %(level)d or above") % facts
    return _("%(credit)d credits, at least %(part)d of them at level %(level)d or above") % facts


def takes_everything(rule: GroupRule) -> bool:
    """Say whether a mandatory group leaves nothing to choose: it sets no limit, or needs all the credit it lists."""
    limits = (rule.min_credit, rule.max_credit, rule.exact_credit, rule.min_units, rule.max_units)
    if not rule.mandatory:
        return False
    if all(limit is None for limit in limits):
        return True
    return rule.max_units is None and rule.credit <= max(rule.min_credit or 0, rule.exact_credit or 0)


def _credit_in_words(rule: GroupRule) -> list[str]:
    facts = {"low": rule.min_credit, "high": rule.max_credit, "exact": rule.exact_credit}
    if rule.exact_credit is not None:
        return [count("Exactly %(exact)d credit.", "Exactly %(exact)d credits.", rule.exact_credit) % facts]
    if rule.min_credit is not None and rule.max_credit is not None:
        return [_("From %(low)d to %(high)d credits.") % facts]
    if rule.min_credit is not None:
        return [count("At least %(low)d credit.", "At least %(low)d credits.", rule.min_credit) % facts]
    if rule.max_credit is not None:
        return [count("At most %(high)d credit.", "At most %(high)d credits.", rule.max_credit) % facts]
    return []


def _units_in_words(rule: GroupRule) -> list[str]:
    facts = {"low": rule.min_units, "high": rule.max_units}
    if rule.max_units == 1:
        return [str(_("One of these units.") if rule.min_units else _("Only one of these units counts."))]
    if rule.min_units is not None and rule.max_units is not None:
        return [_("From %(low)d to %(high)d units.") % facts]
    if rule.min_units is not None:
        return [count("At least %(low)d unit.", "At least %(low)d units.", rule.min_units) % facts]
    if rule.max_units is not None:
        return [count("At most %(high)d unit.", "At most %(high)d units.", rule.max_units) % facts]
    return []
