"""What weighing a choice of 60 units costs, its optimal completion included. No database; time of the processor.

python -m tools.bench_rules
"""

import os
import random
import statistics
import time
from collections.abc import Iterator

from qualifications.rules.combination import AtLevel, Choice, Member, Rule, RuleGroup, evaluate

UNITS = 60
ROUNDS = 40
#: Name, units listed in two groups, barred pairs, units of the last group that count.
CATALOGUES = (
    ("groups apart", 0, 0, None),
    ("5 units in two groups, 3 barred pairs", 5, 3, None),
    ("12 units in two groups, 6 barred pairs", 12, 6, None),
    ("one unit of the last group, 4 barred pairs", 4, 4, 1),
)


def measured() -> Iterator[str]:
    """Yield a line of the table for each kind of catalogue: median, 95th percentile and worst of many choices."""
    for name, shared, barred, most in CATALOGUES:
        times = sorted(_milliseconds(seed, shared, barred, most) for seed in range(ROUNDS))
        p95 = statistics.quantiles(times, n=20)[18]
        yield f"| {name} | {statistics.median(times):.1f} | {p95:.1f} | {times[-1]:.1f} |"


def _milliseconds(seed: int, shared: int, barred: int, most: int | None) -> float:
    rule = _rule(random.Random(seed), shared, barred, most)
    chosen = random.Random(seed).sample(list(rule.units), (0, 5, 15, 30)[seed % 4])
    started = time.process_time()
    evaluate(rule, Choice.of(chosen))
    return (time.process_time() - started) * 1000


def _rule(chance: random.Random, shared: int, barred: int, most: int | None) -> Rule:
    units = [Member(f"u{n:02}", chance.choice((2, 3, 3, 4)), chance.randint(2, 8)) for n in range(UNITS)]
    mandatory, first, second, last = units[:6], units[6:30], units[30:50], units[50:]
    return Rule(
        credit=55,
        groups=(
            RuleGroup("A", mandatory=True, members=tuple(mandatory)),
            RuleGroup("B", mandatory=False, members=tuple(first), min_credit=15),
            RuleGroup(
                "C", mandatory=False, members=(*second, *chance.sample(first, shared)), min_credit=9, max_credit=20
            ),
            RuleGroup("D", mandatory=False, members=tuple(last), max_credit=9, max_units=most),
        ),
        at_level=AtLevel(3, 40),
        barred=tuple(frozenset(m.key for m in chance.sample(units[6:], 2)) for _ in range(barred)),
    )


def table() -> None:
    """Print it."""
    print(f"\n| rule of combination, {UNITS} units | p50 ms | p95 ms | worst ms |\n| --- | ---: | ---: | ---: |")
    for line in measured():
        print(line)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()  # the sentences are translated
    table()
