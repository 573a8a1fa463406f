from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._skip_odoobot_greeting()
        return users

    def write(self, vals):
        result = super().write(vals)
        if "group_ids" in vals:
            self._skip_odoobot_greeting()
        return result

    def _skip_odoobot_greeting(self):
        """The greeting of OdooBot would cover the intimations on a phone.

        It opens at the first login, which for a representative may well be the first
        emergency. Only where the addon that greets is installed.
        """
        if "odoobot_state" not in self._fields:
            return
        # Whoever creates a user may not write the state of the greeting.
        newcomers = self.sudo().filtered(
            lambda user: (
                user.odoobot_state in (False, "not_initialized")
                and user.has_group("osc_base.group_any_role")
            )
        )
        newcomers.odoobot_state = "disabled"
