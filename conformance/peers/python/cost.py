"""What the official Python SDK, unmodified, spends: prints lines like those of `measure --against`.

python cost.py rest|ws BASE-URL FRAMES
"""

from __future__ import annotations

import asyncio
import sys
import time

from agentchatme import AsyncAgentChatClient, RealtimeClient, RealtimeOptions

KEY = "ac_measured0000"


def tell(part: str, metric: str, value: float) -> None:
    print(part, metric, value, sep="\t")


async def calls(client: AsyncAgentChatClient, count: int, in_flight: int) -> tuple[float, float]:
    left = iter(range(count))

    async def send() -> None:
        for _ in left:
            await client.send_message(to="@alice", content={"text": "hello"})

    begin, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(send() for _ in range(in_flight)))
    return (time.perf_counter() - begin) / count, (time.process_time() - cpu) / count


async def rest(client: AsyncAgentChatClient) -> None:
    await calls(client, 200, 64)
    seconds, cpu = await calls(client, 1_000, 1)
    tell("rest", "seq calls/s", 1 / seconds)
    tell("rest", "seq CPU s / 1,000", cpu * 1e3)
    seconds, cpu = await calls(client, 1_000, 64)
    tell("rest", "64 in flight calls/s", 1 / seconds)
    tell("rest", "64 in flight CPU s / 1,000", cpu * 1e3)


async def ws(client: AsyncAgentChatClient, base_url: str, frames: int) -> None:
    done, first, handled = asyncio.Event(), None, 0

    async def on_message(_: dict) -> None:
        nonlocal first, handled
        first = first or (time.perf_counter(), time.process_time())
        handled += 1
        if handled == frames:
            done.set()

    options = RealtimeOptions(api_key=KEY, base_url=base_url.replace("http", "ws", 1), client=client)
    realtime = RealtimeClient(options)
    realtime.on("message.new", on_message)
    await realtime.connect()
    await done.wait()
    tell("ws", "frames/s", frames / (time.perf_counter() - first[0]))
    tell("ws", "CPU s / 100k", (time.process_time() - first[1]) / frames * 1e5)
    await realtime.disconnect()


async def main(part: str, base_url: str, frames: int) -> None:
    async with AsyncAgentChatClient(api_key=KEY, base_url=base_url) as client:
        match part:
            case "rest":
                await rest(client)
            case "ws":
                await ws(client, base_url, frames)


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
