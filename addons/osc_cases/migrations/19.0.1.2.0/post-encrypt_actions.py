from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """What representatives wrote that they did, or why not, goes into the vault.

    And case workers keep seeing who she is: that is a scope of its own now.
    """
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    for column, field in (
        ("action_taken", "action_note"),
        ("close_reason", "close_note"),
    ):
        _encrypt_texts(env, column, field)
    _open_identity(env)
    env.flush_all()


def _encrypt_texts(env, column, field):
    if not column_exists(env.cr, "osc_intimation", column):
        return
    name = SQL.identifier(column)
    rows = env.execute_query(
        SQL("SELECT id, %s FROM osc_intimation WHERE %s IS NOT NULL", name, name)
    )
    for intimation_id, text in rows:
        env["osc.intimation"].browse(intimation_id)[field] = text
    env.flush_all()
    env.cr.execute(SQL("ALTER TABLE osc_intimation DROP COLUMN %s", name))


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
