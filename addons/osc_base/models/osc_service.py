from odoo import fields, models


class OscService(models.Model):
    """An entry of the service catalog: something that is done for a survivor.

    Services are always free of cost to her, so there is no price.
    """

    _name = "osc.service"
    _description = "Service"
    _order = "discipline_sequence, is_emergency desc, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline", required=True, index=True, ondelete="restrict"
    )
    discipline_sequence = fields.Integer(
        related="discipline_id.sequence", store=True, export_string_translation=False
    )
    is_emergency = fields.Boolean(
        string="Emergency",
        help="Given at once, before any paperwork: it must never wait for a report "
        "to the police, a consent form or a referral letter.",
    )
    target_minutes = fields.Integer(
        string="Target (minutes)",
        aggregator=None,
        help="Minutes from the request to the beginning of the service that the "
        "center aims at. 0: no target.",
    )
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a service with this code."
    )
    _target_not_negative = models.Constraint(
        "CHECK(target_minutes >= 0)", "The target can't be less than 0 minutes."
    )
