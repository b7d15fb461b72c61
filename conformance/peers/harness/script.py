"""The script of calls (`surface.json`), made by one client against a platform of its own.

A step is

    {"step": its name, "as": who, "call": method, "with": parameters,
     "idempotency_key": key, "answers": what the recorder answers instead of the platform,
     "keep": {name: where in the answer}, "code": {name: e-mail address}}

`{name}` in the parameters is what an earlier step kept. An agent acts with the key kept as `NAME_key`.
Where a client has no such method, another one stands in, so that the steps behind it find what they need.
"""

from __future__ import annotations

import json
import pathlib
import re
from dataclasses import dataclass

from .platform import Platform
from .recorder import Recorder, Request

SURFACE = pathlib.Path(__file__).parent.parent / "surface.json"


@dataclass
class Outcome:
    step: str
    method: str
    requests: list[Request]
    answer: dict


def load() -> list[dict]:
    """The steps, those for error answers that the platform would never give all at once included."""
    script = json.loads(SURFACE.read_text(encoding="utf-8"))
    steps = script["steps"] + [error_step(script["errors"], row) for row in script["errors"]["rows"]] + script["end"]
    names = [step["step"] for step in steps]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    return steps


def error_step(errors: dict, row: dict) -> dict:
    """A call that is answered with one error of the table. Its method is one that nobody retries."""
    body, headers = row.get("body"), {"X-Request-Id": "req-1", **row.get("headers", {})}
    if body is not None:
        headers["Content-Type"] = "application/json"
    text = row.get("text", "") if body is None else json.dumps(body)
    what = row["step"] if "step" in row else f"{row['status']} {body['code']}"
    answer = {"status": row["status"], "headers": headers, "text": text}
    return {**errors["call"], "step": f"error: {what}", "answers": [answer]}


class Kept:
    """What was kept of earlier answers, by name."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def fill(self, value: object) -> object:
        """Replaces each `{name}`."""
        match value:
            case dict():
                return {key: self.fill(item) for key, item in value.items()}
            case list():
                return [self.fill(item) for item in value]
            case str():
                return re.sub(r"\{(\w+)\}", lambda found: self.values[found[1]], value)
        return value

    def keep(self, name: str, answer: object, where: str) -> None:
        for part in where.split("/"):
            answer = answer[int(part) if isinstance(answer, list) else part]
        self.values[name] = answer


def run(client, stand_in, recorder: Recorder, platform: Platform, steps: list[dict]) -> tuple[list[Outcome], Kept]:
    """Makes every call of the script, in order."""
    kept, outcomes = Kept(), []
    for step in steps:
        key = kept.values[f"{step['as']}_key"] if "as" in step else None
        call = step["call"], kept.fill(step.get("with", {})), key, step.get("idempotency_key")
        recorder.stage(step.get("answers", []))
        answer = client.call(*call)
        outcomes.append(Outcome(step["step"], step["call"], recorder.take(), answer))
        if "missing" in answer and stand_in is not None:
            answer = stand_in.call(*call)
            recorder.take()
        wanted = step.get("keep", {})
        if wanted or "code" in step:
            assert "data" in answer, f"{step['step']}: the steps behind need this one, which gave {answer}"
        for name, where in wanted.items():
            kept.keep(name, answer["data"], where)
        for name, email in step.get("code", {}).items():
            kept.values[name] = platform.code(email)
    return outcomes, kept
