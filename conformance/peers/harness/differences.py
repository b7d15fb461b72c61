"""The differences between two runs, and the list of those that are meant (`differences.json`).

The list is held to both ways: a difference that is not on it is a failure, and so is one on it that no longer occurs.
"""

from __future__ import annotations

import json
import pathlib
from dataclasses import dataclass

LISTED = pathlib.Path(__file__).parent.parent / "differences.json"
ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    step: str
    at: str  # where in the outcome, as in requests/0/body/notes
    theirs: str  # JSON, or (absent)
    ours: str

    def __str__(self) -> str:
        return f"{self.step}\n    {self.at}\n      theirs  {self.theirs}\n      ours    {self.ours}"


def outcomes(step: str, theirs: dict, ours: dict) -> list[Difference]:
    """Every place in which two outcomes differ. Where different things came out, how they differ says nothing more."""
    found = []
    if "requests" in theirs and "requests" in ours:
        found += between(step, theirs["requests"], ours["requests"], "requests")
    if theirs["answer"]["is"] != ours["answer"]["is"]:
        return found + [Difference(step, "answer", text(theirs["answer"]["is"]), text(ours["answer"]["is"]))]
    return found + between(step, theirs["answer"], ours["answer"], "answer")


def between(step: str, theirs: object, ours: object, at: str) -> list[Difference]:
    """Every place in which two values differ."""
    if type(theirs) is type(ours) and isinstance(theirs, dict):
        names = list(dict.fromkeys([*theirs, *ours]))
        return [
            difference
            for name in names
            for difference in between(step, theirs.get(name, ABSENT), ours.get(name, ABSENT), f"{at}/{name}".lstrip("/"))
        ]
    if type(theirs) is type(ours) and isinstance(theirs, list) and len(theirs) == len(ours):
        return [d for i, (t, o) in enumerate(zip(theirs, ours)) for d in between(step, t, o, f"{at}/{i}")]
    if at == "requests":  # How many there are says it; each as the first ones are.
        count = [Difference(step, "requests", str(len(theirs)), str(len(ours)))]
        both = min(len(theirs), len(ours))
        return count + between(step, theirs[:both], ours[:both], at)
    if type(theirs) is type(ours) and theirs == ours:
        return []
    return [Difference(step, at, text(theirs), text(ours))]


def text(value: object) -> str:
    return value if value == ABSENT else json.dumps(value, ensure_ascii=False, sort_keys=True)


class Listed:
    """The list for one peer and one script."""

    def __init__(self, peer: str, script: str) -> None:
        self.reasons: dict[Difference, str] = {}
        for reason in json.loads(LISTED.read_text(encoding="utf-8")):
            assert reason["why"].strip(), reason
            if reason.get("script", "surface") != script:
                continue
            for case in reason["cases"]:
                if peer not in case.get("peers", [peer]):
                    continue
                for step in case["steps"]:
                    theirs, ours = (text(case[side]) if side in case else ABSENT for side in ("theirs", "ours"))
                    difference = Difference(step, case["at"], theirs, ours)
                    assert difference not in self.reasons, f"listed twice: {difference}"
                    self.reasons[difference] = reason["why"]

    def judge(self, found: list[Difference]) -> list[str]:
        """What is wrong, in words; nothing if the differences are exactly those that are listed."""
        unlisted = [f"not listed: {d}" for d in found if d not in self.reasons]
        stale = [f"listed, but does not occur: {d}" for d in self.reasons if d not in set(found)]
        return unlisted + stale
