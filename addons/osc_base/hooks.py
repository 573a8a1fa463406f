import psycopg2

from odoo.tools import SQL

from .models.osc_audit_tables import DROP


def pre_init_hook(env):
    """Shifts of one person must not overlap: the constraint needs btree_gist.

    It is a trusted extension, so the owner of the database can create it.
    """
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def uninstall_hook(env):
    """What people entered goes, and what Odoo would leave."""
    clear(env, "osc_base")
    anchor = env["osc.audit.entry"]._anchor_path()
    if anchor:
        env.cr.postcommit.add(lambda: anchor.unlink(missing_ok=True))
    env.cr.execute(DROP)


def clear(env, module):
    """Empty the tables of an addon that is being uninstalled, and forget its models.

    Odoo deletes the records of data files first and logs an error for each that
    something else still refers to. It leaves people's filters and export templates,
    names that other addons gave to parts of the models, messages to open screens, and
    the record of what its fields on the models of other addons refer to.

    :param str module: name of the addon
    """
    env.flush_all()
    models = env["ir.model.data"].search(
        [("module", "=", module), ("model", "=", "ir.model")]
    )
    names = env["ir.model"].browse(models.mapped("res_id")).mapped("model")
    own = [env[name] for name in names if name in env]
    own = [model for model in own if model._original_module == module]
    _delete_all([model for model in own if model._auto])
    names = [model._name for model in own]
    env["ir.filters"].with_context(active_test=False).search(
        [("model_id", "in", names)]
    ).unlink()
    env["ir.exports"].search([("resource", "in", names)]).unlink()
    env["ir.model.constraint"].search(
        [
            ("module.name", "=", module),
            ("type", "=", "f"),
            ("model.model", "not in", names),
        ]
    ).unlink()
    # What was sent to open screens is kept for a day.
    patterns = [f'%"{word}%' for word in (f"{module}.", *(f'{n}"' for n in names))]
    env.cr.execute("DELETE FROM bus_bus WHERE message LIKE ANY(%s)", [patterns])
    for model in own:
        part = model._table.replace("_", r"\_")
        env["ir.model.data"].search(
            [
                ("module", "!=", module),
                ("model", "in", ("ir.model.fields.selection", "ir.model.inherit")),
                ("name", "=like", rf"%\_\_{part}\_\_%"),
            ]
        ).unlink()


def _delete_all(models):
    """Delete all rows of models, in an order in which the database lets them go.

    What can't be deleted is left to Odoo, which drops the tables in the end.
    """
    tables = [model._table for model in models]
    env = models[0].env
    while tables:
        referred_to = []
        for table in tables:
            try:
                with env.cr.savepoint(flush=False):
                    env.cr.execute(
                        SQL("DELETE FROM %s", SQL.identifier(table)),
                        log_exceptions=False,
                    )
            except psycopg2.Error:
                referred_to.append(table)
        if len(referred_to) == len(tables):
            break
        tables = referred_to
    env.invalidate_all(flush=False)
