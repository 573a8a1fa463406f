from odoo import api, fields, models


class OscCaseClosingRequest(models.TransientModel):
    """Shows the referrals that nobody ended, too."""

    _inherit = "osc.case.closing.request"

    open_referral_ids = fields.Many2many(
        comodel_name="osc.referral", compute="_compute_open"
    )

    @api.depends("case_id")
    def _compute_open(self):
        for request in self:
            request.open_referral_ids = request.case_id._open_referrals()
        return super()._compute_open()
