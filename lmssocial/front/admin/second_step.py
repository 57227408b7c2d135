"""The second step of a sign-in: one-time codes from a phone (TOTP, RFC 6238), and codes on paper for its loss."""

import hmac
import secrets
from datetime import datetime

import pyotp
import segno

from lmssocial.core.kernel.secrets import token_hash

STEP = 30
"""Seconds that a code is shown (RFC 6238 §5.2)."""
DRIFT = 1
"""How many steps a phone's clock may be ahead or behind (RFC 6238 §6)."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is mistaken for another on paper."""


def new_secret() -> str:
    """A fresh seed, 160 bits in base 32."""
    return pyotp.random_base32()


def setup_uri(secret: str, login: str, issuer: str) -> str:
    """What the QR code says to an authenticator (Key URI Format)."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=issuer)


def qr_picture(text: str) -> str:
    """A ``data:`` address of an SVG with a QR code, dark on light in every theme, quiet zone included."""
    picture: str = segno.make(text, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return picture


def grouped(secret: str) -> str:
    """``secret`` in groups of four, for typing it in."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code ``code`` is, if it is a present one; a step is accepted once (RFC 6238 §5.2)."""
    digits = "".join(code.split())
    present = int(now.timestamp()) // STEP
    generator = pyotp.TOTP(secret, interval=STEP)
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), digits.encode()):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of 79 bits, written as ``abcd-efgh-jkmn-pqrs``."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(code: str) -> str:
    """How a recovery code is kept, however it was typed."""
    return token_hash("".join(sign for sign in code.lower() if sign in _LETTERS))
