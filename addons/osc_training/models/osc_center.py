from odoo import api, fields, models


class OscCenter(models.Model):
    """Adds who is on duty and can't take cases, so that the manager can act."""

    _inherit = "osc.center"

    unable_on_duty_ids = fields.Many2many(
        comodel_name="osc.representative",
        string="On duty, can't take cases",
        compute="_compute_unable_on_duty_ids",
    )

    @api.depends("on_duty_ids")
    def _compute_unable_on_duty_ids(self):
        for center in self:
            center.unable_on_duty_ids = center.on_duty_ids.filtered(
                lambda person: not person.assignable
            )
