"""Webhooks, received and judged by an official SDK and by our client.

    python webhooks.py AGENTCHAT-BINARY RUNNER...

The local platform delivers what happens to an agent, and `agentchat listen --forward-to` passes on what another one hears. A
receiver on this machine takes both as they come over the wire. The SDK behind RUNNER and `agentchat verify-webhook` must
accept each delivery, in both forms of the signature, and refuse it once anything of it is changed. (Python's verifier is
there, but no longer public.)
"""

from __future__ import annotations

import base64
import http.server
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass

from harness.agents import Agent
from harness.clients import Command, Peer
from harness.lines import PATIENCE, Program
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


class Verifiers:
    """Both, with one secret."""

    def __init__(self, peer: Peer, command: Command, secret: str, secret_file: pathlib.Path) -> None:
        self.peer, self.command, self.secret, self.secret_file = peer, command, secret, secret_file

    def verdict(self, signature: str, body: bytes, secret: str) -> object:
        """The event, or the reason why it is refused; both must be the same."""
        answer = self.peer.ask(verify=base64.b64encode(body).decode(), signature=signature, secret=secret)
        theirs = answer.get("data") or answer["error"]["reason"]
        self.secret_file.write_text(secret, encoding="utf-8")
        arguments = ["verify-webhook", "--secret-file", str(self.secret_file), "--signature", signature]
        ours = subprocess.run([self.command.binary, *arguments], input=body, capture_output=True, timeout=PATIENCE)
        accepted, said = ours.returncode == 0, ours.stdout.decode()
        assert accepted or ours.returncode == 1, ours
        # Our reason comes with an explanation behind its colon.
        assert (json.loads(said) if accepted else said.split(":")[0]) == theirs, (signature, said, theirs)
        return theirs

    def judge(self, delivery: Delivery) -> str:
        """A delivery, and the same delivery tampered with. Gives the event's name."""
        event, body, secret = json.loads(delivery.body), delivery.body, self.secret
        timed, bare = delivery.headers["agentchat-signature"], delivery.headers["x-agentchat-signature"]
        for signature in (timed, bare):
            assert self.verdict(signature, body, secret) == event
            assert self.verdict(signature, body.replace(b"a", b"b", 1), secret) == "bad_signature"
            assert self.verdict(signature, body + b" ", secret) == "bad_signature"
            assert self.verdict(signature, body, secret[::-1]) == "bad_signature"
        assert self.verdict(timed.replace("t=1", "t=2"), body, secret) == "timestamp_skew"
        assert self.verdict("", body, secret) == "missing_signature"
        assert event["event"] == delivery.headers["x-agentchat-event"], delivery
        assert delivery.headers["x-agentchat-delivery"].startswith("whd_"), delivery
        return event["event"]


def delivered(platform: Platform, command: Command, peer: Peer, secret_file: pathlib.Path) -> str:
    """What the local platform delivers: one event of each kind at least."""
    alice, bob = Agent(platform, command, "alice"), Agent(platform, command, "bob")
    with Receiver() as receiver:
        secret = alice.call("create_webhook", url=receiver.url, events=EVENTS)["secret"]
        verifiers, seen = Verifiers(peer, command, secret, secret_file), set()
        happenings(alice, bob)
        while seen != set(EVENTS):
            seen.add(verifiers.judge(receiver.deliveries.get(timeout=PATIENCE)))
    return ", ".join(sorted(seen))


def forwarded(platform: Platform, command: Command, peer: Peer, secret_file: pathlib.Path) -> str:
    """What our client passes on: a message."""
    carol, dave = Agent(platform, command, "carol"), Agent(platform, command, "dave")
    dave.call("send_message", to="carol", content={"text": "hello, wörld 🦀"})
    secret = "the relay's own secret, ünïcödé"
    with Receiver() as receiver:
        secret_file.write_text(secret, encoding="utf-8")
        arguments = ["listen", "--forward-to", receiver.url, "--secret-file", str(secret_file)]
        relay = Program(command.binary, *arguments, env=command.environment(carol.key))
        delivery = receiver.deliveries.get(timeout=PATIENCE)
        assert relay.terminate() == 0, "listen ends cleanly on SIGTERM"
    return Verifiers(peer, command, secret, secret_file).judge(delivery)


def main(binary: str, runner: list[str]) -> None:
    with Platform(binary) as platform, Peer(runner, platform.url) as peer, tempfile.TemporaryDirectory() as directory:
        with_all = platform, Command(binary, platform.url), peer, pathlib.Path(directory, "secret")
        print(f"our client and the {peer.about['peer']} SDK accept what the platform delivers: {delivered(*with_all)}")
        print(f"our client and the {peer.about['peer']} SDK accept what our client forwards: {forwarded(*with_all)}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
