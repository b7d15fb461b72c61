"""A program that is talked with in lines."""

from __future__ import annotations

import queue
import subprocess
import threading

PATIENCE = 60.0  # seconds until a line counts as never coming; none takes one


class Program:
    """A started program: its lines as they come, and lines for it."""

    def __init__(self, *command: str, env: dict[str, str] | None = None, cwd: str | None = None) -> None:
        self.name = " ".join(command)
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=env, cwd=cwd
        )
        self.lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def line(self) -> str:
        """The next line; a program that ended or hangs is an error."""
        try:
            line = self.lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"{self.name}: nothing in {PATIENCE:.0f} s") from None
        if line is None:
            raise AssertionError(f"{self.name}: ended with {self.process.wait(PATIENCE)}")
        return line

    def rest(self) -> list[str]:
        """The lines that were still to come when the program ended."""
        return list(iter(self.lines.get, None))

    def say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def terminate(self) -> int:
        """Ends it as a supervisor would, and says how it ended."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def close(self) -> int:
        """Ends it by ending its input."""
        self.process.stdin.close()
        return self.process.wait(PATIENCE)
