from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

FIELDS = ("full_name", "national_id", "phone", "address")


def migrate(cr, version):
    """What was noted about survivors in plain text goes into the vault."""
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    Survivor = env["osc.survivor"]
    columns = SQL(", ").join(map(SQL.identifier, ["id", *FIELDS]))
    for survivor_id, *values in env.execute_query(
        SQL("SELECT %s FROM osc_survivor", columns)
    ):
        plain = {
            name: value for name, value in zip(FIELDS, values, strict=True) if value
        }
        if not plain:
            continue
        survivor = Survivor.browse(survivor_id)
        nothing = SQL(", ").join(SQL("%s = NULL", SQL.identifier(n)) for n in plain)
        env.cr.execute(
            SQL("UPDATE osc_survivor SET %s WHERE id = %s", nothing, survivor_id)
        )
        survivor.invalidate_recordset()
        survivor.write(plain)
    env.flush_all()
