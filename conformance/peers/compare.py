"""The whole public surface of an official SDK and of our client, request by request and answer by answer.

    python compare.py AGENTCHAT-BINARY RUNNER...

makes every call of `surface.json` twice, each time against a platform of its own: with the SDK behind RUNNER (a command
that speaks the protocol of `harness/clients.py`) and with our client. What differs must be on the list in
`differences.json`, and the other way round. What is public in the SDK must be called, or named in `public.json`.
"""

from __future__ import annotations

import sys

from harness import script
from harness.canonical import Canonical
from harness.clients import Command, Peer
from harness.differences import Listed, outcomes
from harness.platform import Platform
from harness.public import unused
from harness.recorder import Recorder


def run_peer(binary: str, runner: list[str], steps: list[dict]) -> tuple[dict, dict]:
    """What the SDK is, and the result of each step."""
    with Platform(binary) as platform, Recorder(platform.url) as recorder:
        with Peer(runner, recorder.url) as peer:
            made = script.run(peer, Command(binary, recorder.url), recorder, platform, steps)
            return peer.about, canonical(*made)


def run_ours(binary: str, steps: list[dict]) -> dict:
    with Platform(binary) as platform, Recorder(platform.url) as recorder:
        ours = Command(binary, recorder.url)
        return canonical(*script.run(ours, None, recorder, platform, steps))


def canonical(run: list[script.Outcome], kept: script.Kept) -> dict:
    names = Canonical(kept)
    return {outcome.step: names.outcome(outcome) for outcome in run}


def main(binary: str, runner: list[str]) -> int:
    steps = script.load()
    about, theirs = run_peer(binary, runner, steps)
    ours = run_ours(binary, steps)
    found = [difference for step in theirs for difference in outcomes(step, theirs[step], ours[step])]
    wrong = Listed(about["peer"], "surface").judge(found) + unused(about, steps, theirs)
    for problem in wrong:
        print(problem)
    requests = sum(len(outcome.get("requests", [])) for outcome in theirs.values())
    print(
        f"{about['peer']} {about['version']}: {len(steps)} steps, {len(about['methods'])} methods, {requests} requests;"
        f" {len(found)} differences, {len(wrong)} wrong"
    )
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
