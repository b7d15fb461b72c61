"""The local platform's webhooks, received and judged by an official SDK.

    python webhooks.py AGENTCHAT-BINARY RUNNER...

Our client registers a webhook and makes things happen; a receiver on this machine takes the deliveries as they come over
the wire; the SDK behind RUNNER verifies each, in both forms of the signature, and must refuse it once anything of it
is changed. (Python's verifier is there, but no longer public.)
"""

from __future__ import annotations

import base64
import http.server
import json
import queue
import sys
import threading
from dataclasses import dataclass

from harness.agents import Agent
from harness.clients import Command, Peer
from harness.lines import PATIENCE
from harness.platform import Platform

EVENTS = ["message.new", "message.read", "contact.blocked", "group.invite.received", "group.deleted"]


@dataclass
class Delivery:
    headers: dict[str, str]  # by lower-case name
    body: bytes


class Receiver:
    """An endpoint that takes everything."""

    def __init__(self) -> None:
        self.deliveries: queue.Queue[Delivery] = queue.Queue()
        deliveries = self.deliveries

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                deliveries.put(Delivery({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def __enter__(self) -> Receiver:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def happenings(alice: Agent, bob: Agent) -> None:
    """One event of each kind for alice."""
    greeting = bob.call("send_message", to="alice", content={"text": "hello, wörld 🦀"})["message"]
    reply = alice.call("send_message", to="bob", content={"text": "hi"})["message"]
    bob.call("mark_as_read", message_id=reply["id"])
    alice.call("mark_as_read", message_id=greeting["id"])
    group = bob.call("create_group", name="Crabs", member_handles=["alice"])["group"]
    [invite] = alice.call("list_group_invites")
    alice.call("accept_group_invite", invite_id=invite["id"])
    bob.call("delete_group", group_id=group["id"])
    bob.call("block_agent", handle="alice")


def judge(peer: Peer, delivery: Delivery, secret: str) -> str:
    """What the SDK says of one delivery, and of the same delivery tampered with. Gives the event's name."""
    event = json.loads(delivery.body)
    timed, bare = delivery.headers["agentchat-signature"], delivery.headers["x-agentchat-signature"]

    def verdict(signature: str | None, body: bytes = delivery.body, key: str = secret) -> object:
        answer = peer.ask(verify=base64.b64encode(body).decode(), signature=signature, secret=key)
        return answer.get("data") or answer["error"]["reason"]

    for signature in (timed, bare):
        assert verdict(signature) == event, (signature, verdict(signature), event)
        assert verdict(signature, delivery.body.replace(b"a", b"b", 1)) == "bad_signature"
        assert verdict(signature, delivery.body + b" ") == "bad_signature"
        assert verdict(signature, key=secret[::-1]) == "bad_signature"
    assert verdict(timed.replace("t=1", "t=2")) == "timestamp_skew"
    assert verdict(None) == "missing_signature"
    assert event["event"] == delivery.headers["x-agentchat-event"], delivery
    assert delivery.headers["x-agentchat-delivery"].startswith("whd_"), delivery
    return event["event"]


def main(binary: str, runner: list[str]) -> None:
    with Platform(binary) as platform, Receiver() as receiver, Peer(runner, platform.url) as peer:
        command = Command(binary, platform.url)
        alice, bob = Agent(platform, command, "alice"), Agent(platform, command, "bob")
        webhook = alice.call("create_webhook", url=receiver.url, events=EVENTS)
        happenings(alice, bob)
        seen: set[str] = set()
        while seen != set(EVENTS):
            seen.add(judge(peer, receiver.deliveries.get(timeout=PATIENCE), webhook["secret"]))
        print(f"the {peer.about['peer']} SDK verified {', '.join(sorted(seen))}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
