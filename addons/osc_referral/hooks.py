from odoo.tools import SQL

from odoo.addons.osc_base.hooks import clear


def post_init_hook(env):
    """People of partners are logged out after the same time as people with a role."""
    settings = env.ref("osc_base.osc_account_settings", raise_if_not_found=False)
    if settings:
        settings._limit_partners()


def uninstall_hook(env):
    """What people entered goes, and what Odoo would leave.

    A consent to pass something on to a partner says nothing without the partner. What
    contacts and centers refer to is deleted with the addon.
    """
    for table in ("osc_consent", "osc_disclosure"):
        env.cr.execute(
            SQL("DELETE FROM %s WHERE partner_id IS NOT NULL", SQL.identifier(table))
        )
    env.cr.execute("UPDATE res_partner SET osc_calendar_id = NULL")
    env.cr.execute("UPDATE osc_center SET area_id = NULL")
    renewals = env.ref("osc_referral.mail_activity_type_agreement", False)
    if renewals:
        env["mail.activity"].search([("activity_type_id", "=", renewals.id)]).unlink()
    clear(env, "osc_referral")
