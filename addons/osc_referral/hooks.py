from odoo.addons.osc_base.hooks import clear


def post_init_hook(env):
    """People of partners are logged out after the same time as people with a role."""
    settings = env.ref("osc_base.osc_account_settings", raise_if_not_found=False)
    if settings:
        settings._limit_partners()


def uninstall_hook(env):
    """What people entered goes, and what Odoo would leave."""
    clear(env, "osc_referral")
