from odoo.addons.osc_base.hooks import clear


def uninstall_hook(env):
    """What people entered goes, and what Odoo would leave."""
    tasks = env["mail.activity"].with_context(active_test=False)
    tasks.search([("osc_sop_version_id", "!=", False)]).unlink()
    clear(env, "osc_training")
