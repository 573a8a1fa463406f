from odoo import models


class OscAccountSettings(models.Model):
    """The time limits of people with a role hold for people of partners, too."""

    _inherit = "osc.account.settings"

    def _inverse_lock_after_minutes(self):
        super()._inverse_lock_after_minutes()
        self._limit_partners()

    def _inverse_session_hours(self):
        super()._inverse_session_hours()
        self._limit_partners()

    def _apply_two_factor(self):
        super()._apply_two_factor()
        self._limit_partners()

    def _limit_partners(self):
        """Give the group of people of partners the limits of those with a role."""
        role = self._role_group()
        partners = self.env.ref("osc_referral.group_partner", raise_if_not_found=False)
        if partners:
            # As for the group of those with a role: whoever may write the settings.
            partners.sudo().write(
                {
                    name: role[name]
                    for name in (
                        "lock_timeout",
                        "lock_timeout_inactivity",
                        "lock_timeout_mfa",
                    )
                }
            )
