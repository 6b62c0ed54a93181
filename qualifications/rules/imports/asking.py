"""What a group asks for, where a file does not say it: nothing is guessed by its name (R20).

A group called “Mandatory” that comes in without limits would be an award that anybody can have. So the person is
asked, group by group: everybody takes all of it, so many credits at least, or at most, or it sets no limit of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from qualifications.rules.imports.findings import Answers, Brought

#: What can be said of a group, and the key of the catalogue file that takes the number; None: no number.
GROUP_RULES: Mapping[str, str | None] = {"all": None, "least": "min_credit", "exact": "exact_credit",
                                         "most": "max_credit", "free": None}  # fmt: skip
_LIMITS = ("min_credit", "max_credit", "exact_credit", "min_units", "max_units")


def group_rule(brought: Brought, name: str, said: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    """Return what a group asks for: what the file says, else what the person answered. Notes it when nobody has.

    A file says it with a limit, or with the word that everybody takes all of it. That a group is optional is not
    enough: how much of it has to be chosen is still open.
    """
    known = {key: value for key, value in said.items() if value is not None}
    if known.get("mandatory") is True or any(key in known for key in _LIMITS) or known.get("free"):
        return {"mandatory": False, **{key: value for key, value in known.items() if key != "free"}}
    answered = answers.groups.get(name)
    if not answered or answered.get("rule") not in GROUP_RULES:
        brought.unsaid.append(name)
        return {"mandatory": False}
    return answer_in_file(answered)


def answer_in_file(answered: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer about a group in the words of a catalogue file."""
    limit = GROUP_RULES[answered["rule"]]
    found: dict[str, Any] = {"mandatory": answered["rule"] == "all"}
    return found | ({limit: answered.get("credit")} if limit else {})


def unanswered(brought: Brought) -> Sequence[str]:
    """Return the groups of which nobody said what they ask for; none while something else is to be mended."""
    return [] if brought.problems else list(dict.fromkeys(brought.unsaid))
