from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.osc_base.fields import EncryptedText


class OscShelterIncident(models.Model):
    """Something that happened in the house: a threat from outside, an illness."""

    _name = "osc.shelter.incident"
    _description = "Incident in the shelter"
    _inherit = "osc.shelter.part"
    _order = "happened_at desc, id desc"

    happened_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    kind = fields.Selection(
        selection=[
            ("threat", "Threat from outside"),
            ("conflict", "Conflict in the house"),
            ("illness", "Illness"),
            ("injury", "Injury or accident"),
            ("self_harm", "She may harm herself"),
            ("missing", "Somebody is missing"),
            ("damage", "Damage or theft"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    description = EncryptedText(string="What happened")
    action_taken = EncryptedText(string="What was done")

    @api.constrains("happened_at")
    def _check_happened_at(self):
        if any(i.happened_at > fields.Datetime.now() for i in self):
            raise ValidationError(
                self.env._("Write about an incident after it happened.")
            )
