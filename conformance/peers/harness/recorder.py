"""A recording proxy in front of the platform.

It writes down every request as it came over the wire, before anything normalises it, and passes it on; and so it does
with what a client says over a WebSocket. It can be told to give the next answers itself, which is how errors come about
that a healthy platform never gives.
"""

from __future__ import annotations

import http.client
import http.server
import socket
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .frames import Frames

# What concerns one connection only (RFC 9110, 7.6.1), and what is written anew.
NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}


@dataclass
class Request:
    method: str
    target: str  # path and query, byte for byte
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Connection:
    upgrade: Request
    frames: Frames = field(default_factory=Frames)


class Recorder:
    """Listens on a free port of this machine until the end of the `with` block."""

    def __init__(self, platform_url: str) -> None:
        self.upstream = urlsplit(platform_url).netloc
        self.lock = threading.Lock()
        self.requests: list[Request] = []
        self.connections: list[Connection] = []
        self.staged: deque[dict] = deque()
        recorder = self

        class Handler(_Handler):
            owner = recorder

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Recorder:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def stage(self, answers: list[dict]) -> None:
        """The next requests get these answers: `status`, `headers` and `text`. Later ones reach the platform."""
        with self.lock:
            self.staged = deque(answers)

    def take(self) -> list[Request]:
        """The requests since the last time. Answers that nobody asked for are dropped."""
        with self.lock:
            requests, self.requests = self.requests, []
            self.staged.clear()
        return requests

    def answer(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        with self.lock:
            self.requests.append(request)
            staged = self.staged.popleft() if self.staged else None
        if staged is not None:
            return staged["status"], list(staged.get("headers", {}).items()), staged.get("text", "").encode()
        connection = http.client.HTTPConnection(self.upstream, timeout=60)
        connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            if name.lower() not in NOT_PASSED_ON:
                connection.putheader(name, value)
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body)
        response = connection.getresponse()
        answer = response.status, response.getheaders(), response.read()
        connection.close()
        return answer


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: Recorder
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_any(self) -> None:
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self.tunnel()
            return
        assert "chunked" not in self.headers.get("Transfer-Encoding", ""), "no client sends its body in chunks"
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self.command, self.requestline.split(" ")[1], self.headers.items(), body)
        status, headers, body = self.owner.answer(request)
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in NOT_PASSED_ON:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if status == 204 else body)

    def tunnel(self) -> None:
        """Bytes go both ways untouched until either side ends; the client's are read along."""
        connection = Connection(Request(self.command, self.requestline.split(" ")[1], self.headers.items(), b""))
        with self.owner.lock:
            self.owner.connections.append(connection)
        host, port = self.owner.upstream.split(":")
        with socket.create_connection((host, int(port))) as upstream:
            upstream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            head = [self.requestline, *(f"{name}: {value}" for name, value in self.headers.items()), "", ""]
            upstream.sendall("\r\n".join(head).encode("latin-1"))
            back = threading.Thread(target=self.pass_back, args=(upstream,), daemon=True)
            back.start()
            with suppress(OSError):  # Either end may be gone at any time.
                while data := self.rfile.read1():
                    with self.owner.lock:
                        connection.frames.feed(data)
                    upstream.sendall(data)
                upstream.shutdown(socket.SHUT_WR)
            back.join()
        self.close_connection = True

    def pass_back(self, upstream: socket.socket) -> None:
        with suppress(OSError):
            while data := upstream.recv(65536):
                self.connection.sendall(data)
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def log_message(self, *_: object) -> None:
        pass
