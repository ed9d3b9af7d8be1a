"""PINs and badges as they are kept: never themselves, only what scrypt makes of them. Not for who they belong to."""

from __future__ import annotations

import hashlib
import hmac
import os

_COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 2**20}
_SALT_BYTES = 16
LEAST_PIN = 4


def salt() -> str:
    """Return a new salt, hexadecimal."""
    return os.urandom(_SALT_BYTES).hex()


def digest(secret: str, salted: str) -> str:
    """Return what is kept of a secret under a salt, hexadecimal."""
    return hashlib.scrypt(secret.encode(), salt=bytes.fromhex(salted), dklen=32, **_COST).hex()


def sealed(pin: str) -> str:
    """Return what is kept of a PIN: its salt and its digest."""
    salted = salt()
    return f"{salted}:{digest(pin, salted)}"


def opens(pin: str, kept: str) -> bool:
    """Tell whether a PIN is the one that is kept."""
    salted, _, wanted = kept.partition(":")
    try:
        return hmac.compare_digest(digest(pin, salted), wanted)
    except ValueError:
        return False
