"""That the comparison sees what differs, and only that."""

import json
import unittest

from harness import frames as read_along
from harness.canonical import Canonical
from harness.differences import ABSENT, Difference, Listed, between, outcomes
from harness.public import PUBLIC, unused
from harness.recorder import Request
from harness.script import Kept, Outcome

HEADERS = [("Content-Type", "application/json"), ("User-Agent", "agentchat/1.0 python/3.11")]


def canonical(target="/v1/messages", body=b"", headers=HEADERS, method="POST", kept=None):
    names = Kept()
    names.values.update(kept or {})
    return Canonical(names).request(Request(method, target, headers, body))


class Requests(unittest.TestCase):
    def test_the_same_in_other_letters_is_the_same(self):
        self.assertEqual(canonical("/v1/a%21%2A%27%28%29~/b?x=a+b&y=%7E"), canonical("/v1/a!*'()%7e/b?y=~&x=a%20b"))
        self.assertEqual(canonical(body=b'{"a": 1, "b": "\\u00fc"}'), canonical(body='{"b":"ü","a":1}'.encode()))
        self.assertEqual(canonical(headers=HEADERS), canonical(headers=[(name.upper(), value) for name, value in HEADERS]))

    def test_ids_are_compared_by_what_they_name(self):
        first, second = "msg_AAAAAAAAAAAAAAAA", "msg_BBBBBBBBBBBBBBBB"
        kept = canonical(f"/v1/messages/{first}", kept={"first": first})
        self.assertEqual(kept, canonical(f"/v1/messages/{second}", kept={"first": second}))
        self.assertNotEqual(kept, canonical(f"/v1/messages/{first}", kept={"first": second}))

    def test_what_differs_differs(self):
        plain = canonical("/v1/a?x=1", b'{"a": null}')
        for other in [
            canonical("/v1/a?x=1", b'{"a": null}', method="PUT"),
            canonical("/v1/a%2Fb?x=1", b'{"a": null}'),
            canonical("/v1/a/?x=1", b'{"a": null}'),
            canonical("/v1/a?x=2", b'{"a": null}'),
            canonical("/v1/a?x=1&y=", b'{"a": null}'),
            canonical("/v1/a?x=1", b"{}"),
            canonical("/v1/a?x=1"),
            canonical("/v1/a?x=1", b'{"a": null}', [*HEADERS, ("Authorization", "Bearer ac_1")]),
            canonical("/v1/a?x=1", b'{"a": null}', [*HEADERS, ("Idempotency-Key", "key-0001")]),
            canonical("/v1/a?x=1", b'{"a": null}', [HEADERS[0], ("User-Agent", "agentchat")]),
        ]:
            self.assertTrue(between("step", plain, other, "request"), other)

    def test_one_and_true_differ(self):
        self.assertTrue(between("step", {"a": 1}, {"a": True}, "body"))
        self.assertTrue(between("step", {"a": 1}, {"a": 1.0}, "body"))


class Answers(unittest.TestCase):
    def answer(self, answer, requests=()):
        return Canonical(Kept()).outcome(Outcome("step", "get_me", list(requests), answer))

    def test_what_is_new_every_time_is_not_compared(self):
        one = self.answer({"data": {"id": "msg_AAAAAAAAAAAAAAAA", "at": "2026-01-01T00:00:00.000Z"}})
        two = self.answer({"data": {"id": "msg_BBBBBBBBBBBBBBBB", "at": "2026-01-02T00:00:00.123456+00:00"}})
        self.assertEqual(outcomes("step", one, two), [])

    def test_errors_are_compared_by_class_code_and_status(self):
        def error(name="NotFoundError", code="NOT_FOUND", status=404):
            return self.answer({"error": {"class": name, "code": code, "status": status, "message": "no"}})

        self.assertEqual(outcomes("step", error(), error("NotFound")), [])
        for other in [error("Forbidden"), error(code="GROUP_NOT_FOUND"), error(status=410), self.answer({"data": None})]:
            self.assertEqual([d.at for d in outcomes("step", error(), other)], ["answer"])

    def test_a_refused_call_that_was_made_after_all_is_noticed(self):
        refused = {"error": {"class": "Refused", "message": "no"}}
        self.assertEqual(self.answer(refused), {"answer": self.answer(refused)["answer"]})
        with self.assertRaises(AssertionError):
            self.answer(refused, [Request("GET", "/v1/agents/me", HEADERS, b"")])

    def test_attempts_are_counted(self):
        request = Request("GET", "/v1/agents/me", HEADERS, b"")
        once, twice = self.answer({"data": 1}, [request]), self.answer({"data": 1}, [request, request])
        self.assertEqual(outcomes("step", once, twice), [Difference("step", "requests", "1", "2")])


class Frames(unittest.TestCase):
    @staticmethod
    def frame(payload, first=0x81, mask=b"\x01\x02\x03\x04"):
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        return bytes([first]) + length + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))

    def test_texts_come_out_however_the_bytes_come_in(self):
        long = ("ü" * 400).encode()
        data = self.frame(b"one") + self.frame(b"ping", 0x89) + self.frame(long)
        data += self.frame(b"thr", 0x01) + self.frame(b"", 0x8A) + self.frame(b"ee", 0x80) + self.frame(b"")
        for size in [1, 2, 7, len(data)]:
            frames = read_along.Frames()
            for start in range(0, len(data), size):
                frames.feed(data[start : start + size])
            self.assertEqual(frames.texts, ["one", "ü" * 400, "three", ""], size)


class TheList(unittest.TestCase):
    def setUp(self):
        self.listed = Listed("python", "surface")
        self.all = list(self.listed.reasons)

    def test_exactly_what_is_listed_passes(self):
        self.assertTrue(self.all)
        self.assertEqual(self.listed.judge(self.all), [])

    def test_what_is_not_listed_fails(self):
        new = Difference("me", "requests/0/path", '"/v1/agents/me"', ABSENT)
        self.assertEqual(self.listed.judge([*self.all, new]), [f"not listed: {new}"])

    def test_what_no_longer_occurs_fails(self):
        self.assertEqual(self.listed.judge(self.all[1:]), [f"listed, but does not occur: {self.all[0]}"])


class ThePublicSurface(unittest.TestCase):
    def setUp(self):
        self.about = {"peer": "typescript", "methods": ["get_me"], "realtime": [], "exports": ["NotFoundError"]}
        named = json.loads(PUBLIC.read_text(encoding="utf-8"))["typescript"]
        for kind, names in named.items():
            self.about[kind] = [*self.about[kind], *names]
        self.steps = [{"step": "one", "call": "get_me"}, {"step": "two", "call": "get_agent"}]
        self.came = {"one": {"answer": {"is": "data"}}, "two": {"answer": {"is": "404 NOT_FOUND NotFound"}}}

    def judge(self):
        return unused(self.about, self.steps, self.came)

    def test_what_is_called_raised_or_named_is_used(self):
        self.assertEqual(self.judge(), [])

    def test_what_is_new_fails(self):
        self.about["methods"].append("get_everything")
        self.assertEqual(self.judge(), ["public, but neither called nor in public.json: get_everything (methods)"])

    def test_what_the_script_calls_in_vain_does_not_count(self):
        self.came["one"]["answer"]["is"] = "missing"
        self.assertEqual(self.judge(), ["public, but neither called nor in public.json: get_me (methods)"])

    def test_what_is_gone_fails(self):
        self.about["exports"].remove("VERSION")
        self.assertEqual(self.judge(), ["in public.json, but not public: VERSION (exports)"])


if __name__ == "__main__":
    unittest.main()
