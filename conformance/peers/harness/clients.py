"""The clients that make the calls: an official SDK behind its runner, or ours behind the `agentchat` command.

Both take a method by its name in the Python SDK, with that SDK's parameter names, and answer with one of

    {"data": …}                                        the call's result
    {"error": {"class", "code", "status", …}}          the error it raised
    {"missing": true}                                  there is no such method

A runner reads a call as `{"method", "params", "key", "idempotency_key"}`. It also holds one connection, and verifies
webhooks; these questions have a member `realtime` or `verify` instead, and the same answers.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

from .lines import PATIENCE, Program


class Peer:
    """An official SDK, in a process of its own that takes one call a line."""

    def __init__(self, command: list[str], base_url: str) -> None:
        self.program = Program(*command, base_url)
        self.about = json.loads(self.program.line())

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        code = self.program.close()
        assert kind is not None or code == 0, f"{self.program.name} ended with {code}"

    def ask(self, **question: object) -> dict:
        self.program.say(json.dumps(question))
        return json.loads(self.program.line())

    def call(self, method: str, params: dict, key: str | None, idempotency_key: str | None) -> dict:
        return self.ask(method=method, params=params, key=key, idempotency_key=idempotency_key)


class Command:
    """Our client: `agentchat call`, a process a call. What is no endpoint but a list of many pages has a program beside it."""

    def __init__(self, binary: str, base_url: str) -> None:
        self.binary, self.base_url = binary, base_url
        self.lists = str(pathlib.Path(binary).with_name("read_list"))
        listed = subprocess.run([binary, "call", "--list"], capture_output=True, text=True, check=True)
        self.methods = listed.stdout.split()

    def environment(self, key: str | None) -> dict[str, str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("AGENTCHAT_")}
        environment["AGENTCHAT_BASE_URL"] = self.base_url
        if key is not None:
            environment["AGENTCHAT_API_KEY"] = key
        return environment

    def call(self, method: str, params: dict, key: str | None, idempotency_key: str | None) -> dict:
        match method:
            case "contacts":
                return self.read_list(key, [], **params)
            case "search_agents_all":
                return self.read_list(key, [params.pop("query")], **params)
        assert method in self.methods, f"agentchat call has no {method}"
        if idempotency_key is not None:
            params = {**params, "_idempotency_key": idempotency_key}
        done = self.run(key, [self.binary, "call", method, json.dumps(params)])
        assert done.stdout, f"agentchat call {method}: {done.stderr}"
        line = json.loads(done.stdout)
        if not line["ok"]:
            error = line["error"]
            return {"error": {"class": error.pop("kind"), **error}}
        if method == "send_message":
            return {"data": {"message": line["data"], "backlog_warning": line.get("backlog_warning")}}
        return {"data": line["data"]}

    def read_list(self, key: str | None, arguments: list[str], **bounds: int) -> dict:
        for name, rows in bounds.items():
            arguments = [*arguments, f"--{name.replace('_', '-')}", str(rows)]
        done = self.run(key, [self.lists, *arguments])
        assert done.returncode == 0, f"read_list: {done.stderr}"
        return {"data": [json.loads(line) for line in done.stdout.splitlines()]}

    def run(self, key: str | None, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments,
            env=self.environment(key),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
