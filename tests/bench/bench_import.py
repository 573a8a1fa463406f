"""How long a list of so many cases of a center takes to import.

Runs inside ``odoo shell``: ``run(env, number)``, with the rights of the center's manager.
"""

import base64
import csv
import io
import time


def run(env, number: int) -> dict:
    """Figures that JSON can carry."""
    manager = env["res.users"].search([("login", "=", "lhr.manager")])
    center = env.ref("osc_base.center_lhr")
    before = env["osc.case"].search_count([("center_id", "=", center.id)])
    wizard = (
        env(context={"lang": "en_US"})["osc.case.import"]
        .with_user(manager)
        .create({"file": base64.b64encode(_list(number)), "file_name": "cases.csv"})
    )
    env.flush_all()
    env.invalidate_all()
    queries = env.cr.sql_log_count
    begin = time.perf_counter()
    wizard.action_import()
    env.flush_all()
    return {
        "seconds": time.perf_counter() - begin,
        "queries": env.cr.sql_log_count - queries,
        "errors": wizard.errors,
        "imported": env["osc.case"].search_count([("center_id", "=", center.id)])
        - before,
    }


def _list(number):
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(
        "center channel reported_on full_name phone age_years incident_type "
        "consent_statistics".split()
    )
    for row in range(number):
        writer.writerow(
            [
                "LHR",
                "walk_in",
                "2025-05-05",
                f"Woman {row} of the List",
                f"0300{row:07}",
                18 + row % 50,
                "physical_assault",
                "yes",
            ]
        )
    return target.getvalue().encode()
