"""Does this choice satisfy the rule, what is missing, what does not count, and what would complete it (R20)?"""

from collections.abc import Iterable

from qualifications.rules.combination.assessing import assessed_missing, to_assess
from qualifications.rules.combination.completing import complete
from qualifications.rules.combination.counting import count_units
from qualifications.rules.combination.facts import Choice, Evaluation, Member, Rule
from qualifications.rules.combination.sentences import surplus_in_words, unmet_in_words


def evaluate(rule: Rule, choice: Choice) -> Evaluation:
    """Weigh a choice of units against a rule (R20, R43).

    Satisfied means that some way of counting the units fulfils every part of the rule: each unit in one group at most,
    one unit of a barred set, credit up to the caps; and where units are exempt, enough of it is assessed by the centre
    (R79). Taking or achieving more therefore never loses the award. The suggestion has the fewest units that nobody has
    confirmed, then the fewest, then the least credit, then those earliest in the structure. Units that the rule does
    not list do not count. Refuses nothing.
    """
    completion = complete(rule, choice)
    more = to_assess(rule, choice, completion.further if completion else ())
    counting = count_units(rule, choice, completion.counts_in if completion else {})
    counts = counting.counts()
    credit = sum(c.credit for c in counts)
    high = sum(counting.high(g) for g in range(len(counts)))
    return Evaluation(
        rule=rule,
        groups=counts,
        credit=credit,
        at_level=high,
        unmet=(
            *unmet_in_words(rule, counts, credit, high, completable=completion is not None),
            *assessed_missing(rule, choice, possible=more is not None),
        ),
        surplus=tuple(surplus_in_words(rule, choice, counting)),
        completable=completion is not None and more is not None,
        suggestion=_in_order(rule, (*completion.further, *more)) if completion and more is not None else (),
        doubtful=tuple(member for key, member in rule.units.items() if key in choice.taken and member.doubts),
    )


def _in_order(rule: Rule, members: Iterable[Member]) -> tuple[Member, ...]:
    keys = {member.key for member in members}
    return tuple(member for key, member in rule.units.items() if key in keys)
