"""Archives of the audit trail: files that can be verified without the database.

A file of lines, each a JSON document:

1. the header: ``format``, ``database``, ``first_seal``, ``last_seal``, ``previous`` (the
   HMAC of the seal before the first) and ``mac``, the HMAC over these in this order;
2. for each seal a line ``{"seal": [number, at, previous, entry ids, hash], "mac": …}``,
   and after it a line ``{"entry": [id, at, user id, login, action, model, record id,
   reference, center id, address, details], "mac": …}`` for each of its entries.

HMACs are those of the trail itself (``audit_proof``): HMAC-SHA256 over the values as
compact JSON, with a key that is derived from the key ring.
"""

import hashlib
import json

from .audit_proof import ENTRY, ENTRY_COLUMNS, SEAL, SEAL_COLUMNS, flaw, hash_of

FORMAT = "osc-audit-archive/1"
HEADER_COLUMNS = ("format", "database", "first_seal", "last_seal", "previous")
HEADER = "audit archive header"


class ArchiveAltered(Exception):
    """The file is not as it was written; the text says where."""


def line(kind: str, row: dict, columns) -> str:
    values = [row[name] for name in columns]
    values = [v.isoformat() if hasattr(v, "isoformat") else v for v in values]
    return json.dumps({kind: values, "mac": row["mac"]}, separators=(",", ":")) + "\n"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def verify(content: bytes, ring) -> dict:
    """Check a whole file.

    :return: its header, with the number of ``entries``
    :raise ArchiveAltered: at the first line that is wrong
    """
    try:
        lines = [json.loads(text) for text in content.decode().splitlines()]
        header, body = lines[0]["header"], lines[1:]
        header = dict(zip(HEADER_COLUMNS, header, strict=True), mac=lines[0]["mac"])
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ArchiveAltered("This is not an archive of the audit trail.") from error
    if header["format"] != FORMAT:
        raise ArchiveAltered(f"The format {header['format']} is not known.")
    _check(ring, header, HEADER_COLUMNS, HEADER, "The header")
    number, previous = header["first_seal"] - 1, header["previous"]
    entries = position = 0
    while position < len(body):
        seal, macs, position = _read_seal(body, position, ring)
        if seal["number"] != number + 1 or seal["previous"] != previous:
            raise ArchiveAltered(f"Seal {number + 1} is missing.")
        number, previous = seal["number"], seal["mac"]
        entries += len(macs)
    if number != header["last_seal"]:
        raise ArchiveAltered(f"The file ends at seal {number}.")
    return {**header, "entries": entries}


def _read_seal(body, position, ring):
    """A seal, the HMACs of its entries, and where the next one begins."""
    seal = _row(body[position], "seal", SEAL_COLUMNS)
    _check(ring, seal, SEAL_COLUMNS, SEAL, f"Seal {seal['number']}")
    macs = dict.fromkeys(seal["entry_ids"], "")
    position += 1
    while position < len(body) and "entry" in body[position]:
        entry = _row(body[position], "entry", ENTRY_COLUMNS)
        _check(ring, entry, ENTRY_COLUMNS, ENTRY, f"Entry {entry['id']}")
        if entry["id"] not in macs:
            raise ArchiveAltered(f"Entry {entry['id']} is not under its seal.")
        macs[entry["id"]] = entry["mac"]
        position += 1
    if hash_of(macs) != seal["hash"]:
        raise ArchiveAltered(f"Entries of seal {seal['number']} are not as sealed.")
    return seal, macs, position


def _row(document, kind, columns):
    try:
        values = dict(zip(columns, document[kind], strict=True))
        return {**values, "mac": document["mac"]}
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveAltered(f"A line is not a {kind}.") from error


def _check(ring, row, columns, purpose, what):
    problem = flaw(ring, row, columns, purpose)
    if problem == "unknown_key":
        raise ArchiveAltered(f"{what}: its key is not in the key ring.")
    if problem == "altered" or (problem and purpose != ENTRY):
        raise ArchiveAltered(f"{what} was altered.")
