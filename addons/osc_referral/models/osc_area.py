from odoo import fields, models


class OscArea(models.Model):
    """A district or a city: where a partner serves, and where a center stands."""

    _name = "osc.area"
    _description = "District or city"
    _order = "name, id"

    name = fields.Char(required=True)
    country_id = fields.Many2one(comodel_name="res.country", required=True)
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        domain="[('country_id', '=', country_id)]",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex(
        "(country_id, COALESCE(state_id, 0), lower(name))",
        "This district or city is in the list already.",
    )
