"""Signatures as Standard Webhooks asks for them (spec/standard-webhooks.md, version 1.0.0).

The three lines are ours because the published library brings an HTTP client with it; the tests verify
every signature with that library.
"""

import base64
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    """A secret of 256 random bits, in the notation that receivers' libraries read."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """ "v1," and the HMAC-SHA256 of id, seconds since 1970 and body, joined by points."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def headers_of(secrets_valid: Iterable[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers; with several valid secrets one signature of each, so that a receiver may change."""
    signatures = " ".join(signature(secret, message_id, at, body) for secret in secrets_valid)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures,
    }
