from odoo import fields, models


class OscReferralSearchLine(models.TransientModel):
    """One partner that was found."""

    _name = "osc.referral.search.line"
    _description = "Partner that was found"
    _order = "id"

    search_id = fields.Many2one(
        comodel_name="osc.referral.search", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", readonly=True, ondelete="cascade"
    )
    city = fields.Char(related="partner_id.city")
    phone = fields.Char(related="partner_id.phone")
    emergency_phone = fields.Char(related="partner_id.osc_emergency_phone")
    distance = fields.Float(string="Distance (km)", digits=(6, 1), readonly=True)
    is_near = fields.Boolean(string="Serves the district", readonly=True)
    opening = fields.Selection(
        selection=[("open", "Open"), ("closed", "Closed"), ("unknown", "–")],
        string="Now",
        readonly=True,
    )
    free = fields.Char(string="Free places", readonly=True)
    agreement = fields.Selection(
        selection=[("valid", "Valid"), ("none", "None"), ("ended", "Ended")],
        readonly=True,
    )
    answer_minutes = fields.Integer(
        string="Answers in (minutes)", readonly=True, help="On average, so far."
    )
    acceptance = fields.Float(
        string="Accepts (%)", digits=(3, 0), readonly=True, help="So far."
    )

    def action_refer(self):
        """Refer her to this partner: opens the draft."""
        self.ensure_one()
        self.check_access("read")
        return self.search_id._refer_to(self.partner_id)
