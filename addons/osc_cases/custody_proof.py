"""What proves that a custody log is as it was written; without Odoo's ORM.

Each event carries an HMAC over its content and over the HMAC of the event before it in
the log of the same exhibit, so that none can be altered, left out or put in. Texts that
are encrypted in the row, and the hash of a file that goes with it, are covered by a
digest of their plain text: a new key of the vault may lock them anew.
"""

import hmac
import json

from odoo.addons.osc_base.audit_proof import canonical, flaw

COLUMNS = (
    "id",
    "evidence_id",
    "case_id",
    "seq",
    "kind",
    "at",
    "recorded_at",
    "user_id",
    "from_user_id",
    "from_agency_id",
    "to_user_id",
    "to_agency_id",
    "place_id",
    "storage_class",
    "purpose",
    "outside",
    "answers",
    "seal_in",
    "seal_out",
    "condition",
    "file_id",
    "state",
    "digest",
    "previous",
)
EVENT, TEXTS = "custody event", "custody texts"


def sign(ring, row: dict) -> str:
    """HMAC of an event."""
    return ring.sign(canonical(row, COLUMNS), EVENT)


def digest_of(ring, texts: list, key_id: str | None = None) -> str:
    """HMAC of what is encrypted in a row or kept beside it."""
    return ring.sign(json.dumps(texts).encode(), TEXTS, key_id)


def event_flaw(ring, row: dict, texts: list) -> str | None:
    """What is wrong with an event: ``altered``, ``unknown_key``, or nothing.

    Nothing is written without a key, so an unsigned row is an altered one.
    """
    problem = flaw(ring, row, COLUMNS, EVENT)
    if problem:
        return "altered" if problem == "unsigned" else problem
    key_id = row["digest"].partition(".")[0]
    right = digest_of(ring, texts, key_id)
    return None if hmac.compare_digest(row["digest"], right) else "altered"
