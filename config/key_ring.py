"""The keys of the vault for this machine: made once, readable by their user only."""

import base64
import json
import os
import secrets

from . import paths
from .console import say

FILE = paths.STATE / "keys" / "osc.json"
FIRST = "1"
KEY_BYTES = 32


def ensure() -> None:
    """Make a ring with one key unless there is one.

    A ring is never replaced: what is in the databases opens with no other key.
    """
    if FILE.exists():
        return
    FILE.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    scratch = FILE.with_suffix(".new")
    scratch.unlink(missing_ok=True)
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"current": FIRST, "keys": {FIRST: key}}, file)
        file.flush()
        os.fsync(file.fileno())
    scratch.rename(FILE)
    say(f"Made a key for the vault: {FILE}. Without it no name can be read again.")


def variables() -> dict[str, str]:
    """Where Odoo finds the ring, unless the environment names another."""
    return {"OSC_KEY_RING": os.environ.get("OSC_KEY_RING", str(FILE))}
