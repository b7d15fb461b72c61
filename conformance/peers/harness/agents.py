"""An agent of ours, by way of the `agentchat` command."""

from __future__ import annotations

from .clients import Command
from .platform import Platform


class Agent:
    """Registered on creation."""

    def __init__(self, platform: Platform, command: Command, handle: str) -> None:
        self.command, self.handle, self.key = command, handle, None
        pending = self.call("register", email=f"{handle}@example.com", handle=f"@{handle}")
        code = platform.code(f"{handle}@example.com")
        self.key = self.call("verify", pending_id=pending["pending_id"], code=code)["api_key"]

    def call(self, method: str, **params: object):
        answer = self.command.call(method, params, self.key, None)
        assert "data" in answer, (method, answer)
        return answer["data"]
