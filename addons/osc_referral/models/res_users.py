from odoo import models


class ResUsers(models.Model):
    """People of partners who see referrals need a second factor, as people with a role."""

    _inherit = "res.users"

    def _osc_needs_second_factor(self):
        # Asked at the login, of oneself.
        if self.sudo().has_group("osc_referral.group_partner"):
            return self.env["osc.account.settings"]._two_factor_required()
        return super()._osc_needs_second_factor()
