"""The local platform: `agentchat serve-local`, and the one-time codes that it prints."""

from __future__ import annotations

import re

from .lines import Program


class Platform:
    def __init__(self, binary: str) -> None:
        self.program = Program(binary, "serve-local")
        self.url = re.search(r"http://127\.0\.0\.1:\d+", self.program.line()).group(0)

    def __enter__(self) -> Platform:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        code = self.program.terminate()
        assert kind is not None or code == 0, f"serve-local ends cleanly on SIGTERM, not with {code}"

    def code(self, email: str) -> str:
        """The one-time code that the last call had mailed to this address."""
        line = self.program.line()
        assert email in line, f"a code for {email} was expected, not: {line}"
        return re.search(r"\b\d{6}\b", line).group(0)
