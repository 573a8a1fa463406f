"""What the audit trail costs when a record is opened, over real HTTP.

Two servers share a database. One is as it is; the other was started with a module of
the benchmark's own (``WITHOUT``) that takes the hooks of the trail out of the classes
before Odoo builds its models from them. Nothing in the suite can switch the trail off.
"""

import gc
import statistics
import time
from math import ceil

WARM_UP = 30

WITHOUT = """
from odoo.addons.osc_base.models.ir_http import IrHttp
from odoo.addons.osc_base.models.osc_audit_mixin import OscAuditMixin

for name in (
    "_check_access",
    "_check_field_access",
    "copy_data",
    "create",
    "export_data",
    "fetch",
    "onchange",
    "read",
    "search_read",
    "unlink",
    "web_read",
    "web_save",
    "web_search_read",
    "write",
):
    delattr(OscAuditMixin, name)
for name in ("_dispatch", "_handle_error"):
    delattr(IrHttp, name)
"""


def measure(
    sessions: dict, model: str, record: int, specification: dict, times: int
) -> dict:
    """Milliseconds of opening a record, by name of the session; they take turns."""
    measured = {name: [] for name in sessions}
    gc.collect()
    for number in range(WARM_UP + times):
        names = list(sessions) if number % 2 else list(reversed(sessions))
        for name in names:
            begin = time.perf_counter()
            sessions[name].call(model, "web_read", [record], specification)
            if number >= WARM_UP:
                measured[name].append((time.perf_counter() - begin) * 1000)
    return {name: _figures(row) for name, row in measured.items()}


def _figures(milliseconds) -> dict:
    ordered = sorted(milliseconds)
    return {
        "median": statistics.median(ordered),
        "p95": ordered[ceil(len(ordered) * 0.95) - 1],
    }
