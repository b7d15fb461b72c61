"""The official Python SDK, unmodified, talks with our Rust client through the local platform.

    python conversation.py PATH-TO-THE-AGENTCHAT-BINARY

The binary serves the platform, and is the Rust side: `listen --json` hears, `send` and `call` speak. The
script is the Python side. Both transcripts are compared word for word at the end, and each side must have
nothing left to be delivered.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys

from agentchatme import AsyncAgentChatClient, NotFoundError, RealtimeClient, RealtimeOptions

PATIENCE = 30.0  # seconds until a step counts as failed; none takes one


class Platform:
    """`agentchat serve-local`, and the one-time codes that it prints."""

    def __init__(self, binary: str) -> None:
        self.binary = binary

    async def __aenter__(self) -> Platform:
        self.process = await asyncio.create_subprocess_exec(
            self.binary, "serve-local", stdout=asyncio.subprocess.PIPE
        )
        self.url = re.search(r"http://127\.0\.0\.1:\d+", await self.line()).group(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.process.terminate()
        assert await self.process.wait() == 0, "serve-local ends cleanly on SIGTERM"

    async def line(self) -> str:
        return (await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)).decode()

    async def code(self, email: str) -> str:
        line = await self.line()
        assert email in line, line
        return re.search(r"\b\d{6}\b", line).group(0)


class RustAgent:
    """One agent, by way of the `agentchat` command."""

    def __init__(self, platform: Platform, handle: str) -> None:
        self.platform, self.handle, self.key = platform, handle, None
        self.heard: list[str] = []

    def environment(self) -> dict[str, str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("AGENTCHAT_")}
        environment["AGENTCHAT_BASE_URL"] = self.platform.url
        if self.key:
            environment["AGENTCHAT_API_KEY"] = self.key
        return environment

    async def run(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            self.platform.binary, *arguments, env=self.environment(), stdout=asyncio.subprocess.PIPE
        )
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 0, (arguments, process.returncode, output)
        return output.decode()

    async def call(self, method: str, **parameters: object) -> object:
        answer = json.loads(await self.run("call", method, json.dumps(parameters)))
        assert answer["ok"], answer
        return answer["data"]

    async def register(self) -> None:
        email = f"{self.handle}@example.com"
        pending = await self.call("register", email=email, handle=f"@{self.handle}")
        code = await self.platform.code(email)
        self.key = (await self.call("verify", pending_id=pending["pending_id"], code=code))["api_key"]

    async def listen(self) -> None:
        self.listener = await asyncio.create_subprocess_exec(
            self.platform.binary, "listen", "--json", env=self.environment(), stdout=asyncio.subprocess.PIPE
        )

    async def hear(self) -> dict:
        while True:
            line = json.loads(await asyncio.wait_for(self.listener.stdout.readline(), PATIENCE))
            if line["type"] == "message.new":
                self.heard.append(line["payload"]["content"].get("text"))
                return line["payload"]

    async def stop_listening(self) -> None:
        self.listener.terminate()
        assert await asyncio.wait_for(self.listener.wait(), PATIENCE) == 0


class PythonAgent:
    """One agent, by way of the official SDK."""

    def __init__(self, platform: Platform, handle: str) -> None:
        self.platform, self.handle = platform, handle
        self.heard: list[str] = []
        self.inbox: asyncio.Queue[dict] = asyncio.Queue()

    async def register(self) -> None:
        email = f"{self.handle}@example.com"
        pending = await AsyncAgentChatClient.register(email=email, handle=self.handle, base_url=self.platform.url)
        code = await self.platform.code(email)
        agent, self.key, self.client = await AsyncAgentChatClient.verify(
            pending["pending_id"], code, base_url=self.platform.url
        )
        assert agent["handle"] == self.handle, agent

    async def connect(self) -> None:
        options = RealtimeOptions(
            api_key=self.key, base_url=self.platform.url.replace("http", "ws", 1), client=self.client
        )
        self.realtime = RealtimeClient(options)
        connected = asyncio.Event()

        async def on_message(event: dict) -> None:
            # Our own messages take numbers in the conversation, which this SDK takes for lost messages,
            # fetches, and hands back to us.
            if event["payload"]["sender"] != self.handle:
                await self.inbox.put(event["payload"])

        self.realtime.on("message.new", on_message)
        self.realtime.on_connect(connected.set)
        await self.realtime.connect()
        await asyncio.wait_for(connected.wait(), PATIENCE)

    async def hear(self) -> dict:
        message = await asyncio.wait_for(self.inbox.get(), PATIENCE)
        self.heard.append(message["content"].get("text"))
        return message


async def nothing_is_left(rust: RustAgent, python: PythonAgent) -> None:
    """Acks travel behind the messages, so they are waited for."""
    for sync in (lambda: rust.call("sync"), lambda: python.client.sync()):
        for _ in range(100):
            rows = await sync()
            if not rows:
                break
            await asyncio.sleep(0.05)
        assert not rows, rows


async def main(binary: str) -> None:
    async with Platform(binary) as platform:
        rust, python = RustAgent(platform, "rusty"), PythonAgent(platform, "pythia")
        await rust.register()
        await python.register()
        assert (await python.client.get_agent("@rusty"))["handle"] == "rusty"
        assert (await rust.call("get_agent", handle="pythia"))["handle"] == "pythia"
        try:
            await python.client.get_agent("nobody-here")
            raise AssertionError("an unknown handle was found")
        except NotFoundError:
            pass
        await python.connect()
        await rust.listen()

        # Back and forth, with text that is not ASCII.
        for question, answer in [("Who are you?", "A crab. 🦀"), ("Läuft alles?", "Ja — wie geölt."), ("Bye?", "Not yet.")]:
            await python.client.send_message(to="@rusty", content={"text": question})
            heard = await rust.hear()
            assert (heard["sender"], heard["content"]) == ("pythia", {"text": question}), heard
            await rust.run("send", "@pythia", answer)
            heard = await python.hear()
            assert (heard["sender"], heard["content"]) == ("rusty", {"text": answer}), heard

        # Structured content, and a repeat of the same send that must not be heard twice.
        order = {"to": "rusty", "content": {"data": {"order": [1, 2, {"three": None}]}}, "client_msg_id": "order-1"}
        first = await python.client.send_message(**order)
        again = await python.client.send_message(**order)
        assert first.message["id"] == again.message["id"], (first, again)
        assert (await rust.hear())["content"]["data"] == order["content"]["data"]

        # What is said while the other is away waits for it, on both sides.
        await rust.stop_listening()
        for text in ["one", "two", "three"]:
            await python.client.send_message(to="rusty", content={"text": text})
        await rust.listen()
        for text in ["one", "two", "three"]:
            assert (await rust.hear())["content"]["text"] == text
        await python.realtime.disconnect()
        for text in ["four", "five"]:
            await rust.run("send", "@pythia", text)
        await python.connect()
        for text in ["four", "five"]:
            assert (await python.hear())["content"]["text"] == text

        # A read receipt travels back.
        await rust.call("mark_as_read", message_id=first.message["id"])
        history = await python.client.get_messages(first.message["conversation_id"], limit=50)
        assert next(row for row in history if row["id"] == first.message["id"])["status"] == "read"

        await nothing_is_left(rust, python)
        assert rust.heard == ["Who are you?", "Läuft alles?", "Bye?", None, "one", "two", "three"], rust.heard
        assert python.heard == ["A crab. 🦀", "Ja — wie geölt.", "Not yet.", "four", "five"], python.heard
        await rust.stop_listening()
        await python.realtime.disconnect()
        await python.client.aclose()
        print(f"the Rust side heard {rust.heard}")
        print(f"the Python side heard {python.heard}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
