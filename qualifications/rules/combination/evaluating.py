"""Does this choice satisfy the rule, what is missing, what does not count, and what would complete it (R20)?"""

from qualifications.rules.combination.completing import complete
from qualifications.rules.combination.counting import count_units
from qualifications.rules.combination.facts import Choice, Evaluation, Rule
from qualifications.rules.combination.saying import surplus_in_words, unmet_in_words


def evaluate(rule: Rule, choice: Choice) -> Evaluation:
    """Weigh a choice of units against a rule (R20, R43).

    Satisfied means that some way of counting the units fulfils every part of the rule: each unit in one group at most,
    one unit of a barred set, credit up to the caps. Taking or achieving more therefore never loses the award. The
    suggestion is the smallest set of further units: fewest, then least credit, then earliest in the structure. Units
    that the rule does not list do not count. Refuses nothing.
    """
    completion = complete(rule, choice)
    counting = count_units(rule, choice, completion.counts_in if completion else {})
    counts = counting.counts()
    credit = sum(c.credit for c in counts)
    high = sum(counting.high(g) for g in range(len(counts)))
    return Evaluation(
        rule=rule,
        groups=counts,
        credit=credit,
        at_level=high,
        unmet=tuple(unmet_in_words(rule, counts, credit, high, completable=completion is not None)),
        surplus=tuple(surplus_in_words(rule, choice, counting)),
        completable=completion is not None,
        suggestion=completion.further if completion else (),
    )
