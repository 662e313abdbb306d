"""Encryption at rest of identity numbers and phones, and the keyed hash that finds them again (domain 11)."""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE_BYTES = 12


class Vault:
    """AES-256-GCM under the deployment's keys. The keys stay in memory: never in the database, never in the log."""

    def __init__(self) -> None:
        self._cipher: AESGCM | None = None
        self._match_key = b""

    def unlock(self, data_key: bytes, match_key: bytes) -> None:
        """Take the keys of this deployment (32 bytes each)."""
        self._cipher = AESGCM(data_key)
        self._match_key = match_key

    def seal(self, text: str, purpose: str) -> bytes:
        """Encrypt ``text``; it opens again only for the same ``purpose``."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + self._aead.encrypt(nonce, text.encode(), purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> str:
        """Decrypt; raises ``cryptography.exceptions.InvalidTag`` for a wrong key, purpose or altered bytes."""
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        return self._aead.decrypt(nonce, ciphertext, purpose.encode()).decode()

    def match(self, text: str, purpose: str) -> bytes:
        """Keyed hash (HMAC-SHA-256) of a normal form, equal for equal numbers of one purpose."""
        return hmac.new(self._match_key, f"{purpose}:{text}".encode(), hashlib.sha256).digest()

    @property
    def _aead(self) -> AESGCM:
        if self._cipher is None:
            message = "the vault has no keys"
            raise RuntimeError(message)
        return self._cipher


vault = Vault()
