from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Who is merged into a partner would see its referrals: it is asked who may."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # Whoever keeps contacts may see neither the directory nor who logs in.
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        partners |= partners.commercial_partner_id
        users = partners._osc_portal_users()
        if users or any(partners.mapped("is_osc_partner")):
            partners.with_env(self.env)._check_may_give_portal_access()
        before = {user: user.partner_id.commercial_partner_id.id for user in users}
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        self.env.invalidate_all()
        for user, organisation in before.items():
            if user.partner_id.commercial_partner_id.id != organisation:
                user._end_access_to_referrals()
        return result
