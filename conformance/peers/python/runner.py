"""The official Python SDK, unmodified, making the calls it reads: one a line, answered with one line.

    python runner.py sync|async BASE-URL

The first line says what the SDK is and what is public in it. The protocol is in `../harness/clients.py`.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import inspect
import json
import sys

import agentchatme
from agentchatme import AgentChatClient, AsyncAgentChatClient, RealtimeClient, RealtimeOptions

# What every method takes, and what TypeScript has as well, though this package exports neither.
from agentchatme._client import CallOptions
from agentchatme._webhook_verify import VerifyWebhookOptions, verify_webhook

UNAUTHENTICATED = {"register", "verify", "recover", "recover_verify"}


CLOSING = {"close", "aclose"}  # what the runner does itself, at its end


def public(cls: type) -> list[str]:
    return sorted(name for name, _ in inspect.getmembers(cls) if not name.startswith("_") and name not in CLOSING)


class Runner:
    def __init__(self, client_class: type, base_url: str) -> None:
        self.client_class, self.base_url = client_class, base_url
        self.clients: dict[str, object] = {}

    def client(self, key: str | None):
        # Without a key as well: this SDK takes an empty one.
        if key not in self.clients:
            self.clients[key] = self.client_class(api_key=key or "", base_url=self.base_url)
        return self.clients[key]

    async def call(self, method: str, params: dict, key: str | None, idempotency_key: str | None) -> object:
        arguments = dict(params)
        if "image_base64" in arguments:
            arguments["image"] = base64.b64decode(arguments.pop("image_base64"))
        if method in UNAUTHENTICATED:
            function = getattr(self.client_class, method)
            arguments["base_url"] = self.base_url
        else:
            function = getattr(self.client(key), method)
            if idempotency_key is not None:
                arguments["opts"] = CallOptions(idempotency_key=idempotency_key)
        result = function(**arguments)
        if inspect.isasyncgen(result):
            return [item async for item in result]
        if inspect.isgenerator(result):
            return list(result)
        if inspect.isawaitable(result):
            result = await result
        return plain(method, result)

    async def close(self) -> None:
        for client in self.clients.values():
            if self.client_class is AsyncAgentChatClient:
                await client.aclose()
            else:
                client.close()


def plain(method: str, result: object) -> object:
    """The result without what only makes sense in Python."""
    if method == "verify":
        return {"agent": result[0], "api_key": result[1]}
    if method == "recover_verify":
        return {"handle": result[0], "api_key": result[1]}
    return dataclasses.asdict(result) if dataclasses.is_dataclass(result) else result


def verify(verify: str, signature: str | None, secret: str) -> dict:
    return verify_webhook(VerifyWebhookOptions(payload=base64.b64decode(verify), signature=signature, secret=secret))


def raised(error: Exception) -> dict:
    facts = {name: getattr(error, name, None) for name in ("code", "status", "details", "retry_after_ms", "reason")}
    return {"class": type(error).__name__, "message": str(error), **facts}


class Realtime:
    """One connection, and what it heard."""

    def __init__(self, runner: Runner, key: str, own: str, events: list[str]) -> None:
        self.inbox: asyncio.Queue[dict] = asyncio.Queue()
        self.connected, self.disconnected = asyncio.Event(), asyncio.Event()
        self.errors: list[str] = []
        self.events: list[dict] = []

        async def on_message(event: dict) -> None:
            # Our own messages take numbers in the conversation, which this SDK takes for lost messages,
            # fetches, and hands back to us (W-08).
            if event["payload"]["sender"] != own:
                await self.inbox.put(event["payload"])

        base_url = runner.base_url.replace("http", "ws", 1)
        self.client = RealtimeClient(RealtimeOptions(api_key=key, base_url=base_url, client=runner.client(key)))
        self.client.on("message.new", on_message)
        for kind in events:
            self.client.on(kind, self.events.append)
        self.client.on_connect(self.connected.set)
        self.client.on_disconnect(lambda _: self.disconnected.set())
        self.client.on_error(lambda error: self.errors.append(repr(error)))

    async def do(self, what: str, **payload: object) -> object:
        match what:
            case "connect":
                await self.client.connect()
                await self.connected.wait()
            case "hear":
                return await self.inbox.get()
            case "unheard":
                return [self.inbox.get_nowait() for _ in range(self.inbox.qsize())]
            case "events":
                return self.events
            case "typing.start" | "typing.stop":
                await self.client.send({"type": what, "payload": payload})
            case "read_ack":
                await self.client.send({"type": "message.read_ack", "payload": payload})
            case "drain":
                await self.client.drain_offline_envelopes()
            case "state":
                return {"connected": self.client.is_connected, "errors": self.errors}
            case "disconnect":
                await self.client.disconnect()
                await self.disconnected.wait()
        return None


async def main(flavour: str, base_url: str) -> None:
    client_class = {"sync": AgentChatClient, "async": AsyncAgentChatClient}[flavour]
    runner = Runner(client_class, base_url)
    realtime: Realtime | None = None
    about = {
        "peer": "python",
        "version": agentchatme.VERSION,
        "methods": public(client_class),
        "realtime": public(RealtimeClient),
        "exports": sorted(agentchatme.__all__),
    }
    print(json.dumps(about), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        question = json.loads(line)
        try:
            if what := question.pop("realtime", None):
                if what == "connect":
                    realtime = Realtime(runner, **question)
                    question = {}
                answer = {"data": await realtime.do(what, **question)}
            elif "verify" in question:
                answer = {"data": verify(**question)}
            elif not hasattr(client_class, question["method"]):
                answer = {"missing": True}
            else:
                answer = {"data": await runner.call(**question)}
        except Exception as error:  # whatever it is, the comparison wants to know
            answer = {"error": raised(error)}
        print(json.dumps(answer), flush=True)
    await runner.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
