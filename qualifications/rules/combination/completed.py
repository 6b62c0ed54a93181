"""Is the award complete? Only what is done is weighed: units signed off (achieved) and exempt ones (R20, T4)."""

from collections.abc import Collection
from dataclasses import dataclass

from common.refusals import Refusal
from qualifications.rules.combination.evaluating import evaluate
from qualifications.rules.combination.facts import Choice, Evaluation, Member, Rule


@dataclass(frozen=True)
class Award:
    """How far an award is. `done` weighs what is done alone, `plan` everything that is taken.

    `open` are units that are chosen and not done, in the order of the structure. A complete award may have some: they
    are more than it needs.
    """

    done: Evaluation
    plan: Evaluation
    open: tuple[Member, ...]

    @property
    def complete(self) -> bool:
        """Say whether achieved and exempt units satisfy the rule."""
        return self.done.satisfied

    @property
    def missing(self) -> tuple[Refusal, ...]:
        """Return what is missing until it is complete, in sentences with their codes; nothing when it is."""
        return self.done.unmet

    @property
    def reachable(self) -> bool:
        """Say whether finishing what is chosen completes it: nothing has to be chosen again."""
        return self.plan.satisfied

    @property
    def sure(self) -> bool:
        """Say whether it rests on confirmed units and a rule that was read; else the caution has to be said with it."""
        return self.done.sure


def award_of(
    rule: Rule, *, achieved: Collection[str], exempt: Collection[str] = (), chosen: Collection[str] = ()
) -> Award:
    """Return how far an award is, by the keys of units: achieved, exempt, and chosen in any state (R20, R79).

    Whoever asks leaves out units that were dropped, and counts as achieved only what stands by a signature (and, where
    that is asked, the learner's confirmation); units of elsewhere come under the keys that `identical_units` finds.
    A key that the rule does not list counts for nothing. Refuses nothing.
    """
    done = Choice(frozenset(), frozenset(achieved) - frozenset(exempt), frozenset(exempt))
    plan = Choice(frozenset(chosen), done.achieved, done.exempt)
    return Award(
        done=evaluate(rule, done),
        plan=evaluate(rule, plan),
        open=tuple(member for key, member in rule.units.items() if key in plan.chosen - done.settled),
    )
