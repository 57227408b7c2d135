"""Secrets at rest, and tokens that are stored only as a hash."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):
    """A sealed secret cannot be opened: ``LMSSOCIAL_SECRET_KEY`` is not the one it was sealed with."""


class SecretBox:
    """Encrypts what must not stand readable in the database: private keys, tokens, one-time-password seeds.

    Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from ``LMSSOCIAL_SECRET_KEY`` by HKDF.
    """

    def __init__(self, secret_key: str) -> None:
        """Derive the sealing key from the installation's secret."""
        derived = HKDF(
            algorithm=hashes.SHA256(), length=32, salt=None, info=b"lmssocial sealed at rest"
        ).derive(secret_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, plain: bytes) -> str:
        """Encrypt ``plain`` into text that a database column can hold."""
        return self._fernet.encrypt(plain).decode("ascii")

    def open(self, sealed: str) -> bytes:
        """Decrypt what :meth:`seal` made.

        :raises SealBroken: if it was sealed under another key or changed since.
        """
        try:
            return self._fernet.decrypt(sealed.encode("ascii"))
        except (InvalidToken, ValueError) as error:
            raise SealBroken("the secret was sealed with another LMSSOCIAL_SECRET_KEY") from error


def new_token() -> str:
    """A fresh unguessable token of 256 bits, safe in URLs."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """How a token is stored: its SHA-256 in hex (64 characters). A stolen database opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()
