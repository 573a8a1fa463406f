from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """What representatives wrote that they did goes into the vault.

    And case workers keep seeing who she is: that is a scope of its own now.
    """
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    _encrypt_actions(env)
    _open_identity(env)
    env.flush_all()


def _encrypt_actions(env):
    if not column_exists(env.cr, "osc_intimation", "action_taken"):
        return
    env.cr.execute(
        "SELECT id, action_taken FROM osc_intimation WHERE action_taken IS NOT NULL"
    )
    for intimation_id, text in env.cr.fetchall():
        env["osc.intimation"].browse(intimation_id).action_note = text
    env.flush_all()
    env.cr.execute("ALTER TABLE osc_intimation DROP COLUMN action_taken")


def _open_identity(env):
    if not column_exists(env.cr, "osc_case_member", "identity_access"):
        return
    env.cr.execute(
        "SELECT id FROM osc_case_member WHERE identity_access AND revoked_at IS NULL"
    )
    members = env["osc.case.member"].browse([row[0] for row in env.cr.fetchall()])
    members._open("role", ("identity", "contact", "statement"))
    env.flush_all()
    env.cr.execute("ALTER TABLE osc_case_member DROP COLUMN identity_access")
