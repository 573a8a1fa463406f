"""What proves that the audit trail is as it was written; without a database or Odoo's ORM.

Each entry carries an HMAC over its whole content with its id. Seals carry the ids of
the entries that they cover, a hash over the HMACs of these, and the HMAC of the seal
before them. The keys come from the key ring, so that who owns the database, or a dump
of it, can't make any of them.
"""

import hashlib
import hmac
import json
import threading
import time

from .key_ring import KeyRing, VaultLocked

ENTRY_COLUMNS = (
    "id",
    "at",
    "user_id",
    "login",
    "action",
    "model",
    "res_id",
    "reference",
    "center_id",
    "ip",
    "details",
)
SEAL_COLUMNS = ("number", "at", "previous", "entry_ids", "hash")
MARK_COLUMNS = ("id", "at", "user_id", "first_seal", "last_seal", "entries", "hash")
UNSIGNED = "unsigned"  # instead of the id of a key
ENTRY, SEAL, MARK = "audit entry", "audit seal", "audit archive"

EPOCH = 1_735_689_600  # 2025-01-01: ids fit into the 53 bits of a JavaScript number
PROCESS_BITS, COUNTER_BITS = 9, 3
_lock = threading.Lock()
_last = 0


def next_id(process: int) -> int:
    """An id that grows with time: milliseconds, the process, then a count.

    It is known before the row is written, because the row's HMAC covers it. Who has
    more to write in a millisecond than the count can tell takes of the next ones.

    :param process: number of this process, which no other that lives has
    """
    global _last
    now = int((time.time() - EPOCH) * 1000) << COUNTER_BITS
    with _lock:
        _last = max(_last + 1, now)
        milliseconds, count = divmod(_last, 1 << COUNTER_BITS)
    return (milliseconds << PROCESS_BITS | process) << COUNTER_BITS | count


def time_of(entry_id: int) -> float:
    """When an id was made, in seconds since 1970."""
    return (entry_id >> PROCESS_BITS + COUNTER_BITS) / 1000 + EPOCH


def canonical(row: dict, columns) -> bytes:
    """The one way to write a row down before it is signed."""
    values = [row[name] for name in columns]
    values = [v.isoformat() if hasattr(v, "isoformat") else v for v in values]
    return json.dumps(values, separators=(",", ":")).encode()


def sign_entry(ring: KeyRing, row: dict) -> str:
    """HMAC of an entry; without a key a plain hash that says so."""
    content = canonical(row, ENTRY_COLUMNS)
    if ring.locked:
        return f"{UNSIGNED}.{hashlib.sha256(content).hexdigest()}"
    return ring.sign(content, ENTRY)


def flaw(ring: KeyRing, row: dict, columns, purpose: str) -> str | None:
    """What is wrong with a signed row: ``altered``, ``unsigned``, ``unknown_key``."""
    content = canonical(row, columns)
    mac = row["mac"] or ""
    key_id, _dot, digest = mac.partition(".")
    if not key_id or not digest:
        return "altered"
    if key_id == UNSIGNED:
        same = digest == hashlib.sha256(content).hexdigest()
        return "unsigned" if same else "altered"
    try:
        right = ring.sign(content, purpose, key_id)
    except VaultLocked:
        return "unknown_key"
    return None if hmac.compare_digest(mac.encode(), right.encode()) else "altered"


def hash_of(macs: dict[int, str]) -> str:
    """Hash over the HMACs of entries; an empty one stands for a missing row."""
    lines = (f"{entry_id}:{macs[entry_id]}\n" for entry_id in sorted(macs))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
