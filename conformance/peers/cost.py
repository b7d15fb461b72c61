"""What a call and a message cost: our client and the official SDKs, against the same peer, one after another.

python cost.py MEASURE-PROGRAM DIRECTORY-WITH-node_modules [ROUNDS]

Run it with the Python that has the SDK. The peer is `measure`'s own: a platform that does as little as it can. Prints a table of
medians.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

HERE = Path(__file__).parent
PARTS = {"rest": 0, "ws": 30_000}
"""Each part, and the frames that the peer pushes for it."""


@contextmanager
def peer(measure: str, frames: int) -> Iterator[int]:
    with subprocess.Popen([measure, "peer", "0", str(frames)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield int(process.stdout.readline())
        process.kill()


def clients(measure: str, installed: str) -> dict:
    def ours(part: str, port: int, frames: int) -> list[str]:
        return [measure, "--against", "--port", str(port), "--only", part]

    def python(part: str, port: int, frames: int) -> list[str]:
        return [sys.executable, str(HERE / "python/cost.py"), part, f"http://127.0.0.1:{port}", str(frames)]

    def typescript(part: str, port: int, frames: int) -> list[str]:
        return ["node", str(HERE / "typescript/cost.mjs"), installed, part, f"http://127.0.0.1:{port}", str(frames)]

    return {"this client": ours, "TypeScript SDK": typescript, "Python SDK": python}


def main(measure: str, installed: str, rounds: int) -> None:
    names = clients(measure, installed)
    values: dict[tuple[str, str], dict[str, list[float]]] = {}
    for part, frames in PARTS.items():
        for _ in range(rounds):
            for name, command in names.items():
                with peer(measure, frames) as port:
                    run = subprocess.run(command(part, port, frames), capture_output=True, text=True, timeout=300, check=False)
                if run.returncode:
                    sys.exit(f"{name}, {part}: {run.stderr.strip()}")
                for line in run.stdout.splitlines():
                    if line.startswith(f"{part}\t"):
                        _, metric, value = line.split("\t")
                        values.setdefault((part, metric), {}).setdefault(name, []).append(float(value))
    print("| what |", " | ".join(names), "|")
    print("|---|" + "---|" * len(names))
    for (part, metric), by in values.items():
        if len(by) == len(names):
            print(f"| {part}: {metric} |", " | ".join(rounded(statistics.median(by[name])) for name in names), "|")


def rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 5)
