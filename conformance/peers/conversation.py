"""An official SDK, unmodified, talks with our Rust client through the local platform.

    python conversation.py AGENTCHAT-BINARY RUNNER...

The binary serves the platform, and is our side: `listen --json` hears, `send` and `call` speak. The other side is the
SDK behind RUNNER (a command that speaks the protocol of `harness/clients.py`). Both transcripts are compared word for
word at the end, each side must have nothing left to be delivered, and what the two say over their sockets must be the same
but for what is listed in `differences.json`.
"""

from __future__ import annotations

import json
import subprocess
import sys

from harness.agents import Agent
from harness.canonical import Canonical
from harness.clients import Command, Peer
from harness.differences import Listed, between
from harness.lines import PATIENCE, Program
from harness.platform import Platform
from harness.recorder import Connection, Recorder
from harness.script import Kept


class Ours(Agent):
    """Our side, which also hears."""

    def __init__(self, platform: Platform, command: Command, handle: str) -> None:
        super().__init__(platform, command, handle)
        self.heard: list[str | None] = []

    def send(self, to: str, text: str) -> None:
        arguments = [self.command.binary, "send", to, text]
        environment = self.command.environment(self.key)
        subprocess.run(arguments, env=environment, capture_output=True, check=True, timeout=PATIENCE)

    def listen(self) -> None:
        arguments = [self.command.binary, "listen", "--json"]
        self.listener = Program(*arguments, env=self.command.environment(self.key))

    def event(self, kind: str) -> dict:
        """The next event of a kind; others are passed over."""
        while True:
            line = json.loads(self.listener.line())
            if line["type"] == kind:
                return line["payload"]

    def hear(self) -> dict:
        message = self.event("message.new")
        self.heard.append(message["content"].get("text"))
        return message

    def stop_listening(self) -> None:
        assert self.listener.terminate() == 0, "listen ends cleanly on SIGTERM"


class Theirs:
    """One agent, by way of the official SDK."""

    def __init__(self, platform: Platform, peer: Peer, handle: str) -> None:
        self.peer, self.handle = peer, handle
        self.heard: list[str | None] = []
        self.key = None
        pending = self.call("register", email=f"{handle}@example.com", handle=handle)
        code = platform.code(f"{handle}@example.com")
        self.key = self.call("verify", pending_id=pending["pending_id"], code=code)["api_key"]

    def call(self, method: str, **params: object) -> object:
        answer = self.peer.call(method, params, self.key, None)
        assert "data" in answer, (method, answer)
        return answer["data"]

    def realtime(self, what: str, **arguments: object) -> object:
        answer = self.peer.ask(realtime=what, **arguments)
        assert "data" in answer, (what, answer)
        return answer["data"]

    def connect(self) -> None:
        self.realtime("connect", key=self.key, own=self.handle, events=[])

    def hear(self) -> dict:
        message = self.realtime("hear")
        self.heard.append(message["content"].get("text"))
        return message


def nothing_is_left(*sides: Ours | Theirs) -> None:
    """Acks travel behind the messages, so it is asked again until they have arrived."""
    for side in sides:
        assert any(side.call("sync") == [] for _ in range(500)), (side.handle, side.call("sync"))


def converse(ours: Ours, theirs: Theirs) -> None:
    assert theirs.call("get_agent", handle="@rusty")["handle"] == "rusty"
    assert ours.call("get_agent", handle=theirs.handle)["handle"] == theirs.handle
    theirs.connect()
    ours.listen()

    # Back and forth, with text that is not ASCII.
    for question, answer in [("Who are you?", "A crab. 🦀"), ("Läuft alles?", "Ja — wie geölt."), ("Bye?", "Not yet.")]:
        theirs.call("send_message", to="@rusty", content={"text": question})
        heard = ours.hear()
        assert (heard["sender"], heard["content"]) == (theirs.handle, {"text": question}), heard
        ours.send(f"@{theirs.handle}", answer)
        heard = theirs.hear()
        assert (heard["sender"], heard["content"]) == ("rusty", {"text": answer}), heard

    # Structured content, and a repeat of the same send that must not be heard twice.
    order = {"to": "rusty", "content": {"data": {"order": [1, 2, {"three": None}]}}, "client_msg_id": "order-1"}
    first = theirs.call("send_message", **order)["message"]
    again = theirs.call("send_message", **order)["message"]
    assert first["id"] == again["id"], (first, again)
    assert ours.hear()["content"]["data"] == order["content"]["data"]

    # Somebody types.
    for kind in ["typing.start", "typing.stop"]:
        theirs.realtime(kind, conversation_id=first["conversation_id"])
        assert ours.event(kind)["sender"] == theirs.handle

    # What is said while the other is away waits for it, on both sides.
    ours.stop_listening()
    for text in ["one", "two", "three"]:
        theirs.call("send_message", to="rusty", content={"text": text})
    ours.listen()
    for text in ["one", "two", "three"]:
        assert ours.hear()["content"]["text"] == text
    assert theirs.realtime("state") == {"connected": True, "errors": []}
    theirs.realtime("disconnect")
    assert theirs.realtime("state") == {"connected": False, "errors": []}
    for text in ["four", "five"]:
        ours.send(f"@{theirs.handle}", text)
    theirs.connect()
    for text in ["four", "five"]:
        last = theirs.hear()
        assert last["content"]["text"] == text

    # Read receipts travel both ways, one by REST and one over the socket.
    ours.call("mark_as_read", message_id=first["id"])
    history = theirs.call("get_messages", conversation_id=first["conversation_id"], limit=50)
    assert next(row for row in history if row["id"] == first["id"])["status"] == "read"
    theirs.realtime("read_ack", conversation_id=last["conversation_id"], through_seq=last["seq"])
    assert ours.event("message.read")["read_by"] == theirs.handle

    theirs.realtime("drain")
    nothing_is_left(ours, theirs)
    assert ours.heard == ["Who are you?", "Läuft alles?", "Bye?", None, "one", "two", "three"], ours.heard
    assert theirs.heard == ["A crab. 🦀", "Ja — wie geölt.", "Not yet.", "four", "five"], theirs.heard
    assert theirs.realtime("unheard") == [], "nothing came twice"
    ours.stop_listening()
    theirs.realtime("disconnect")


def said(connections: list[Connection], key: str) -> dict:
    """One agent's part of what went over the sockets: its upgrade, and each kind of frame that it sent."""
    kept = Kept()
    kept.values["own_key"] = key
    names, spoken = Canonical(kept), {}
    for connection in connections:
        frames = [json.loads(text) for text in connection.frames.texts]
        if frames[0].get("api_key") == key:
            spoken["upgrade"] = names.request(connection.upgrade)
            for frame in frames:
                spoken[frame["type"]] = names.frame(frame)
    return spoken


def main(binary: str, runner: list[str]) -> int:
    with Platform(binary) as platform, Recorder(platform.url) as recorder, Peer(runner, recorder.url) as peer:
        ours, theirs = Ours(platform, Command(binary, recorder.url), "rusty"), Theirs(platform, peer, "peer")
        converse(ours, theirs)
        our_part, their_part = said(recorder.connections, ours.key), said(recorder.connections, theirs.key)
    name = peer.about["peer"]
    print(f"our side heard {ours.heard}")
    print(f"the {name} side heard {theirs.heard}")
    found = [d for part in our_part for d in between(part, their_part.get(part), our_part[part], "")]
    wrong = Listed(name, "conversation").judge(found)
    for problem in wrong:
        print(problem)
    print(f"{', '.join(our_part)}: {len(found)} differences, {len(wrong)} wrong")
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
