"""Secret addresses that open a page for one person. The secret is in the mail; here only its hash is kept."""

import hashlib
import secrets

BYTES = 32


def new_token() -> str:
    """A secret of 256 random bits, fit for an address."""
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> str:
    """What is stored and looked up: a copy of the table opens no page."""
    return hashlib.sha256(token.encode()).hexdigest()
