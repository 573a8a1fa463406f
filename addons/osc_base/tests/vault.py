"""A key ring for tests: values are locked and opened without a file."""

from unittest.mock import patch

from odoo.addons.osc_base.key_ring import EMPTY, KeyRing

RING = KeyRing({"test": b"0" * 32}, "test")
NEXT_RING = KeyRing({"test": b"0" * 32, "next": b"1" * 32}, "next")
NO_RING = EMPTY


def using(ring):
    """Patch of the server's ring; use it as a context manager or start it."""
    return patch.object(KeyRing, "load", return_value=ring)
