from odoo import models


class OscCaseService(models.Model):
    """A service that the center can't give is referred to a partner."""

    _inherit = "osc.case.service"

    def action_find_partner(self):
        """Look for the most suitable partner; choosing one makes a draft referral."""
        self.ensure_one()
        self.check_access("read")
        search = self.env["osc.referral.search"].create(
            {"case_id": self.case_id.id, "service_id": self.service_id.id}
        )
        return search._dialog()
