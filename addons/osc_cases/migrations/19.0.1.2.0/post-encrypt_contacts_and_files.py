from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, split_every

FIELDS = ("safe_contact_details", "safe_contact_hours", "safe_contact_notes")


def migrate(cr, version):
    """Safe contacts and the files of cases go into the vault; tokens are made anew."""
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    _encrypt_safe_contacts(env)
    _make_tokens(env)
    _encrypt_files(env)


def _encrypt_safe_contacts(env):
    columns = SQL(", ").join(map(SQL.identifier, ["id", *FIELDS]))
    for survivor_id, *values in env.execute_query(
        SQL("SELECT %s FROM osc_survivor", columns)
    ):
        plain = {
            name: value for name, value in zip(FIELDS, values, strict=True) if value
        }
        if not plain:
            continue
        nothing = SQL(", ").join(SQL("%s = NULL", SQL.identifier(n)) for n in plain)
        env.cr.execute(
            SQL("UPDATE osc_survivor SET %s WHERE id = %s", nothing, survivor_id)
        )
        survivor = env["osc.survivor"].browse(survivor_id)
        survivor.invalidate_recordset()
        survivor.write(plain)
    env.flush_all()


def _make_tokens(env):
    """What counts as equal has changed, and names have sounds now."""
    Survivor = env["osc.survivor"]
    rows = env.execute_query(SQL("SELECT id FROM osc_survivor ORDER BY id"))
    for ids in split_every(1000, [row[0] for row in rows]):
        survivors = Survivor.browse(ids)
        for index in Survivor._vault_indexes():
            env.add_to_compute(index, survivors)
        env.flush_all()
        env.invalidate_all()


def _encrypt_files(env):
    files = env["ir.attachment"]
    for ids in split_every(20, files.search(files._plain_domain()).ids):
        for file in files.browse(ids):
            file._reencrypt()
        env.flush_all()
        env.invalidate_all()
    # What lay there in plain text is removed once this is committed.
    env.ref("base.autovacuum_job")._trigger()
