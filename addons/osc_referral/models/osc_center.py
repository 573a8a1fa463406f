from odoo import fields, models


class OscCenter(models.Model):
    """Adds where the center is, to find partners nearby."""

    _inherit = "osc.center"

    area_id = fields.Many2one(
        comodel_name="osc.area",
        string="District or city",
        ondelete="restrict",
        help="Partners that serve it are proposed first.",
    )
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(
        digits=(10, 7),
        help="With those of a partner, the distance is shown; nothing is looked up.",
    )
