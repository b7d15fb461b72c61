"""What an agent on each client goes through when something goes wrong, seen in this run.

    python faults.py AGENTCHAT-BINARY FOLDER-OF-THE-TYPESCRIPT-SDK

The same faults happen to an agent on our client, on the Python SDK and on the TypeScript SDK, both unmodified, against the
local platform. Prints a Markdown table. Ours has to do what it promises, or this fails; what the others do is only said, and
compared with what was seen before, in `faults.json`, so that a version that does otherwise is noticed: some of it is a race
within the client, and comes out differently from run to run.
"""

from __future__ import annotations

import json
import os
import pathlib
import queue
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from harness.lines import Program

HERE = pathlib.Path(__file__).parent

# Seconds after which what has not happened is said not to happen. The clients' own waits are shorter.
LONG = 12.0

# Seconds after which the answer to a client's question for what is stored is read.
SETTLED = 1.0

# As often as a handler's command may fail before it succeeds: once, at one text.
HANDLER = """text=$(cat); case $text in *'"poison"'*) [ -e failed ] || { touch failed; exit 1; };; esac"""

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Platform:
    """The local platform and its control API."""

    def __init__(self, binary: str) -> None:
        self.program = Program(binary, "serve-local", "--control")
        self.url, self.control = (re.search(r"http://127\.0\.0\.1:\d+", self.program.line()).group(0) for _ in range(2))
        self.sent = 0

    def ask(self, method: str, path: str, body: object = None) -> object:
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(self.control + path, data=data, method=method, headers=headers)
        with OPENER.open(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def as_agent(self, handle: str, method: str, path: str, body: object = None) -> object:
        call = {"method": method, "path": path}
        return self.ask("POST", f"/as/{handle}", call if body is None else {**call, "body": body})

    def say(self, sender: str, to: str, text: str) -> None:
        self.sent += 1
        body = {"to": to, "content": {"text": text}, "client_msg_id": f"sent-{self.sent}"}
        self.as_agent(sender, "POST", "/v1/messages", body)


class Agent:
    """An agent that listens; alice writes to it, and it has written to her, so that she may go on."""

    def __init__(self, platform: Platform, client: str, number: int, command: list[str]) -> None:
        self.platform, self.handle = platform, f"{client}-{number}"
        self.friend = f"alice-{client}-{number}"
        self.key = platform.ask("POST", "/agents", {"handle": self.handle})["api_key"]
        platform.ask("POST", "/agents", {"handle": self.friend})
        platform.say(self.handle, self.friend, "hi")
        platform.say(self.friend, self.handle, "hello")
        self.command, self.program, self.handled = command, None, []
        self.folder = tempfile.TemporaryDirectory()
        self.start()
        assert until(lambda: self.heard() == ["hello"]), (self.handle, self.handled)
        assert until(lambda: self.undelivered() == 0), self.handle
        self.stop()
        self.handled = []

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("AGENTCHAT_")}
        environment |= {"AGENTCHAT_API_KEY": self.key, "AGENTCHAT_BASE_URL": self.platform.url}
        environment |= {"HOME": self.folder.name}
        self.program = Program(*self.command, env=environment, cwd=self.folder.name)

    def connect(self) -> None:
        """Until it has fetched what was stored: what is said then comes over the socket and no other way."""
        self.platform.ask("DELETE", "/requests")
        self.start()
        assert until(self.has_fetched), self.handle
        time.sleep(SETTLED)

    def has_fetched(self) -> bool:
        requests = self.platform.ask("GET", "/requests")["requests"]
        return any(request["path"] == "/v1/messages/sync" for request in requests)

    def stop(self) -> None:
        self.program.process.kill()
        self.program.process.wait()

    def say(self, text: str) -> None:
        self.platform.say(self.friend, self.handle, text)

    def push(self, text: str) -> None:
        self.platform.ask("POST", "/sockets/push", {"handle": self.handle, "text": text})

    def undelivered(self) -> int:
        return self.platform.ask("GET", f"/agents/{self.handle}")["undelivered"]

    def heard(self) -> list[str]:
        """The texts that were handled so far."""
        while True:
            try:
                line = self.program.lines.get_nowait()
            except queue.Empty:
                return self.handled
            if line is None:
                return self.handled
            said = json.loads(line)
            if "handled" in said:
                self.handled.append(said["handled"])
            elif said.get("type") == "message.new":
                self.handled.append(said["payload"]["content"].get("text"))


def fate_of_a_failure(agent: Agent) -> str:
    if until(lambda: "poison" in agent.heard() or agent.undelivered() == 0) and until(lambda: "poison" in agent.heard()):
        return "offered again and handled"
    return "lost: acked all the same" if agent.undelivered() == 0 else "not offered again while connected"


def a_handler_fails(agent: Agent) -> str:
    agent.connect()
    agent.say("before")
    assert until(lambda: agent.heard() == ["before"]), agent.handled
    agent.say("poison")
    return fate_of_a_failure(agent)


def a_handler_fails_at_what_was_stored(agent: Agent) -> str:
    for text in ["poison", "after"]:
        agent.say(text)
    agent.connect()
    return fate_of_a_failure(agent)


def a_frame_is_lost(agent: Agent) -> str:
    agent.connect()
    for text in ["one", "two"]:
        agent.say(text)
    assert until(lambda: agent.heard() == ["one", "two"]), agent.handled
    on = {"direction": "to_client", "type": "message.new", "agent": agent.handle}
    agent.platform.ask("POST", "/faults", {"frame": {"on": on, "do": "drop"}, "times": 1})
    for text in ["three", "four"]:
        agent.say(text)
    until(lambda: {"three", "four"} <= set(agent.heard()))
    match agent.heard():
        case ["one", "two", "three", "four"]:
            return "fetched, in order"
        case ["one", "two", "four", "three"]:
            return "fetched, after the one behind it"
        case ["one", "two", "four"]:
            return "not noticed"
        case other:
            return f"heard {other}"


def hears_the_next(agent: Agent, frame: str) -> str:
    agent.connect()
    agent.say("before")
    assert until(lambda: agent.heard() == ["before"]), agent.handled
    agent.push(frame)
    agent.say("after")
    if until(lambda: "after" in agent.heard()):
        return "goes on"
    return "the program ends" if agent.program.process.poll() is not None else "hears nothing any more"


def a_frame_is_null(agent: Agent) -> str:
    return hears_the_next(agent, "null")


def a_frame_is_deep(agent: Agent) -> str:
    deep = "[" * 5_000 + "]" * 5_000
    row = '"id":"msg_deep","conversation_id":"conv_deep","seq":1,"sender":"somebody","type":"structured"'
    return hears_the_next(agent, '{"type":"message.new","payload":{' + row + ',"content":{"data":{"x":' + deep + "}}}}")


SCENES = [
    ("a handler fails once", a_handler_fails, "offered again and handled"),
    ("a handler fails once, at a message that was stored", a_handler_fails_at_what_was_stored, "offered again and handled"),
    ("a frame with a message is lost on its way", a_frame_is_lost, "fetched, in order"),
    ("a frame is `null`", a_frame_is_null, "goes on"),
    ("a message is nested 5,000 levels deep", a_frame_is_deep, "goes on"),
]


@contextmanager
def served(binary: str) -> Iterator[Platform]:
    platform = Platform(binary)
    try:
        yield platform
    finally:
        platform.program.terminate()


def main(binary: str, typescript: str) -> int:
    binary, typescript = os.path.abspath(binary), os.path.abspath(typescript)
    with served(binary) as platform:
        clients = {
            "this client": [binary, "listen", "--json", "--exec", HANDLER],
            "Python SDK": [sys.executable, str(HERE / "python/listener.py"), platform.url],
            "TypeScript SDK": ["node", str(HERE / "typescript/listener.mjs"), typescript, platform.url],
        }
        rows, wrong = {}, []
        for number, (fault, scene, promised) in enumerate(SCENES):
            rows[fault] = {}
            for client, command in clients.items():
                agent = Agent(platform, client.split()[0].lower(), number, command)
                rows[fault][client] = scene(agent)
                agent.stop()
            if rows[fault]["this client"] != promised:
                wrong.append(f"{fault}: this client should have: {promised}")
    print(f"| what happens | {' | '.join(clients)} |\n|{'---|' * (len(clients) + 1)}")
    for fault, seen in rows.items():
        print(f"| {fault} | {' | '.join(seen.values())} |")
    known = json.loads((HERE / "faults.json").read_text())
    for fault, seen in rows.items():
        for client, verdict in seen.items():
            before = known.get(fault, {}).get(client, [])
            if verdict not in before:
                print(f"{client}, {fault}: {verdict}; seen before: {' or '.join(before)}")
    if wrong:
        print("\n".join(wrong))
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
