from odoo import fields, models


class OscIncidentType(models.Model):
    """Type of an incident by the act alone.

    The six types of the GBV Information Management System, in the order in which
    they are to be considered, and one for what is not gender-based violence. Domestic
    violence, child abuse or trafficking are contexts, not types.
    """

    _name = "osc.incident.type"
    _description = "Type of incident"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a type of incident with this code."
    )
