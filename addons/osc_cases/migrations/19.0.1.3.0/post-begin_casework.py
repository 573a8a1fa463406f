from odoo import SUPERUSER_ID, api, fields


def migrate(cr, version):
    """Open cases get their time limits, services and follow-ups.

    Of limits that had passed before, nobody is told now: it would be a flood, and the
    time to act is over. They show as missed.
    """
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    cases = env["osc.case"].search([("state", "in", ("reported", "active"))])
    cases._run_clocks()
    cases._request_services()
    cases._plan_followups()
    passed = env["osc.clock"].search([("state", "=", "missed")])
    passed.missed_told_at = fields.Datetime.now()
