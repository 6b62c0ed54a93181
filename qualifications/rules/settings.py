"""Where competence may be shown (R61): which settings count is data of a qualification's version.

Real work always counts. A realistic work environment counts only where the awarding organisation's own text says so and
the version carries that text with its source. A simulation or a classroom never counts: no data opens that door.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from common.text import _, say

#: The words that evidence and decisions store (`portfolio.enums.Setting` has the same).
REAL_WORK: Final = "real_work"
REALISTIC: Final = "realistic"
#: Never, whatever a catalogue file says.
NEVER: Final = frozenset({"simulation", "classroom"})
#: What a version may say something about.
SAYABLE: Final = (REAL_WORK, REALISTIC)
PARTS: Final = ("setting", "by", "source", "text")


@dataclass(frozen=True, slots=True)
class SettingRule:
    """What an awarding organisation says of a setting: whose text it is, where it stands, and how it reads."""

    setting: str
    by: str
    source: str
    text: str


def setting_rules(stored: Iterable[Mapping[str, Any]]) -> tuple[SettingRule, ...]:
    """Return what a version stores about settings; parts of another shape are left out and so open nothing."""
    rows = (row for row in stored if isinstance(row, Mapping))
    return tuple(SettingRule(*(str(row.get(part) or "").strip() for part in PARTS)) for row in rows)


def allowed_settings(stored: Iterable[Mapping[str, Any]], awarding_body: str) -> frozenset[str]:
    """Return the settings in which competence may be shown under a version (R61).

    `stored` is the version's `settings`. Asked again here and not only when a file is read: a realistic environment
    counts by the words of this very awarding body, with their source, and by nothing else.
    """
    opened = {rule.setting for rule in setting_rules(stored) if _opens(rule, awarding_body)}
    return frozenset({REAL_WORK} | (opened & {REALISTIC}))


def counts_for_competence(setting: str, stored: Iterable[Mapping[str, Any]], awarding_body: str) -> bool:
    """Say whether work in this setting may meet a criterion of competence (R61). A setting not said does not."""
    return setting in allowed_settings(stored, awarding_body)


def not_counting(said: Iterable[str], allowed: frozenset[str]) -> frozenset[str]:
    """Return which of the settings that people said do not count; "" (nobody said) is left out.

    For a decision, `said` holds the learner's word (of this version and earlier ones) and the assessor's: one of them
    that does not count is enough, and neither opens the door for the other. `allowed` is `allowed_settings(…)`.
    """
    return frozenset(setting for setting in said if setting and (setting in NEVER or setting not in allowed))


def why_not_allowed(rule: SettingRule, awarding_body: str) -> list[str]:
    """Say why a catalogue may not let a setting count like this, a sentence each; nothing where it may.

    `awarding_body` is whose qualification it is. Each sentence stands behind the place in the file.
    """
    if rule.setting in NEVER:
        return [say("a simulation or a classroom never counts as competence, whoever says so")]
    if rule.setting not in SAYABLE:
        return [say("“setting” must be one of real_work, realistic")]
    found = []
    if rule.by != awarding_body:
        words = say("only %(body)s’s own text decides about this qualification, so “by” must be %(body)s")
        found.append(words % {"body": awarding_body})
    if not rule.source:
        found.append(say("“source” must say where the awarding body writes this"))
    if not rule.text:
        found.append(say("“text” must hold what the awarding body says"))
    return found


def settings_in_words(allowed: frozenset[str]) -> str:
    """Return in a sentence where competence may be shown."""
    if REALISTIC in allowed:
        return str(_("Real work, or a realistic work environment. No simulation, no classroom."))
    return str(_("Real work only. No realistic environment, no simulation, no classroom."))


def _opens(rule: SettingRule, awarding_body: str) -> bool:
    return not why_not_allowed(rule, awarding_body)
