"""The platform's own signing key: made once, kept in the data folder, published as a JWKS."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm


@dataclass(frozen=True)
class PlatformKey:
    """An RSA key pair with the name it is published under."""

    private: RSAPrivateKey
    kid: str
    """The first 16 hex digits of the SHA-256 of the public key."""

    def sign(self, claims: dict[str, Any]) -> str:
        """A JWT of ``claims``, RS256, naming the key in its header (Security Framework 1.0 §5.1.2)."""
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": self.kid})

    def derived(self, purpose: str) -> str:
        """A secret for another ``purpose``, in hex; it tells nothing about the key."""
        pem = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return hmac.new(pem, purpose.encode(), hashlib.sha256).hexdigest()

    def jwks(self) -> dict[str, Any]:
        """The public half as a JSON Web Key Set (RFC 7517 §5)."""
        public = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig", "key_ops": ["verify"]}]}


def kept_key(path: Path) -> PlatformKey:
    """The key in ``path``, made now (readable by the owner only) if there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.touch(mode=0o600)
        path.write_bytes(pem)
    private = serialization.load_pem_private_key(
        path.read_bytes(),
        password=None,
        unsafe_skip_rsa_key_validation=True,  # made above, readable by its owner only
    )
    if not isinstance(private, RSAPrivateKey):
        raise TypeError(f"{path} does not hold an RSA key")
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public)
    return PlatformKey(private, digest.finalize().hex()[:16])
