"""Requests and answers in a form in which the same things look the same.

Equal, and so made equal here: percent-encodings of the same text (`!*'()` and `~` are written both ways), the order
of query parameters and of JSON members, the case of header names. Ids, keys, codes and times differ from run to run:
what a step kept becomes its `{name}`, the rest the kind of thing it is. What is left is compared literally.
"""

from __future__ import annotations

import hashlib
import json
import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .recorder import Request
from .script import Kept, Outcome

# What an answer holds that is new every time.
UUID = (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b", "{uuid}")
FRESH = [
    UUID,
    (r"http://127\.0\.0\.1:\d+", "{platform}"),
    (r"expires=\d+&signature=[0-9a-f]+", "{signed}"),
    (r"\b[0-9a-f]{16}(?=/[0-9a-f]{32}\.)", "{owner}"),
    (r"(?<![A-Za-z0-9])(msg|conv|grp|gri|whk|att|pnd|agt)_[A-Za-z0-9_-]{16}(?![A-Za-z0-9_-])", r"{\1}"),
    (r"\bdel_[0-9a-f]{32}\b", "{del}"),
    (r"\bac_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])", "{key}"),
    (r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", "{time}"),
]
FRESH_BY_NAME = {"secret"}  # a webhook's, which is like any other 64 hexadecimal digits

# Calls whose rows come out of our typed client, to which an absent member and a null one are the same.
TYPED = {"contacts", "search_agents_all"}

PRODUCT = r"[A-Za-z][\w.-]*/[\w.+-]+"


class Canonical:
    def __init__(self, kept: Kept) -> None:
        self.names = {value: f"{{{name}}}" for name, value in reversed(kept.values.items())}

    def outcome(self, outcome: Outcome) -> dict:
        """Where no call was made, because there is no such method or it was refused, there are no requests."""
        requests = [self.request(request) for request in outcome.requests]
        answer = self.answer(outcome.answer)
        if outcome.method in TYPED:
            answer = without_nulls(answer)
        if not is_made(answer):
            assert not requests, f"{outcome.step}: {answer}, and yet {requests}"
            return {"answer": answer}
        return {"requests": requests, "answer": answer}

    def request(self, request: Request) -> dict:
        parts = urlsplit(request.target)
        headers: dict[str, str] = {}
        for name, value in request.headers:
            headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
        query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True) if parts.query else []
        assert len(dict(query)) == len(query), f"a parameter is there twice: {request.target}"
        segments = [
            quote(self.text(unquote(segment, errors="strict"), [UUID]), safe="{}")
            for segment in parts.path.split("/")
        ]
        canonical = {
            "method": request.method,
            "path": "/".join(segments),
            "query": {name: self.text(value, [UUID]) for name, value in query},
            "authorization": shape(headers.get("authorization"), r"Bearer \S+", "Bearer …"),
            "user_agent": shape(headers.get("user-agent"), f"{PRODUCT} {PRODUCT}", "product/version runtime/version"),
            "client": shape(headers.get("x-agentchat-client"), r"[a-z_]+", "a name"),
            "client_version": shape(headers.get("x-agentchat-client-version"), r"\d[\w.+-]*", "a version"),
            "idempotency_key": headers.get("idempotency-key"),
            "content_type": headers.get("content-type"),
        }
        if request.body:
            canonical["body"] = self.body(request.body, headers.get("content-type", ""))
        return {name: value for name, value in canonical.items() if value is not None}

    def frame(self, frame: dict) -> dict:
        """A frame that the client sent over the socket. Who it says it is has a shape, as the headers of the same names."""
        named = {
            "client": shape(frame.get("client"), r"[a-z_]+", "a name"),
            "client_version": shape(frame.get("client_version"), r"\d[\w.+-]*", "a version"),
        }
        return self.value({**frame, **{name: value for name, value in named.items() if value is not None}}, FRESH)

    def body(self, body: bytes, content_type: str) -> object:
        if content_type == "application/json":
            return self.value(json.loads(body), [UUID])
        return {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}

    def answer(self, answer: dict) -> dict:
        """The result of the call in a few words, and then in full."""
        if "missing" in answer:
            return {"is": "missing"}
        if "data" in answer:
            return {"is": "data", "data": self.value(answer["data"], FRESH)}
        error = answer["error"]
        words = [error.get("status"), error.get("code"), re.sub(r"(?<=.)Error$", "", error["class"])]
        facts = {name: error.get(name) for name in ("details", "retry_after_ms")}
        # Text is compared where it is the platform's; what a client says itself is its own.
        said = {"message": error["message"]} if error.get("code") else {}
        return {"is": " ".join(str(word) for word in words if word is not None), **self.value({**facts, **said}, FRESH)}

    def value(self, value: object, fresh: list) -> object:
        match value:
            case dict():
                return {
                    key: "{fresh}" if key in FRESH_BY_NAME and isinstance(item, str) else self.value(item, fresh)
                    for key, item in value.items()
                }
            case list():
                return [self.value(item, fresh) for item in value]
            case str():
                return self.text(value, fresh)
        return value

    def text(self, text: str, fresh: list) -> str:
        if text in self.names:
            return self.names[text]
        for pattern, kind in fresh:
            text = re.sub(pattern, kind, text)
        return text


def shape(value: str | None, pattern: str, what: str) -> str | None:
    """The name of the shape that a header has, its own text if it has not, none without the header."""
    return what if value is not None and re.fullmatch(pattern, value) else value


def without_nulls(value: object) -> object:
    match value:
        case dict():
            return {name: without_nulls(item) for name, item in value.items() if item is not None}
        case list():
            return [without_nulls(item) for item in value]
    return value


def is_made(answer: dict) -> bool:
    return answer["is"] not in ("missing", "Refused", "Type")
