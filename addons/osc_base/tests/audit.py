"""The audit trail in tests.

Whatever a test does is noted in the test's own transaction and is gone with it. What
was denied is rolled back together with the refused change (``assertRaises`` does that),
and in an ``HttpCase`` together with the request. To see that, too::

    with audit.recording() as trail:
        with self.assertRaises(AccessError):
            case.with_user(stranger).read()
    self.assertEqual(trail.seen(), [("denied", "osc.case", case.id)])
"""

from contextlib import contextmanager
from unittest.mock import patch

from ..models.osc_audit_entry import OscAuditEntry


class Trail:
    """What was noted, as dicts with the names of the fields of ``osc.audit.entry``."""

    def __init__(self):
        self.entries = []

    def seen(self, *actions):
        """``(action, model, res_id)`` of each entry, or of those with these actions."""
        return [
            (entry["action"], entry["model"], entry["res_id"] or False)
            for entry in self.entries
            if not actions or entry["action"] in actions
        ]


@contextmanager
def recording():
    """Keep what is noted meanwhile, whatever is rolled back afterwards."""
    trail = Trail()
    insert = OscAuditEntry._insert

    def keep(self, cr, rows, soon=False):
        trail.entries += rows
        return insert(self, cr, rows, soon)

    with patch.object(OscAuditEntry, "_insert", keep):
        yield trail
