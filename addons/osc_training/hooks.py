from odoo.addons.osc_base.hooks import clear


def uninstall_hook(env):
    """What people entered goes, and what Odoo would leave."""
    clear(env, "osc_training")
