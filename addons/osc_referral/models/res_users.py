from odoo import models
from odoo.fields import Command

PORTAL_GROUP = "osc_referral.group_partner"


class ResUsers(models.Model):
    """People of partners who see referrals need a second factor, as people with a role.

    They answer for one organisation: whoever goes to another one answers for none until
    somebody gives them access anew.
    """

    _inherit = "res.users"

    def _osc_needs_second_factor(self):
        # Asked at the login, of oneself.
        if self.sudo().has_group(PORTAL_GROUP):
            return self.env["osc.account.settings"]._two_factor_required()
        return super()._osc_needs_second_factor()

    def _end_access_to_referrals(self):
        """At once: sessions end, and no rule is remembered. As superuser."""
        self.group_ids = [Command.unlink(self.env.ref(PORTAL_GROUP).id)]
        self.env["res.device"].search([("user_id", "in", self.ids)])._revoke()

    def _roles(self):
        """Who may answer for a partner reads what was passed on: that is noted, too."""
        group = self.env.ref(PORTAL_GROUP, raise_if_not_found=False)
        # Groups of others aren't readable for everybody who changes a user.
        return super()._roles() | self.sudo().all_group_ids.filtered(
            lambda given: given == group
        )
