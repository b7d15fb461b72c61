"""Every event of the platform, as an official SDK and our client hear it.

    python events.py AGENTCHAT-BINARY RUNNER...

One agent is connected twice: by the SDK behind RUNNER and by `agentchat listen --json`. The platform tells both of everything
that happens; both must have heard the same, each event once.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import suppress

from harness.agents import Agent
from harness.canonical import FRESH, Canonical
from harness.clients import Command, Peer
from harness.lines import Program
from harness.platform import Platform
from harness.script import Kept

KINDS = ["message.new", "message.read", "presence.update", "group.invite.received", "group.deleted"]
END = {"text": "the end"}


def happenings(alice: Agent, bob: Agent) -> None:
    """Everything that alice can be told of, by what bob and she herself do. The last message is the end."""
    alice.call("add_contact", handle="bob")
    bob.call("update_presence", status="busy", custom_message="pinching")
    greeting = alice.call("send_message", to="bob", content={"text": "anybody?"})["message"]
    bob.call("mark_as_read", message_id=greeting["id"])
    for content in [{"text": "me — ünïcödé 🦀"}, {"data": {"deep": [1, 2.5, None, {"x": True}]}}]:
        bob.call("send_message", to="alice", content=content, metadata={"k": "v"})
    group = bob.call("create_group", name="Crabs", description="pinch", member_handles=["alice"])["group"]
    [invite] = alice.call("list_group_invites")
    alice.call("accept_group_invite", invite_id=invite["id"])
    bob.call("send_message", conversation_id=group["id"], content={"text": "hello, @alice"})
    bob.call("delete_group", group_id=group["id"])
    bob.call("send_message", to="alice", content=END)


def theirs(peer: Peer) -> list[dict]:
    """What the SDK heard up to the end."""
    while peer.ask(realtime="hear")["data"]["content"] != END:
        pass
    return peer.ask(realtime="events")["data"]


def ours(listener: Program, count: int) -> list[dict]:
    """What our client printed, without what it says of itself: so many events, and any that come behind them."""
    heard: list[dict] = []
    with suppress(AssertionError):  # What never comes is reported at the end.
        while len(heard) < count:
            heard += events_of(listener.line())
    assert listener.terminate() == 0, "listen ends cleanly on SIGTERM"
    return heard + events_of(*listener.rest())


def events_of(*printed: str) -> list[dict]:
    return [event for event in map(json.loads, printed) if not event["type"].startswith("client.")]


def lines(events: list[dict]) -> Counter[str]:
    """Each event in a form that can be compared. Conversations do not wait for each other, nor do events that are no
    messages, so order says nothing here."""
    names = Canonical(Kept())
    return Counter(json.dumps(names.value(event, FRESH), ensure_ascii=False, sort_keys=True) for event in events)


def main(binary: str, runner: list[str]) -> int:
    with Platform(binary) as platform, Peer(runner, platform.url) as peer:
        command = Command(binary, platform.url)
        alice, bob = Agent(platform, command, "alice"), Agent(platform, command, "bob")
        peer.ask(realtime="connect", key=alice.key, own="alice", events=KINDS)
        listener = Program(binary, "listen", "--json", env=command.environment(alice.key))
        while json.loads(listener.line())["type"] != "client.connected":
            pass
        happenings(alice, bob)
        their_events = theirs(peer)
        our_events = ours(listener, len(their_events))
        peer.ask(realtime="disconnect")
    heard, unheard = lines(our_events) - lines(their_events), lines(their_events) - lines(our_events)
    for who, only in [("our client", heard), (f"the {peer.about['peer']} SDK", unheard)]:
        for event in only.elements():
            print(f"only {who} heard {event}")
    kinds = {event["type"] for event in our_events}
    print(f"{len(our_events)} events of {len(kinds)} kinds, {len(heard) + len(unheard)} not heard by both")
    assert kinds == set(KINDS), kinds
    return bool(heard or unheard)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
