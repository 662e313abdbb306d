"""Encryption at rest of identity numbers and phones, and the keyed hash that finds them again (domain 11)."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_WITHOUT_ID, _WITH_ID = b"\x01", b"\x02"
_ID_BYTES = 4
_NONCE_BYTES = 12


class Vault:
    """AES-256-GCM under the deployment's keys. The keys stay in memory: never in the database, never in the log.

    What is sealed names its key by the beginning of the key's hash, so that keys can be exchanged while it is in use.
    """

    def __init__(self) -> None:
        self._ciphers: dict[bytes, AESGCM] = {}
        self._current = b""
        self._match_key = b""
        self._anew: Callable[[], Sequence[bytes]] | None = None

    def unlock(
        self, data_keys: Sequence[bytes], match_key: bytes, *, anew: Callable[[], Sequence[bytes]] | None = None
    ) -> None:
        """Take the keys of this deployment (32 bytes each): the first data key seals, the others open.

        ``anew``: gives the data keys as they are by then, for when something is met that none of these opens.
        """
        self._take(data_keys)
        self._match_key, self._anew = match_key, anew

    def seal(self, text: str, purpose: str) -> bytes:
        """Encrypt ``text``; it opens again only for the same ``purpose``."""
        if not self._current:
            message = "the vault has no keys"
            raise RuntimeError(message)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = self._ciphers[self._current].encrypt(nonce, text.encode(), purpose.encode())
        return _WITH_ID + self._current + nonce + ciphertext

    def open(self, sealed: bytes, purpose: str) -> str:
        """Decrypt; raises ``cryptography.exceptions.InvalidTag`` for a wrong key, purpose or altered bytes."""
        if sealed[:1] == _WITHOUT_ID:
            return self._opened(sealed[1:], purpose, [*self._ciphers.values()])
        key = sealed[1 : 1 + _ID_BYTES]
        if key not in self._ciphers and self._anew:
            self._take(self._anew())
        return self._opened(sealed[1 + _ID_BYTES :], purpose, [self._ciphers[key]] if key in self._ciphers else [])

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed with the key that seals now."""
        return sealed.startswith(_WITH_ID + self._current)

    def match(self, text: str, purpose: str) -> bytes:
        """Keyed hash (HMAC-SHA-256) of a normal form, equal for equal numbers of one purpose."""
        return hmac.new(self._match_key, f"{purpose}:{text}".encode(), hashlib.sha256).digest()

    def _take(self, data_keys: Sequence[bytes]) -> None:
        named = {hashlib.sha256(key).digest()[:_ID_BYTES]: AESGCM(key) for key in data_keys}
        self._current = next(iter(named))
        self._ciphers |= named

    @staticmethod
    def _opened(sealed: bytes, purpose: str, ciphers: Sequence[AESGCM]) -> str:
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for cipher in ciphers:
            try:
                return cipher.decrypt(nonce, ciphertext, purpose.encode()).decode()
            except InvalidTag:
                continue
        raise InvalidTag


vault = Vault()
