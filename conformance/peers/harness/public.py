"""Whether everything public in an SDK is used by the script, or named in `public.json` with the place or the reason.

That file is held to both ways as well: what it names must exist, and must not be called by the script already.
"""

from __future__ import annotations

import json
import pathlib

PUBLIC = pathlib.Path(__file__).parent.parent / "public.json"


def unused(about: dict, steps: list[dict], outcomes: dict[str, dict]) -> list[str]:
    """What is wrong, in words."""
    named = json.loads(PUBLIC.read_text(encoding="utf-8"))[about["peer"]]
    came = {step["step"]: outcomes[step["step"]]["answer"]["is"] for step in steps}
    called = {step["call"] for step in steps if came[step["step"]] != "missing"}
    raised = {f"{words.split()[-1]}Error" for words in came.values()}
    wrong = []
    for kind, used in [("methods", called), ("realtime", set()), ("exports", raised)]:
        public, listed = set(about[kind]), set(named[kind])
        wrong += [f"public, but neither called nor in public.json: {name} ({kind})" for name in sorted(public - used - listed)]
        wrong += [f"in public.json, but not public: {name} ({kind})" for name in sorted(listed - public)]
        wrong += [f"in public.json, but called: {name} ({kind})" for name in sorted(listed & used)]
    return wrong
