"""An agent on the official Python SDK, unmodified: it says what it handled, one JSON object a line.

    AGENTCHAT_API_KEY=… python listener.py BASE-URL

Its handler fails at the text `poison` the first time.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

from agentchatme import AsyncAgentChatClient, RealtimeClient, RealtimeOptions


async def main(base_url: str) -> None:
    key = os.environ["AGENTCHAT_API_KEY"]
    failed = False

    async def on_message(event: dict) -> None:
        nonlocal failed
        text = event["payload"]["content"].get("text")
        if text == "poison" and not failed:
            failed = True
            raise RuntimeError("not now")
        print(json.dumps({"handled": text}), flush=True)

    client = AsyncAgentChatClient(api_key=key, base_url=base_url)
    options = RealtimeOptions(api_key=key, base_url=base_url.replace("http", "ws", 1), client=client)
    realtime = RealtimeClient(options)
    realtime.on("message.new", on_message)
    await realtime.connect()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
