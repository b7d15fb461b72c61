"""Holds the official Python SDK against the vectors: each row says what it expects, or how the SDK differs."""

import base64
import json
import pathlib
import sys

from agentchatme._webhook_verify import VerifyWebhookOptions, WebhookVerificationError, verify_webhook
from agentchatme.render import render_message_context

HERE = pathlib.Path(__file__).parent


def webhook(row):
    body = base64.b64decode(row["body_base64"]) if "body_base64" in row else row["body"]
    options = VerifyWebhookOptions(
        payload=body,
        signature=row["header"],
        secret=row["secrets"][0],
        tolerance_seconds=row.get("tolerance_s", 300),
        now=lambda: row["now_ms"] / 1000,
    )
    try:
        verify_webhook(options)
    except WebhookVerificationError as error:
        return error.reason
    except Exception as error:
        return type(error).__name__
    return "ok"


def render(row):
    return render_message_context(row["message"], self_handle=row.get("own"), now=row["now_ms"] / 1000)


wrong = rows = 0
for name, judge in [("webhook.json", webhook), ("render.json", render)]:
    for row in json.loads((HERE / name).read_text(encoding="utf-8")):
        rows += 1
        said, expected = judge(row), row.get("python_sdk", row["expect"])
        if said != expected:
            wrong += 1
            print(f"{name}: {row['name']}: expected {expected!r}, the SDK says {said!r}")
print(f"{rows} rows, {wrong} wrong")
sys.exit(wrong > 0)
