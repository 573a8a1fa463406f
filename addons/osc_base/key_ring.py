"""The keys of the vault: outside the database, in a file that only the server reads.

The file is named by ``osc_key_ring`` in Odoo's configuration (or ``OSC_KEY_RING`` in the
process environment). It is JSON::

    {"current": "2026-11", "keys": {"2026-11": "<32 bytes, base64>"}}

Every key of the ring opens what was locked with it; new values are locked with the
current one. The master keys themselves lock nothing: for each purpose a key of its own
is derived (HKDF, RFC 5869), so that a token of a search index says nothing about the
key that encrypts.
"""

import base64
import hashlib
import hmac
import json
import logging
import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from odoo.tools import config

_logger = logging.getLogger(__name__)

KEY_BYTES = 32
NONCE_BYTES = 12
TOKEN_BYTES = 16


class VaultLocked(Exception):
    """There is no key for what is asked."""


class VaultTampered(Exception):
    """A ciphertext is not the one that was written at this place."""


class KeyRing:
    """The keys of one file, and what is done with them."""

    def __init__(self, keys: dict[str, bytes], current: str | None):
        self._keys = keys
        self.current = current

    @classmethod
    def load(cls) -> "KeyRing":
        """The ring of this server; empty when no file is named or readable.

        The file is read again when it changes, so a new key needs no restart.
        """
        path = config.get("osc_key_ring") or os.environ.get("OSC_KEY_RING")
        if not path:
            return EMPTY
        try:
            changed = os.stat(path).st_mtime_ns
        except OSError:
            _logger.error("The key ring of the vault can't be read: it stays locked")
            return EMPTY
        return _read(path, changed)

    @staticmethod
    def make(path: Path | str, key_id: str) -> None:
        """Write a new ring with one key, readable by this user only.

        An existing file is never replaced: what was locked with it would be lost.
        """
        key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        _write(Path(path), {"current": key_id, "keys": {key_id: key}}, new=True)

    @staticmethod
    def add(path: Path | str, key_id: str) -> None:
        """Add a key to a ring and make it the current one."""
        path = Path(path)
        ring = json.loads(path.read_text())
        if key_id in ring["keys"]:
            raise ValueError(f"The ring has a key {key_id} already.")
        ring["keys"][key_id] = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        ring["current"] = key_id
        _write(path, ring)

    @property
    def locked(self) -> bool:
        """Whether nothing can be written."""
        return self.current not in self._keys

    def ids(self) -> list[str]:
        """Ids of the keys, the current one first."""
        return sorted(self._keys, key=lambda key_id: (key_id != self.current, key_id))

    def encrypt(self, plain: bytes, place: str) -> str:
        """Lock a value to a place, with AES-256-GCM and the current key.

        :param place: where the value stands (model, record, field); it opens nowhere
            else
        :return: ``<key id>.<nonce and ciphertext, base64>``
        :raise VaultLocked: there is no current key
        """
        if self.locked:
            raise VaultLocked(self.current or "")
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher(self.current).encrypt(nonce, plain, place.encode())
        return f"{self.current}.{base64.b64encode(nonce + sealed).decode()}"

    def encrypt_file(self, plain: bytes, place: str) -> bytes:
        """The same for the content of a file: nonce and ciphertext, without base64.

        Which key it was has to be noted elsewhere, see ``decrypt_file``.

        :raise VaultLocked: there is no current key
        """
        if self.locked:
            raise VaultLocked(self.current or "")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher(self.current).encrypt(nonce, plain, place.encode())

    def decrypt_file(self, key_id: str, stored: bytes, place: str) -> bytes:
        """Open what ``encrypt_file`` locked.

        :raise VaultLocked: the key isn't in the ring
        :raise VaultTampered: it was changed, or written at another place
        """
        if key_id not in self._keys:
            raise VaultLocked(key_id)
        nonce, sealed = stored[:NONCE_BYTES], stored[NONCE_BYTES:]
        try:
            return self._cipher(key_id).decrypt(nonce, sealed, place.encode())
        except (InvalidTag, ValueError) as error:
            raise VaultTampered(place) from error

    def decrypt(self, stored: str, place: str) -> bytes:
        """Open a value at its place.

        :raise VaultLocked: the key with which it was locked isn't in the ring
        :raise VaultTampered: it was changed, or written at another place
        """
        key_id, _dot, body = stored.partition(".")
        if key_id not in self._keys:
            raise VaultLocked(key_id)
        try:
            sealed = base64.b64decode(body, validate=True)
            nonce, sealed = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return self._cipher(key_id).decrypt(nonce, sealed, place.encode())
        except (InvalidTag, ValueError) as error:
            raise VaultTampered(place) from error

    def key_of(self, stored: str) -> str:
        """Id of the key with which a value was locked."""
        return stored.partition(".")[0]

    def token(self, value: str, purpose: str) -> str:
        """What a search index holds instead of a value, under the current key.

        :raise VaultLocked: there is no current key
        """
        if self.locked:
            raise VaultLocked(self.current or "")
        return self._token(self.current, value, purpose)

    def tokens(self, value: str, purpose: str) -> list[str]:
        """The tokens of a value under every key: some rows may wait for the new one."""
        return [self._token(key_id, value, purpose) for key_id in self.ids()]

    def sign(self, content: bytes, purpose: str, key_id: str | None = None) -> str:
        """``<key id>.<HMAC-SHA256>`` of a content."""
        key_id = key_id or self.current
        if key_id not in self._keys:
            raise VaultLocked(key_id or "")
        key = self._derived(key_id, purpose)
        return f"{key_id}.{hmac.new(key, content, hashlib.sha256).hexdigest()}"

    def _token(self, key_id, value, purpose):
        key = self._derived(key_id, f"index {purpose}")
        digest = hmac.new(key, value.encode(), hashlib.sha256).digest()
        return base64.b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")

    def _cipher(self, key_id):
        return AESGCM(self._derived(key_id, "encrypt"))

    def _derived(self, key_id, purpose):
        return _derive(self._keys[key_id], purpose)


@lru_cache(maxsize=256)
def _derive(master: bytes, purpose: str) -> bytes:
    info = f"osc vault: {purpose}".encode()
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master)


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> KeyRing:
    try:
        ring = json.loads(Path(path).read_text())
        keys = {
            str(key_id): base64.b64decode(key, validate=True)
            for key_id, key in ring["keys"].items()
        }
        bad = [key_id for key_id, key in keys.items() if len(key) != KEY_BYTES]
        if bad or any("." in key_id for key_id in keys):
            raise ValueError("a key isn't 32 bytes long, or its id has a dot")
        return KeyRing(keys, str(ring["current"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Never the content of the file in a log.
        _logger.error("The key ring of the vault is damaged: it stays locked")
        return EMPTY


def _write(path: Path, ring: dict, new: bool = False) -> None:
    """Write the file whole or not at all, with mode 0600."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(ring, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        if new:
            os.link(temporary, path)  # fails when there is a ring already
        else:
            os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


EMPTY = KeyRing({}, None)
